// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/blobs.h"

#include <fstream>

#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

namespace {

using base::ErrorKind;
using store::BlobId;
using store::Blobs;
using namespace std::chrono_literals;

base::ByteView bytes(std::string_view text) { return base::as_bytes(text); }

Blobs open(const test::TempDir& dir) {
    auto blobs = Blobs::open(dir / "blobs", 1000);
    CHECK_OK(blobs);
    return std::move(*blobs);
}

size_t files_in(const test::TempDir& dir) {
    size_t count = 0;
    for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(dir / "blobs")) ++count;
    return count;
}

void a_name_is_the_sha_256_of_the_content() {
    // FIPS 180-4's example "abc".
    CHECK_EQ(BlobId::of(bytes("abc")).hex(),
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(*BlobId::parse(BlobId::of(bytes("abc")).hex()) == BlobId::of(bytes("abc")));
    for (const char* wrong :
         {"", "ba78", "../../etc/passwd", "zz7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f2001"})
        CHECK_EQ(BlobId::parse(wrong).error().kind, ErrorKind::kInvalid);
}

void what_is_written_is_read_and_kept_once() {
    const test::TempDir dir;
    const Blobs blobs = open(dir);
    const auto id = blobs.write(bytes("a map"));
    CHECK_OK(id);
    CHECK_OK(blobs.write(bytes("a map")));
    CHECK_OK(blobs.write(bytes("")));
    CHECK_EQ(base::as_text(*blobs.read(*id)), "a map");
    CHECK_EQ(files_in(dir), size_t{2});
}

void a_blob_that_is_too_large_is_refused_before_it_is_written() {
    const test::TempDir dir;
    const auto refused = open(dir).write(bytes(std::string(1001, 'x')));
    CHECK_EQ(refused.error().kind, ErrorKind::kLimit);
    CHECK_EQ(files_in(dir), size_t{0});
}

void a_file_that_changed_is_corrupt_and_one_that_is_missing_not_found() {
    const test::TempDir dir;
    const Blobs blobs = open(dir);
    const auto id = blobs.write(bytes("a map"));
    const std::string path = dir / "blobs/" + id->hex();
    std::ofstream(path) << "a mop";
    CHECK_EQ(blobs.read(*id).error().kind, ErrorKind::kCorrupt);
    std::ofstream(path) << std::string(2000, 'x');
    CHECK_EQ(blobs.read(*id).error().kind, ErrorKind::kCorrupt);
    std::filesystem::remove(path);
    CHECK_EQ(blobs.read(*id).error().kind, ErrorKind::kNotFound);
}

void a_part_of_a_blob_is_read_and_the_length_of_the_whole() {
    const test::TempDir dir;
    const Blobs blobs = open(dir);
    const auto id = blobs.write(bytes("a map"));
    const auto middle = blobs.read_part(*id, 2, 2);
    CHECK_OK(middle);
    CHECK_EQ(middle->whole, 5u);
    CHECK_EQ(base::as_text(middle->octets), "ma");
    CHECK_EQ(base::as_text(blobs.read_part(*id, 2, 100)->octets), "map");
    CHECK_EQ(blobs.read_part(*id, 5, 1)->octets.size(), 0u);
    CHECK_EQ(blobs.read_part(*id, 6, 1).error().kind, ErrorKind::kInvalid);
    CHECK_EQ(blobs.read_part(BlobId::of(bytes("other")), 0, 1).error().kind, ErrorKind::kNotFound);
}

void collecting_spares_what_is_in_use_young_or_not_ours() {
    const test::TempDir dir;
    const Blobs blobs = open(dir);
    const auto used = blobs.write(bytes("used"));
    const auto left = blobs.write(bytes("left behind"));
    std::ofstream(dir / "blobs/0.part") << "a crash in the middle of a write";
    std::ofstream(dir / "blobs/README") << "somebody's";
    const auto now = std::filesystem::file_time_type::clock::now();
    CHECK_EQ(*blobs.collect({*used}, 1h, now), size_t{0});
    CHECK_EQ(*blobs.collect({*used}, 1h, now + 2h), size_t{2});
    CHECK(blobs.contains(*used));
    CHECK(!blobs.contains(*left));
    CHECK_EQ(files_in(dir), size_t{2});
}

}  // namespace

GROUP(blobs, CASE(a_name_is_the_sha_256_of_the_content), CASE(what_is_written_is_read_and_kept_once),
      CASE(a_blob_that_is_too_large_is_refused_before_it_is_written),
      CASE(a_file_that_changed_is_corrupt_and_one_that_is_missing_not_found),
      CASE(a_part_of_a_blob_is_read_and_the_length_of_the_whole),
      CASE(collecting_spares_what_is_in_use_young_or_not_ours))
