// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/file.h"

#include <fcntl.h>

#include <array>
#include <cerrno>

#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

namespace {

using base::ErrorKind;

void a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
    const test::TempDir dir;
    CHECK_OK(store::replace_file(dir / "one", base::as_bytes("old and long")));
    CHECK_OK(store::replace_file(dir / "one", base::as_bytes("new")));
    CHECK_EQ(base::as_text(*store::read_file(dir / "one", 100)), "new");
    CHECK(!std::filesystem::exists(dir / "one.new"));
}

void a_file_that_is_too_long_or_missing_is_said_to_be() {
    const test::TempDir dir;
    CHECK_OK(store::replace_file(dir / "one", base::as_bytes("four")));
    CHECK_EQ(store::read_file(dir / "one", 3).error().kind, ErrorKind::kLimit);
    CHECK_EQ(store::read_file(dir / "two", 3).error().kind, ErrorKind::kNotFound);
}

void reading_past_the_end_gives_what_there_is() {
    const test::TempDir dir;
    CHECK_OK(store::replace_file(dir / "one", base::as_bytes("0123456789")));
    const base::Fd file{::open((dir / "one").c_str(), O_RDWR | O_CLOEXEC)};
    std::array<uint8_t, 8> some{};
    CHECK_EQ(*store::read_at(file.get(), 0, some, "read"), 8u);
    CHECK_EQ(*store::read_at(file.get(), 6, some, "read"), 4u);
    CHECK_EQ(*store::read_at(file.get(), 20, some, "read"), 0u);
    CHECK_OK(store::write_at(file.get(), 12, base::as_bytes("x"), "write"));
    CHECK_EQ(store::read_file(dir / "one", 100)->size(), 13u);
}

void a_full_disk_is_a_limit_and_other_refusals_are_not() {
    const base::Fd full{::open("/dev/full", O_WRONLY | O_CLOEXEC)};
    CHECK_EQ(store::write_at(full.get(), 0, base::as_bytes("x"), "write").error().kind, ErrorKind::kLimit);
    CHECK_EQ(store::file_error("write", EDQUOT).kind, ErrorKind::kLimit);
    CHECK_EQ(store::file_error("write", EIO).kind, ErrorKind::kIo);
    CHECK(*store::free_octets("/") > 0);
}

}  // namespace

GROUP(file, CASE(a_file_is_replaced_whole_and_nothing_is_left_beside_it),
      CASE(a_file_that_is_too_long_or_missing_is_said_to_be), CASE(reading_past_the_end_gives_what_there_is),
      CASE(a_full_disk_is_a_limit_and_other_refusals_are_not))
