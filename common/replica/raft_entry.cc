// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/raft_entry.h"

#include <algorithm>
#include <cstring>

#include "common/replica/raft_c.h"
#include "common/store/journal.h"

namespace replica {
namespace {

constexpr size_t kLengthOctets = 4;
constexpr size_t kClusterOctetsMax = 64;

size_t slot_of(const raft_log& log, uint64_t index) {
    return (log.front + static_cast<size_t>(index - log.offset - 1)) % log.size;
}

uint64_t held(const raft_log& log) {
    if (log.size == 0) return 0;
    return log.front <= log.back ? log.back - log.front : log.size - log.front + log.back;
}

raft_buffer padded(base::ByteView octets) {
    const size_t size = (kLengthOctets + octets.size() + 7) / 8 * 8;
    raft_buffer buffer{raft_malloc(size), size};
    if (buffer.base == nullptr) return {nullptr, 0};
    auto* out = static_cast<uint8_t*>(buffer.base);
    std::memset(out, 0, size);
    for (size_t i = 0; i < kLengthOctets; ++i)
        out[i] = static_cast<uint8_t>(octets.size() >> (8 * (kLengthOctets - 1 - i)));
    if (!octets.empty()) std::memcpy(out + kLengthOctets, octets.data(), octets.size());
    return buffer;
}

base::Result<base::ByteView> unpadded(const raft_buffer& buffer, size_t most) {
    base::Reader reader(base::ByteView(static_cast<const uint8_t*>(buffer.base), buffer.len));
    const auto size = reader.u32("length");
    if (!size || *size > most) return base::Error{base::ErrorKind::kCorrupt, "no length that can be"};
    const auto octets = reader.take(*size, "octets");
    if (!octets) return base::Error{base::ErrorKind::kCorrupt, octets.error().text()};
    return *octets;
}

}  // namespace

const char* raft_words(int status) {
    if (status == RAFT_NOSPACE) return "no space left on the disk";
    if (status == RAFT_TOOMANY) return "a limit of the system was reached";
    return raft_strerror(status);
}

raft_buffer wrap_entry(base::ByteView entry) { return padded(entry); }

base::Result<base::ByteView> unwrap_entry(const raft_buffer& buffer) {
    auto octets = unpadded(buffer, store::kEntryOctetsMax);
    if (!octets) return octets.error().within("an entry of the log");
    return octets;
}

raft_buffer wrap_manifest(const Manifest& manifest) {
    base::Writer out;
    out.u8(1).u32(static_cast<uint32_t>(manifest.index >> 32)).u32(static_cast<uint32_t>(manifest.index));
    out.u8(static_cast<uint8_t>(manifest.cluster.size())).raw(base::as_bytes(manifest.cluster));
    return padded(out.take());
}

base::Result<Manifest> unwrap_manifest(const raft_buffer& buffer) {
    const auto octets = unpadded(buffer, 256);
    if (!octets) return octets.error().within("a snapshot of the log");
    base::Reader reader(*octets);
    const auto version = reader.u8("version");
    const auto high = reader.u32("index");
    const auto low = reader.u32("index");
    const auto size = reader.u8("cluster");
    if (!version || !high || !low || !size || *size > kClusterOctetsMax)
        return base::Error{base::ErrorKind::kCorrupt, "a snapshot of the log is cut short"};
    if (*version != 1) return base::refused("a snapshot of the log was made by a newer release");
    const auto cluster = reader.take(*size, "cluster");
    if (!cluster) return base::Error{base::ErrorKind::kCorrupt, "a snapshot of the log is cut short"};
    return Manifest{std::string(base::as_text(*cluster)), (uint64_t{*high} << 32) | *low};
}

uint64_t last_index(const raft_log& log) {
    const uint64_t count = held(log);
    if (count == 0 && log.offset <= log.snapshot.last_index) return log.snapshot.last_index;
    return log.offset + count;
}

uint64_t term_at(const raft_log& log, uint64_t index) {
    if (index > log.offset && index <= log.offset + held(log)) return log.entries[slot_of(log, index)].term;
    return index != 0 && index == log.snapshot.last_index ? log.snapshot.last_term : 0;
}

LogSize size_after(const raft_log& log, uint64_t index) {
    LogSize size;
    const uint64_t last = log.offset + held(log);
    for (uint64_t at = std::max<uint64_t>(index, log.offset) + 1; at <= last; ++at) {
        ++size.entries;
        size.octets += log.entries[slot_of(log, at)].buf.len;
    }
    return size;
}

uint64_t entries_within(const raft_log& log, uint64_t index, uint64_t octets) {
    uint64_t count = 0;
    uint64_t sum = 0;
    for (uint64_t at = std::min<uint64_t>(index, log.offset + held(log)); at > log.offset; --at, ++count) {
        sum += log.entries[slot_of(log, at)].buf.len;
        if (sum > octets) break;
    }
    return count;
}

unsigned fitting(const raft_append_entries& message, uint64_t octets) {
    uint64_t sum = 0;
    for (unsigned i = 0; i < message.n_entries; ++i) {
        sum += message.entries[i].buf.len;
        if (i > 0 && sum > octets) return i;
    }
    return message.n_entries;
}

void limit_to(raft_append_entries& message, unsigned count) {
    message.n_entries = std::min(message.n_entries, count);
    message.leader_commit =
        std::min<raft_index>(message.leader_commit, message.prev_log_index + message.n_entries);
}

void cut_received(raft_append_entries& message, unsigned count) {
    // Entries of one message share batches, in order: each is freed once, by whoever has its first entry.
    const void* kept = count > 0 ? message.entries[std::min(count, message.n_entries) - 1].batch : nullptr;
    for (unsigned i = count; i < message.n_entries; ++i) {
        void* batch = message.entries[i].batch;
        if (batch == kept) continue;
        kept = batch;
        raft_free(batch);
    }
    if (count == 0 && message.n_entries > 0) {
        raft_free(message.entries);
        message.entries = nullptr;
    }
    limit_to(message, count);
}

}  // namespace replica
