// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The two calls by which a copy of the environment goes from one node to another. Numbers big endian.
//
//     snapshot/open    at_least u64         a copy that has entry `at_least`: either it is there
//       answer         1 u8 | manifest
//                      0 u8 | made u64      or it is being made, so many octets so far: ask again in a while
//     snapshot/chunk   id 16 | number u32   one chunk of it
//       answer         the octets           kNotFound: that copy is not there any more, open again
#pragma once

#include <optional>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/replica/copy_manifest.h"

namespace replica {

inline constexpr std::string_view kOpenSnapshot = "snapshot/open";
inline constexpr std::string_view kSnapshotChunk = "snapshot/chunk";

base::Bytes encode_open(uint64_t at_least);
base::Result<uint64_t> decode_open(base::ByteView octets);

struct Opened {
    std::optional<CopyManifest> manifest;
    uint64_t made = 0;
};
base::Bytes encode_opened(const Opened& opened);
base::Result<Opened> decode_opened(base::ByteView octets);

struct ChunkRequest {
    CopyId id{};
    uint32_t number = 0;
};
base::Bytes encode_chunk_request(const ChunkRequest& request);
base::Result<ChunkRequest> decode_chunk_request(base::ByteView octets);

}  // namespace replica
