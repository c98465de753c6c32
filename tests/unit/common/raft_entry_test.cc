// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/raft_entry.h"

#include <cstring>
#include <string>
#include <tuple>

#include "common/replica/raft_c.h"
#include "common/store/journal.h"
#include "tests/support/test.h"

namespace {

// A ring of four places that begins with the third: entries 11, 12 and 13, behind a snapshot up to 10.
struct Ring {
    Ring() {
        log.entries = entries;
        log.size = 4;
        log.front = 2;
        log.back = 1;
        log.offset = 10;
        log.snapshot = {10, 3};
        for (const auto& [slot, term, octets] : {std::tuple{2U, 3U, 8U}, {3U, 4U, 16U}, {0U, 5U, 24U}}) {
            entries[slot].term = term;
            entries[slot].buf.len = octets;
        }
    }
    raft_entry entries[4]{};
    raft_log log{};
};

void a_log_is_a_ring_behind_a_snapshot() {
    const Ring ring;
    CHECK_EQ(replica::last_index(ring.log), uint64_t{13});
    CHECK_EQ(replica::term_at(ring.log, 11), uint64_t{3});
    CHECK_EQ(replica::term_at(ring.log, 12), uint64_t{4});
    CHECK_EQ(replica::term_at(ring.log, 13), uint64_t{5});
    CHECK_EQ(replica::term_at(ring.log, 10), uint64_t{3});
    for (const uint64_t index : {0, 9, 14}) CHECK_EQ(replica::term_at(ring.log, index), uint64_t{0});
    CHECK_EQ(replica::size_after(ring.log, 11).entries, uint64_t{2});
    CHECK_EQ(replica::size_after(ring.log, 0).octets, uint64_t{48});
    CHECK_EQ(replica::entries_within(ring.log, 13, 39), uint64_t{1});
    CHECK_EQ(replica::entries_within(ring.log, 13, 40), uint64_t{2});
    CHECK_EQ(replica::entries_within(ring.log, 12, 1000), uint64_t{2});
}

void an_empty_log_ends_where_its_snapshot_does() {
    raft_log log{};
    CHECK_EQ(replica::last_index(log), uint64_t{0});
    CHECK_EQ(replica::term_at(log, 0), uint64_t{0});
    log.offset = 7;
    log.snapshot = {9, 2};
    CHECK_EQ(replica::last_index(log), uint64_t{9});
    CHECK_EQ(replica::term_at(log, 9), uint64_t{2});
}

void entries_and_manifests_are_read_as_they_were_written() {
    for (const size_t size : {0, 1, 3, 4, 5, 12, 1000}) {
        const std::string text(size, 'x');
        const raft_buffer buffer = replica::wrap_entry(base::as_bytes(text));
        CHECK_EQ(buffer.len % 8, size_t{0});
        const auto entry = replica::unwrap_entry(buffer);
        CHECK_OK(entry);
        CHECK_EQ(base::as_text(*entry), text);
        raft_free(buffer.base);
    }
    const replica::Manifest manifest{"0011", uint64_t{1} << 40};
    const raft_buffer buffer = replica::wrap_manifest(manifest);
    const auto again = replica::unwrap_manifest(buffer);
    CHECK_OK(again);
    CHECK(*again == manifest);
    for (size_t size = 0; size < buffer.len; ++size) {
        const auto cut = replica::unwrap_manifest({buffer.base, size});
        CHECK(!cut || *cut == manifest);  // padding may be missing
    }
    raft_free(buffer.base);
}

void lengths_that_cannot_be_are_refused() {
    uint8_t octets[16] = {0xff, 0xff, 0xff, 0xff};
    CHECK(!replica::unwrap_entry({octets, sizeof octets}));
    octets[0] = octets[1] = octets[2] = 0;
    octets[3] = 13;
    CHECK(!replica::unwrap_entry({octets, sizeof octets}));
    CHECK(!replica::unwrap_entry({octets, 3}));
    octets[3] = 12;
    CHECK_OK(replica::unwrap_entry({octets, sizeof octets}));
    CHECK(!replica::unwrap_manifest({octets, sizeof octets}));
}

void a_message_that_is_cut_frees_the_batches_that_it_loses() {
    for (unsigned keep = 0; keep <= 4; ++keep) {
        raft_append_entries message{};
        message.prev_log_index = 10;
        message.leader_commit = 100;
        message.n_entries = 4;
        message.entries = static_cast<raft_entry*>(raft_calloc(4, sizeof(raft_entry)));
        void* first = raft_malloc(8);
        void* second = raft_malloc(8);
        for (unsigned i = 0; i < 4; ++i) message.entries[i].batch = i < 2 ? first : second;
        replica::cut_received(message, keep);
        CHECK_EQ(message.n_entries, keep);
        CHECK_EQ(message.leader_commit, uint64_t{10} + keep);
        CHECK((message.entries == nullptr) == (keep == 0));
        // AddressSanitizer says whether each was freed once.
        replica::cut_received(message, 0);
    }
}

}  // namespace

GROUP(raft_entry, CASE(a_log_is_a_ring_behind_a_snapshot), CASE(an_empty_log_ends_where_its_snapshot_does),
      CASE(entries_and_manifests_are_read_as_they_were_written), CASE(lengths_that_cannot_be_are_refused),
      CASE(a_message_that_is_cut_frees_the_batches_that_it_loses))
