// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What one copy of an environment is: how long, and the digests of its parts, so that each part is known to
// be right as it arrives and the whole once it is complete.
//
//     version u8 = 1 | cluster u8 + octets | index u64 | octets u64 | chunk_octets u32 | SHA-256 of the whole
//     | for each chunk the first 16 octets of its SHA-256
//
// Numbers big endian. A chunk's digest is cut to 128 bits (FIPS 180-4 §7) so that the manifest of 128 GiB is
// one answer of a call; the whole is checked in full.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "common/replica/calls.h"
#include "common/replica/sha256.h"

namespace replica {

using ChunkDigest = std::array<uint8_t, 16>;
ChunkDigest chunk_digest(base::ByteView octets);

// Names a copy by what its manifest says: the same name is the same octets, whoever offers them.
using CopyId = std::array<uint8_t, 16>;
std::string hex(const CopyId& id);

struct CopyManifest {
    static constexpr uint32_t kChunkOctets = uint32_t{1} << 20;
    static constexpr uint32_t kChunkOctetsMin = 4096;
    static constexpr size_t kChunksMax = (kCallOctetsMax - 1024) / sizeof(ChunkDigest);
    static constexpr size_t kClusterMax = 64;

    std::string cluster;
    uint64_t index = 0;  // of the last entry in it
    uint64_t octets = 0;
    uint32_t chunk_octets = kChunkOctets;
    Digest whole{};
    std::vector<ChunkDigest> chunks;

    uint32_t count() const { return static_cast<uint32_t>(chunks.size()); }
    uint64_t offset_of(uint32_t number) const { return uint64_t{number} * chunk_octets; }
    // `number` below count().
    size_t size_of(uint32_t number) const;
    CopyId id() const;
    friend bool operator==(const CopyManifest&, const CopyManifest&) = default;
};

base::Bytes encode(const CopyManifest& manifest);
// kCorrupt, or kRefused when a newer release wrote it. What it gives agrees in itself.
base::Result<CopyManifest> decode_copy_manifest(base::ByteView octets);

}  // namespace replica
