// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/copy_manifest.h"

#include <algorithm>

namespace replica {
namespace {

constexpr uint8_t kVersion = 1;

base::Error corrupt(std::string_view why) {
    return {base::ErrorKind::kCorrupt, "manifest of a snapshot: " + std::string(why)};
}

// What the other fields must be for the digests to be read. No sum here can wrap.
base::Result<uint64_t> chunks_of(const CopyManifest& manifest) {
    if (manifest.chunk_octets < CopyManifest::kChunkOctetsMin ||
        manifest.chunk_octets > CopyManifest::kChunkOctets)
        return corrupt("chunks of " + std::to_string(manifest.chunk_octets) + " octets");
    const uint64_t count =
        manifest.octets / manifest.chunk_octets + (manifest.octets % manifest.chunk_octets == 0 ? 0 : 1);
    if (count == 0 || count > CopyManifest::kChunksMax)
        return corrupt("of " + std::to_string(count) + " chunks");
    return count;
}

}  // namespace

ChunkDigest chunk_digest(base::ByteView octets) {
    const Digest whole = Sha256::of(octets);
    ChunkDigest cut{};
    std::copy_n(whole.begin(), cut.size(), cut.begin());
    return cut;
}

std::string hex(const CopyId& id) { return base::to_hex(id); }

size_t CopyManifest::size_of(uint32_t number) const {
    return static_cast<size_t>(std::min<uint64_t>(chunk_octets, octets - offset_of(number)));
}

CopyId CopyManifest::id() const { return chunk_digest(encode(*this)); }

base::Bytes encode(const CopyManifest& manifest) {
    base::Writer out;
    out.u8(kVersion).u8(static_cast<uint8_t>(manifest.cluster.size())).raw(base::as_bytes(manifest.cluster));
    out.u64(manifest.index).u64(manifest.octets).u32(manifest.chunk_octets).raw(manifest.whole);
    for (const ChunkDigest& one : manifest.chunks) out.raw(one);
    return out.take();
}

base::Result<CopyManifest> decode_copy_manifest(base::ByteView octets) {
    base::Reader in(octets);
    const auto version = in.u8("version");
    if (!version) return corrupt(version.error().text());
    if (*version > kVersion)
        return base::refused("the snapshot was made by a newer release; install that release here too");
    if (*version != kVersion) return corrupt("version 0");
    CopyManifest manifest;
    const auto cluster_octets = in.u8("cluster");
    if (!cluster_octets) return corrupt(cluster_octets.error().text());
    if (*cluster_octets > CopyManifest::kClusterMax) return corrupt("the cluster's name is too long");
    const auto cluster = in.take(*cluster_octets, "cluster");
    const auto index = in.u64("index");
    const auto length = in.u64("octets");
    const auto chunk = in.u32("chunk_octets");
    const auto whole = in.take(manifest.whole.size(), "whole");
    if (!cluster || !index || !length || !chunk || !whole) return corrupt("cut short");
    manifest.cluster = base::as_text(*cluster);
    manifest.index = *index;
    manifest.octets = *length;
    manifest.chunk_octets = *chunk;
    std::copy(whole->begin(), whole->end(), manifest.whole.begin());
    const auto count = chunks_of(manifest);
    if (!count) return count.error();
    if (in.remaining() != *count * sizeof(ChunkDigest)) return corrupt("not as many digests as chunks");
    manifest.chunks.resize(*count);
    for (ChunkDigest& one : manifest.chunks) {
        const auto digest = in.take(one.size(), "chunk");
        std::copy(digest->begin(), digest->end(), one.begin());
    }
    return manifest;
}

}  // namespace replica
