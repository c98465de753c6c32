// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/entry.h"

#include <cassert>
#include <string_view>

#include "common/store/lmdb_env.h"

namespace store {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kBlobOctets = 32;
enum class What : uint8_t { kErased = 0, kPut = 1 };

void put_u64(base::Writer& out, uint64_t value) {
    out.u32(static_cast<uint32_t>(value >> 32)).u32(static_cast<uint32_t>(value));
}

base::Error corrupt(const base::DecodeError& error) {
    return {base::ErrorKind::kCorrupt, "journal entry: " + error.text()};
}
base::Error corrupt(std::string_view why) {
    return {base::ErrorKind::kCorrupt, "journal entry: " + std::string(why)};
}

// Reads on where the one before it stopped; after the first error everything is empty.
class EntryReader {
 public:
    explicit EntryReader(base::ByteView octets) : in_(octets) {
        if (octets.size() > kEntryOctetsMax) {
            error_ = corrupt("of " + std::to_string(octets.size()) + " octets");
            return;
        }
        const auto version = keep(in_.u8("version"));
        if (!error_ && version > kVersion) {
            error_ = base::refused("journal entry of version " + std::to_string(version) +
                                   ", written by a newer release; install that release here too");
        } else if (!error_ && version != kVersion) {
            error_ = corrupt("version 0");
        }
    }

    uint8_t u8(std::string_view field) { return error_ ? uint8_t{0} : keep(in_.u8(field)); }
    uint16_t u16(std::string_view field) { return error_ ? uint16_t{0} : keep(in_.u16(field)); }
    uint32_t u32(std::string_view field) { return error_ ? 0 : keep(in_.u32(field)); }
    uint64_t u64(std::string_view field) {
        const uint64_t high = u32(field);
        return high << 32 | u32(field);
    }
    base::ByteView take(size_t count, std::string_view field) {
        return error_ ? base::ByteView() : keep(in_.take(count, field));
    }
    BatchId batch() {
        const uint64_t origin = u64("origin");
        return {origin, u64("number")};
    }
    std::vector<BlobId> blobs() {
        const size_t count = u16("blobs");
        if (count > WriteSet::kBlobsMax) refuse("too many blobs");
        const auto octets = take(count * kBlobOctets, "blobs");
        std::vector<BlobId> all;
        for (size_t at = 0; at < octets.size(); at += kBlobOctets)
            all.push_back(BlobId::from_octets(octets.subspan(at).first<kBlobOctets>()));
        return all;
    }
    void refuse(std::string_view why) {
        if (!error_) error_ = corrupt(why);
    }

    size_t remaining() const { return in_.remaining(); }
    const std::optional<base::Error>& error() const { return error_; }

 private:
    template <class T>
    T keep(const base::Result<T, base::DecodeError>& read) {
        if (read) return *read;
        if (!error_) error_ = corrupt(read.error());
        return {};
    }

    base::Reader in_;
    std::optional<base::Error> error_;
};

void read_row(EntryReader& in, WriteSet& writes) {
    const uint8_t what = in.u8("what");
    const auto table = base::as_text(in.take(in.u8("table length"), "table"));
    const auto key = base::as_text(in.take(in.u16("key length"), "key"));
    if (what == static_cast<uint8_t>(What::kPut)) {
        const auto value = base::as_text(in.take(in.u32("value length"), "value"));
        if (!in.error()) writes.put(table, key, value);
    } else if (what == static_cast<uint8_t>(What::kErased)) {
        if (!in.error()) writes.erase(table, key);
    } else {
        in.refuse("a row that is neither put nor erased");
    }
    if (!in.error() && !key_fits(table, key)) in.refuse("a key that is none");
}

}  // namespace

base::Bytes encode_entry(BatchId batch, const WriteSet& writes) {
    base::Writer out;
    out.u8(kVersion);
    put_u64(out, batch.origin);
    put_u64(out, batch.number);
    out.u16(static_cast<uint16_t>(writes.blobs().size()));
    for (const BlobId& blob : writes.blobs()) out.raw(blob.octets());
    out.u32(static_cast<uint32_t>(writes.rows().size()));
    for (const auto& row : writes.rows()) {
        out.u8(static_cast<uint8_t>(row.value ? What::kPut : What::kErased));
        out.u8(static_cast<uint8_t>(row.table.size())).raw(base::as_bytes(row.table));
        out.u16(static_cast<uint16_t>(row.key.size())).raw(base::as_bytes(row.key));
        if (row.value) out.u32(static_cast<uint32_t>(row.value->size())).raw(base::as_bytes(*row.value));
    }
    assert(out.size() <= writes.bytes());
    return out.take();
}

base::Result<Entry> decode_entry(base::ByteView octets) {
    EntryReader in{octets};
    Entry entry;
    entry.batch = in.batch();
    for (const BlobId& blob : in.blobs()) entry.writes.needs(blob);
    const uint32_t count = in.u32("rows");
    for (uint32_t i = 0; i < count && !in.error(); ++i) read_row(in, entry.writes);
    if (in.remaining() > 0) in.refuse("octets after its end");
    if (in.error()) return *in.error();
    return entry;
}

base::Result<BatchId> batch_of(base::ByteView octets) {
    EntryReader in{octets};
    const BatchId batch = in.batch();
    if (in.error()) return *in.error();
    return batch;
}

base::Result<std::vector<BlobId>> blobs_of(base::ByteView octets) {
    EntryReader in{octets};
    in.batch();
    auto blobs = in.blobs();
    if (in.error()) return *in.error();
    return blobs;
}

}  // namespace store
