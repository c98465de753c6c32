// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/copy_file.h"

#include <fcntl.h>

#include <fstream>

#include "common/store/file.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

namespace {

using base::ErrorKind;
using replica::CopyManifest;

// A copy of 5000 octets in two chunks, as `copy.part`.
CopyManifest write_part(const test::TempDir& dir, uint64_t index) {
    const std::string text(5000, 'x');
    CHECK_OK(store::replace_file(dir / "copy.part", base::as_bytes(text)));
    CopyManifest manifest;
    manifest.index = index;
    manifest.octets = text.size();
    manifest.chunk_octets = 4096;
    manifest.whole = replica::Sha256::of(base::as_bytes(text));
    manifest.chunks = {replica::chunk_digest(base::as_bytes(text.substr(0, 4096))),
                       replica::chunk_digest(base::as_bytes(text.substr(4096)))};
    return manifest;
}

CopyManifest add(const test::TempDir& dir, uint64_t index) {
    const CopyManifest manifest = write_part(dir, index);
    CHECK_OK(replica::name_copy(dir.path(), dir / "copy.part", manifest));
    return manifest;
}

base::Fd open_file(const std::filesystem::path& path) {
    return base::Fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
}

void copies_are_listed_oldest_first_and_only_whole_ones() {
    const test::TempDir dir;
    const CopyManifest younger = add(dir, 20);
    const CopyManifest older = add(dir, 10);
    const CopyManifest lost = add(dir, 30);
    const CopyManifest cut = add(dir, 40);
    std::filesystem::remove(replica::copy_path(dir.path(), lost.id()));
    std::filesystem::resize_file(replica::copy_path(dir.path(), cut.id()), 4999);
    std::ofstream(dir / "0.manifest") << "not one";
    const auto found = replica::list_copies(dir.path());
    CHECK_EQ(found.size(), 2u);
    CHECK(found[0] == older);
    CHECK(found[1] == younger);
}

void what_is_not_kept_is_removed_and_what_is_not_ours_stays() {
    const test::TempDir dir;
    const CopyManifest kept = add(dir, 10);
    (void)add(dir, 20);
    write_part(dir, 30);
    std::ofstream(dir / "README") << "somebody's";
    replica::remove_copies_but(dir.path(), {kept.id()});
    CHECK_EQ(replica::list_copies(dir.path()).size(), 1u);
    CHECK(!std::filesystem::exists(dir / "copy.part"));
    CHECK(std::filesystem::exists(dir / "README"));
    CHECK_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 3);
}

void reading_back_finds_one_octet_that_is_wrong() {
    const test::TempDir dir;
    const CopyManifest manifest = write_part(dir, 1);
    replica::CopyTask task;
    CHECK_OK(replica::read_back(open_file(dir / "copy.part").get(), manifest, task));
    CopyManifest other = manifest;
    other.whole[0] ^= 1;
    CHECK_EQ(replica::read_back(open_file(dir / "copy.part").get(), other, task).error().kind,
             ErrorKind::kCorrupt);
    {
        std::fstream file(dir / "copy.part", std::ios::in | std::ios::out);
        file.seekp(4999);
        file.put('y');
    }
    const base::Fd file = open_file(dir / "copy.part");
    CHECK_OK(replica::read_chunk(file.get(), manifest, 0));
    CHECK_EQ(replica::read_chunk(file.get(), manifest, 1).error().kind, ErrorKind::kCorrupt);
    CHECK_EQ(replica::read_back(file.get(), manifest, task).error().kind, ErrorKind::kCorrupt);
}

void what_is_told_to_stop_stops() {
    const test::TempDir dir;
    const CopyManifest manifest = write_part(dir, 1);
    replica::CopyTask task;
    task.stop();
    CHECK_EQ(replica::read_back(open_file(dir / "copy.part").get(), manifest, task).error().kind,
             ErrorKind::kUnavailable);
}

void room_is_what_is_left_beside_what_stays_free() {
    const test::TempDir dir;
    CHECK_OK(replica::room_for(dir.path(), 1, 0));
    CHECK_EQ(replica::room_for(dir.path(), ~uint64_t{0}, 0).error().kind, ErrorKind::kLimit);
    CHECK_EQ(replica::room_for(dir.path(), 1, ~uint64_t{0}).error().kind, ErrorKind::kLimit);
}

}  // namespace

GROUP(copy_file, CASE(copies_are_listed_oldest_first_and_only_whole_ones),
      CASE(what_is_not_kept_is_removed_and_what_is_not_ours_stays),
      CASE(reading_back_finds_one_octet_that_is_wrong), CASE(what_is_told_to_stop_stops),
      CASE(room_is_what_is_left_beside_what_stays_free))
