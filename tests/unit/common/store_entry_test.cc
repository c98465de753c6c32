// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/entry.h"

#include "tests/support/test.h"

namespace {

using base::Bytes;
using store::BatchId;
using store::BlobId;
using store::WriteSet;

constexpr BatchId kBatch{0x0123456789abcdef, 7};

WriteSet sample() {
    WriteSet writes;
    writes.put("alert", std::string("a\0b", 3), std::string(300, 'v'));
    writes.erase("alert", "old");
    writes.put("t", "", "");
    writes.needs(BlobId::of(base::as_bytes("one")));
    writes.needs(BlobId::of(base::as_bytes("two")));
    writes.needs(BlobId::of(base::as_bytes("one")));
    return writes;
}

std::string show(const WriteSet& writes) {
    std::string out;
    for (const auto& row : writes.rows())
        out += row.table + "/" + row.key + "=" + row.value.value_or("(erased)") + ";";
    for (const auto& blob : writes.blobs()) out += blob.hex() + ";";
    return out;
}

void what_was_written_is_read_back() {
    const auto octets = store::encode_entry(kBatch, sample());
    const auto entry = store::decode_entry(octets);
    CHECK_OK(entry);
    CHECK(entry->batch == kBatch);
    CHECK_EQ(show(entry->writes), show(sample()));
    CHECK_EQ(entry->writes.blobs().size(), size_t{2});
    CHECK(octets.size() <= sample().bytes());
}

void the_octets_are_these() {
    WriteSet writes;
    writes.put("t", "k", "v");
    writes.erase("t", "k");
    CHECK_EQ(base::to_hex(store::encode_entry(kBatch, writes)),
             "01"
             "0123456789abcdef"
             "0000000000000007"
             "0000"
             "00000002"
             "01"
             "0174"
             "00016b"
             "0000000176"
             "00"
             "0174"
             "00016b");
}

void an_entry_without_rows_is_one() {
    const auto entry = store::decode_entry(store::encode_entry(kBatch, {}));
    CHECK_OK(entry);
    CHECK(entry->writes.empty());
}

void the_beginning_tells_batch_and_blobs() {
    auto octets = store::encode_entry(kBatch, sample());
    octets.resize(1 + 16 + 2 + 64);  // no row
    CHECK(*store::batch_of(octets) == kBatch);
    const auto blobs = store::blobs_of(octets);
    CHECK_OK(blobs);
    CHECK_EQ(blobs->size(), size_t{2});
    CHECK(blobs->front() == BlobId::of(base::as_bytes("one")));
    CHECK(!store::decode_entry(octets));
}

void every_cut_is_refused() {
    const auto whole = store::encode_entry(kBatch, sample());
    for (size_t length = 0; length < whole.size(); ++length) {
        const auto entry = store::decode_entry(base::ByteView(whole).first(length));
        CHECK(!entry);
        CHECK_EQ(entry.error().kind, base::ErrorKind::kCorrupt);
    }
}

void what_follows_the_end_is_refused() {
    auto octets = store::encode_entry(kBatch, sample());
    octets.push_back(0);
    CHECK(!store::decode_entry(octets));
}

void a_newer_version_is_refused_with_a_sentence() {
    auto octets = store::encode_entry(kBatch, sample());
    octets[0] = 2;
    const auto entry = store::decode_entry(octets);
    CHECK_EQ(entry.error().kind, base::ErrorKind::kRefused);
    CHECK(entry.error().text.find("newer release") != std::string::npos);
    octets[0] = 0;
    CHECK_EQ(store::decode_entry(octets).error().kind, base::ErrorKind::kCorrupt);
}

// Each octet in turn takes other values: an error or another entry, never more than what was there.
void changed_octets_end_in_an_error_or_an_entry() {
    const auto whole = store::encode_entry(kBatch, sample());
    for (size_t at = 0; at < whole.size(); ++at) {
        for (const int value : {0, 1, 2, 0x7f, 0x80, 0xff}) {
            auto octets = whole;
            octets[at] = static_cast<uint8_t>(value);
            const auto entry = store::decode_entry(octets);
            if (entry) CHECK(entry->writes.bytes() <= 2 * whole.size());
        }
    }
}

void a_key_that_the_store_could_not_hold_is_refused() {
    const auto with = [](const std::string& table, const std::string& key) {
        WriteSet writes;
        writes.put(table, key, "v");
        return static_cast<bool>(store::decode_entry(store::encode_entry(kBatch, writes)));
    };
    CHECK(with("t", std::string(509, 'k')));
    CHECK(!with("t", std::string(510, 'k')));
    CHECK(!with("", "k"));
    CHECK(!with(std::string(33, 't'), "k"));
}

void an_entry_that_is_too_long_is_refused_unread() {
    Bytes octets(store::kEntryOctetsMax + 1, 1);
    CHECK(!store::decode_entry(octets));
    CHECK(!store::blobs_of(octets));
}

}  // namespace

GROUP(store_entry, CASE(what_was_written_is_read_back), CASE(the_octets_are_these),
      CASE(an_entry_without_rows_is_one), CASE(the_beginning_tells_batch_and_blobs),
      CASE(every_cut_is_refused), CASE(what_follows_the_end_is_refused),
      CASE(a_newer_version_is_refused_with_a_sentence), CASE(changed_octets_end_in_an_error_or_an_entry),
      CASE(a_key_that_the_store_could_not_hold_is_refused), CASE(an_entry_that_is_too_long_is_refused_unread))
