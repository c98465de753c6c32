// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/copy_calls.h"

#include <algorithm>

namespace replica {
namespace {

base::Error malformed(std::string_view call) {
    return base::invalid(std::string(call) + ": not a call of this release");
}

}  // namespace

base::Bytes encode_open(uint64_t at_least) { return base::Writer().u64(at_least).take(); }

base::Result<uint64_t> decode_open(base::ByteView octets) {
    base::Reader in(octets);
    const auto at_least = in.u64("at_least");
    if (!at_least || !in.at_end()) return malformed(kOpenSnapshot);
    return *at_least;
}

base::Bytes encode_opened(const Opened& opened) {
    base::Writer out;
    if (opened.manifest) {
        out.u8(1).raw(encode(*opened.manifest));
    } else {
        out.u8(0).u64(opened.made);
    }
    return out.take();
}

base::Result<Opened> decode_opened(base::ByteView octets) {
    base::Reader in(octets);
    const auto state = in.u8("state");
    if (!state || *state > 1) return malformed(kOpenSnapshot);
    if (*state == 1) {
        auto manifest = decode_copy_manifest(octets.subspan(1));
        if (!manifest) return manifest.error();
        return Opened{std::move(*manifest), 0};
    }
    const auto made = in.u64("made");
    if (!made || !in.at_end()) return malformed(kOpenSnapshot);
    return Opened{std::nullopt, *made};
}

base::Bytes encode_chunk_request(const ChunkRequest& request) {
    return base::Writer().raw(request.id).u32(request.number).take();
}

base::Result<ChunkRequest> decode_chunk_request(base::ByteView octets) {
    base::Reader in(octets);
    ChunkRequest request;
    const auto id = in.take(request.id.size(), "id");
    const auto number = in.u32("number");
    if (!id || !number || !in.at_end()) return malformed(kSnapshotChunk);
    std::copy(id->begin(), id->end(), request.id.begin());
    request.number = *number;
    return request;
}

}  // namespace replica
