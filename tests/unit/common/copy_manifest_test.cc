// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/copy_manifest.h"

#include "tests/support/test.h"

namespace {

using base::ErrorKind;
using replica::CopyManifest;

CopyManifest example() {
    CopyManifest manifest;
    manifest.cluster = "harbour";
    manifest.index = 0x1'0000'0007;
    manifest.chunk_octets = 4096;
    manifest.octets = 2 * 4096 + 1;
    manifest.whole = replica::Sha256::of(base::as_bytes("whole"));
    for (const char* chunk : {"one", "two", "three"})
        manifest.chunks.push_back(replica::chunk_digest(base::as_bytes(chunk)));
    return manifest;
}

// Where the fields are in the encoding: version, cluster and its length, index, octets, chunk_octets.
constexpr size_t kOctetsAt = 1 + 8 + 8;
constexpr size_t kChunkOctetsAt = kOctetsAt + 8;

base::Bytes with(size_t at, base::Bytes instead) {
    base::Bytes octets = encode(example());
    std::copy(instead.begin(), instead.end(), octets.begin() + static_cast<ptrdiff_t>(at));
    return octets;
}

void what_is_encoded_is_decoded() {
    const auto manifest = replica::decode_copy_manifest(encode(example()));
    CHECK_OK(manifest);
    CHECK(*manifest == example());
    CHECK_EQ(manifest->count(), 3u);
    CHECK_EQ(manifest->size_of(1), 4096u);
    CHECK_EQ(manifest->size_of(2), 1u);
    CHECK_EQ(manifest->offset_of(2), 8192u);
}

void every_truncation_and_every_octet_too_many_is_refused() {
    base::Bytes octets = encode(example());
    for (size_t size = 0; size < octets.size(); ++size)
        CHECK_EQ(replica::decode_copy_manifest(base::ByteView(octets).first(size)).error().kind,
                 ErrorKind::kCorrupt);
    octets.push_back(0);
    CHECK_EQ(replica::decode_copy_manifest(octets).error().kind, ErrorKind::kCorrupt);
}

void lengths_that_cannot_be_are_refused_before_anything_is_made_for_them() {
    const base::Bytes all(8, 0xff);
    CHECK(!replica::decode_copy_manifest(with(kOctetsAt, all)));
    CHECK(!replica::decode_copy_manifest(with(kOctetsAt, base::Bytes(8, 0))));
    CHECK(!replica::decode_copy_manifest(with(kChunkOctetsAt, base::Bytes(4, 0))));
    CHECK(!replica::decode_copy_manifest(with(kChunkOctetsAt, base::Bytes(4, 0xff))));
    CHECK(!replica::decode_copy_manifest(with(1, {200})));
}

void a_manifest_of_a_newer_release_is_told_from_a_broken_one() {
    CHECK_EQ(replica::decode_copy_manifest(with(0, {2})).error().kind, ErrorKind::kRefused);
    CHECK_EQ(replica::decode_copy_manifest(with(0, {0})).error().kind, ErrorKind::kCorrupt);
}

void the_name_follows_from_everything_in_it() {
    CHECK(example().id() == example().id());
    CopyManifest other = example();
    other.index += 1;
    CHECK(other.id() != example().id());
    other = example();
    other.whole[31] ^= 1;
    CHECK(other.id() != example().id());
}

}  // namespace

GROUP(copy_manifest, CASE(what_is_encoded_is_decoded),
      CASE(every_truncation_and_every_octet_too_many_is_refused),
      CASE(lengths_that_cannot_be_are_refused_before_anything_is_made_for_them),
      CASE(a_manifest_of_a_newer_release_is_told_from_a_broken_one),
      CASE(the_name_follows_from_everything_in_it))
