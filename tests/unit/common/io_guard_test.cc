// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/io_guard.h"

#include <cstring>

#include "common/replica/raft_c.h"
#include "common/replica/raft_entry.h"
#include "tests/support/replica_bench.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;

// libraft's state, set by hand, and the functions below the guard, which only remember.
class Bench {
 public:
    Bench()
        : arrivals(watch, "/nowhere"),
          guard({store, arrivals, "c", {100ms, 10ms, 10ms}, limits()}, logs::Log::discard()) {
        now = 1000;
        current = this;
        guard.attach(&state);
        state.log.entries = entries;
        state.log.size = 8;
        raft_io* inner = guard.inner();
        inner->data = guard.outer()->impl;
        inner->time = [](raft_io*) { return static_cast<raft_time>(now); };
        inner->start = [](raft_io*, unsigned, raft_io_tick_cb, raft_io_recv_cb given) {
            current->receive = given;
            return 0;
        };
        inner->send = [](raft_io*, raft_io_send*, const raft_message* message, raft_io_send_cb) {
            current->sent.push_back(*message);
            return 0;
        };
        inner->append = [](raft_io*, raft_io_append* request, const raft_entry*, unsigned,
                           raft_io_append_cb done) {
            request->cb = done;
            current->appending = request;
            return 0;
        };
        guard.outer()->start(
            guard.outer(), 10, [](raft_io*) {},
            [](raft_io*, raft_message* message) { current->passed.push_back(*message); });
    }
    ~Bench() {
        for (raft_message& message : passed)
            if (message.type == RAFT_IO_APPEND_ENTRIES) replica::cut_received(message.append_entries, 0);
    }

    // The log has these terms, from entry 1 on.
    void log_is(std::initializer_list<unsigned> terms) {
        state.log.back = 0;
        for (const unsigned term : terms) entries[state.log.back++].term = term;
        state.last_stored = state.log.back;
    }
    // What libraft got of it.
    raft_message give(raft_message message) {
        message.server_id = 9;
        message.server_address = "b@192.0.2.1:7101/member";
        receive(guard.inner(), &message);
        return passed.empty() ? message : passed.back();
    }
    static raft_message append(unsigned term, uint64_t before, unsigned before_term, uint64_t commit,
                               std::initializer_list<const char*> values) {
        raft_message message{};
        message.type = RAFT_IO_APPEND_ENTRIES;
        auto& args = message.append_entries;
        args = {term, before, before_term, commit, nullptr, static_cast<unsigned>(values.size())};
        if (values.size() == 0) return message;
        args.entries = static_cast<raft_entry*>(raft_calloc(values.size(), sizeof(raft_entry)));
        unsigned i = 0;
        for (const char* value : values) {
            raft_entry& entry = args.entries[i++];
            entry.term = term;
            entry.type = RAFT_COMMAND;
            entry.buf = replica::wrap_entry(base::as_bytes(value));
            entry.batch = entry.buf.base;
        }
        return message;
    }
    uint64_t acknowledged(unsigned term, uint64_t last) {
        raft_message message{};
        message.type = RAFT_IO_APPEND_ENTRIES_RESULT;
        message.append_entries_result = {term, 0, last};
        CHECK_EQ(guard.outer()->send(guard.outer(), nullptr, &message, nullptr), 0);
        return sent.back().append_entries_result.last_log_index;
    }
    static replica::LogLimits limits() {
        replica::LogLimits made;
        made.message_octets = 32;
        return made;
    }

    static inline uint64_t now = 0;
    static inline Bench* current = nullptr;
    test::Watch watch;
    test::ListStore store{watch};
    test::CopyFrom arrivals;
    replica::IoGuard guard;
    raft state{};
    raft_entry entries[8]{};
    raft_io_recv_cb receive = nullptr;
    raft_io_append* appending = nullptr;
    std::vector<raft_message> passed, sent;
};

void a_vote_may_disturb_only_a_leader_that_is_silent() {
    Bench bench;
    bench.state.state = RAFT_FOLLOWER;
    bench.give(Bench::append(1, 0, 0, 0, {}));
    raft_message vote{};
    vote.type = RAFT_IO_REQUEST_VOTE;
    Bench::now += 79;
    CHECK(!bench.give(vote).request_vote.disrupt_leader);
    Bench::now += 1;
    CHECK(bench.give(vote).request_vote.disrupt_leader);
    bench.state.state = RAFT_LEADER;
    CHECK(!bench.give(vote).request_vote.disrupt_leader);
}

void a_log_that_has_forgotten_elects_nobody() {
    Bench bench;
    bench.state.state = RAFT_FOLLOWER;
    bench.log_is({1, 1});
    bench.store.committed(3, {});
    raft_message vote{};
    vote.type = RAFT_IO_REQUEST_VOTE;
    raft_message stand{};
    stand.type = RAFT_IO_TIMEOUT_NOW;
    bench.give(vote);
    bench.give(stand);
    CHECK(bench.passed.empty());
    CHECK_EQ(bench.guard.outer()->send(bench.guard.outer(), nullptr, &vote, nullptr), RAFT_NOCONNECTION);
    // The leader sends it again.
    bench.log_is({1, 1, 1});
    bench.give(vote);
    bench.give(stand);
    CHECK_EQ(bench.passed.size(), size_t{2});
    CHECK_EQ(bench.guard.outer()->send(bench.guard.outer(), nullptr, &vote, nullptr), 0);
}

void what_is_committed_counts_as_far_as_the_message_reaches() {
    Bench bench;
    bench.state.state = RAFT_FOLLOWER;
    bench.log_is({1, 1, 1, 1});
    CHECK_EQ(bench.give(Bench::append(2, 2, 1, 4, {})).append_entries.leader_commit, uint64_t{2});
    CHECK_EQ(bench.give(Bench::append(2, 2, 1, 4, {"x"})).append_entries.leader_commit, uint64_t{3});
}

void entries_are_cut_before_one_whose_blobs_are_missing() {
    Bench bench;
    bench.state.state = RAFT_FOLLOWER;
    bench.arrivals.missing_ = {"b"};
    const auto cut = bench.give(Bench::append(1, 0, 0, 3, {"a", "b", "c"})).append_entries;
    CHECK_EQ(cut.n_entries, 1U);
    CHECK_EQ(cut.leader_commit, uint64_t{1});
    const auto none = bench.give(Bench::append(1, 0, 0, 3, {"b", "c"})).append_entries;
    CHECK_EQ(none.n_entries, 0U);
    CHECK(none.entries == nullptr);
}

void what_is_in_the_log_already_is_not_judged_again() {
    Bench bench;
    bench.state.state = RAFT_FOLLOWER;
    bench.log_is({1});
    bench.arrivals.missing_ = {"a", "b"};
    CHECK_EQ(bench.give(Bench::append(1, 0, 0, 0, {"a", "b"})).append_entries.n_entries, 1U);
}

void entries_are_cut_while_the_store_is_behind() {
    Bench bench;
    bench.state.state = RAFT_FOLLOWER;
    bench.store.waiting_ = Bench::limits().waiting_octets - 8;
    CHECK_EQ(bench.give(Bench::append(1, 0, 0, 0, {"a", "b"})).append_entries.n_entries, 1U);
}

void an_entry_that_is_none_is_not_taken() {
    Bench bench;
    bench.state.state = RAFT_FOLLOWER;
    raft_message message = Bench::append(1, 0, 0, 0, {"a", "b"});
    std::memset(message.append_entries.entries[1].buf.base, 0xff, 4);
    CHECK_EQ(bench.give(message).append_entries.n_entries, 1U);
}

// Entries 3 and 4 of ours may be another leader's.
void only_what_was_compared_is_acknowledged() {
    Bench bench;
    bench.state.state = RAFT_FOLLOWER;
    bench.log_is({1, 1, 1, 1});
    bench.give(Bench::append(2, 2, 1, 0, {}));
    CHECK_EQ(bench.acknowledged(2, 4), uint64_t{2});
    bench.give(Bench::append(2, 3, 2, 0, {}));  // does not follow: ours is of another term
    CHECK_EQ(bench.acknowledged(2, 4), uint64_t{2});
    bench.give(Bench::append(2, 2, 1, 0, {"x"}));
    CHECK_EQ(bench.acknowledged(2, 4), uint64_t{3});
    bench.give(Bench::append(3, 1, 1, 0, {}));  // a new leader: compared anew
    CHECK_EQ(bench.acknowledged(3, 4), uint64_t{1});
}

void copies_count_only_when_an_entry_of_our_own_term_is_stored() {
    Bench bench;
    bench.state.state = RAFT_LEADER;
    bench.state.current_term = 2;
    bench.log_is({1, 1});
    raft_message result{};
    result.type = RAFT_IO_APPEND_ENTRIES_RESULT;
    result.append_entries_result = {2, 0, 2};
    bench.give(result);
    CHECK(bench.passed.empty());
    raft_io_append asked{};
    CHECK_EQ(bench.guard.outer()->append(bench.guard.outer(), &asked, nullptr, 0,
                                         [](raft_io_append*, int) {
                                             Bench::current->log_is({1, 1, 2});
                                         }),
             0);
    bench.appending->cb(bench.appending, 0);
    CHECK_EQ(bench.passed.size(), size_t{1});
    CHECK_EQ(bench.passed[0].append_entries_result.last_log_index, uint64_t{2});
}

void long_messages_go_in_parts_and_the_next_part_follows() {
    Bench bench;
    bench.state.state = RAFT_LEADER;
    raft_server server{9, nullptr, RAFT_VOTER};
    raft_progress progress{};
    progress.next_index = 4;
    bench.state.configuration = {&server, 1};
    bench.state.leader_state.progress = &progress;
    raft_message message = Bench::append(1, 0, 0, 3, {"0123456789", "0123456789", "0123456789"});
    message.server_id = 9;
    CHECK_EQ(bench.guard.outer()->send(bench.guard.outer(), nullptr, &message, nullptr), 0);
    CHECK_EQ(bench.sent[0].append_entries.n_entries, 2U);
    CHECK_EQ(bench.sent[0].append_entries.leader_commit, uint64_t{2});
    CHECK_EQ(message.append_entries.n_entries, 3U);
    bench.guard.before_append();
    CHECK_EQ(progress.next_index, uint64_t{3});
    replica::cut_received(message.append_entries, 0);
    bench.state.leader_state.progress = nullptr;
}

// The storage would count on from the snapshot's entry, and never have the one behind it.
void a_snapshot_that_keeps_nothing_is_put_only_while_no_entry_follows() {
    Bench bench;
    static int put = 0;
    put = 0;
    bench.guard.inner()->snapshot_put = [](raft_io*, unsigned, raft_io_snapshot_put*, const raft_snapshot*,
                                           raft_io_snapshot_put_cb) { return ++put, 0; };
    const auto give = [&](raft_term taken_in, unsigned trailing, raft_index index) {
        bench.state.snapshot.pending.term = taken_in;
        raft_snapshot snapshot{};
        snapshot.index = index;
        return bench.guard.outer()->snapshot_put(bench.guard.outer(), trailing, nullptr, &snapshot, nullptr);
    };
    bench.log_is({1, 1, 1});
    CHECK_EQ(give(1, 0, 2), RAFT_BUSY);
    CHECK_EQ(put, 0);
    CHECK_EQ(give(1, 0, 3), 0);
    CHECK_EQ(give(1, 1, 2), 0);
    CHECK_EQ(give(0, 0, 2), 0);  // a leader's
    CHECK_EQ(put, 3);
}

void after_a_failed_append_nothing_goes_out_or_in() {
    Bench bench;
    bench.state.state = RAFT_LEADER;
    static std::vector<int> told;
    told.clear();
    raft_io_append asked{};
    CHECK_EQ(bench.guard.outer()->append(bench.guard.outer(), &asked, nullptr, 0,
                                         [](raft_io_append*, int status) { told.push_back(status); }),
             0);
    bench.appending->cb(bench.appending, RAFT_NOSPACE);
    CHECK(told.empty());
    CHECK(bench.guard.failure().has_value());
    raft_message message = Bench::append(1, 0, 0, 0, {});
    CHECK_EQ(bench.guard.outer()->send(bench.guard.outer(), nullptr, &message, nullptr), RAFT_NOCONNECTION);
    CHECK_EQ(bench.guard.outer()->append(bench.guard.outer(), &asked, nullptr, 0, nullptr), RAFT_IOERR);
    bench.give(Bench::append(1, 0, 0, 0, {"a"}));
    CHECK(bench.sent.empty() && bench.passed.empty());
    // libraft, which does not survive two failures, hears of it when it has given up.
    bench.state.state = RAFT_UNAVAILABLE;
    bench.guard.inner()->close = [](raft_io*, raft_io_close_cb) {};
    bench.guard.outer()->close(bench.guard.outer(), nullptr);
    CHECK(told == std::vector<int>{0});
}

}  // namespace

GROUP(io_guard, CASE(a_vote_may_disturb_only_a_leader_that_is_silent),
      CASE(a_log_that_has_forgotten_elects_nobody),
      CASE(what_is_committed_counts_as_far_as_the_message_reaches),
      CASE(entries_are_cut_before_one_whose_blobs_are_missing),
      CASE(what_is_in_the_log_already_is_not_judged_again), CASE(entries_are_cut_while_the_store_is_behind),
      CASE(an_entry_that_is_none_is_not_taken), CASE(only_what_was_compared_is_acknowledged),
      CASE(copies_count_only_when_an_entry_of_our_own_term_is_stored),
      CASE(long_messages_go_in_parts_and_the_next_part_follows),
      CASE(a_snapshot_that_keeps_nothing_is_put_only_while_no_entry_follows),
      CASE(after_a_failed_append_nothing_goes_out_or_in))
