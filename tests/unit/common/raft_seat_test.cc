// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/raft_seat.h"

#include <fstream>

#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

namespace {

using replica::Role;
using replica::SeatFile;

SeatFile::Held some_seat() {
    return {{"00ff",
             (uint64_t{1} << 63) - 1,
             {{"vm-a", {"192.0.2.1", 7101}}, Role::kMember},
             {{{"vm-m", {"::1", 7102}}, Role::kVoter}}},
            true,
            true};
}

void a_seat_is_read_as_it_was_written() {
    test::TempDir dir;
    const SeatFile file(std::filesystem::path(dir.path()) / "replica");
    const auto before = file.read();
    CHECK_OK(before);
    CHECK(!before->has_value());
    CHECK_OK(file.write(some_seat()));
    const auto held = file.read();
    CHECK_OK(held);
    CHECK_EQ((*held)->seat.cluster, "00ff");
    CHECK_EQ((*held)->seat.id, some_seat().seat.id);
    CHECK((*held)->seat.address == some_seat().seat.address);
    CHECK((*held)->seat.others == some_seat().seat.others);
    CHECK((*held)->founding && (*held)->begun);
    CHECK_OK(file.remove());
    const auto after = file.read();
    CHECK_OK(after);
    CHECK(!after->has_value());
}

void a_seat_that_is_damaged_is_an_error() {
    test::TempDir dir;
    const std::filesystem::path directory = dir.path();
    const SeatFile file(directory);
    for (const char* text :
         {"", "{}", "[]",
          "{\"cluster\":\"x\",\"id\":0,\"founding\":false,\"address\":\"a\",\"others\":[]}"}) {
        std::ofstream(directory / "seat.json") << text;
        CHECK(!file.read());
    }
}

void ids_differ_and_fit_into_63_bits() {
    const uint64_t one = replica::new_raft_id();
    CHECK(one != 0 && one >> 63 == 0 && one != replica::new_raft_id());
    CHECK(replica::new_cluster_name() != replica::new_cluster_name());
}

}  // namespace

GROUP(raft_seat, CASE(a_seat_is_read_as_it_was_written), CASE(a_seat_that_is_damaged_is_an_error),
      CASE(ids_differ_and_fit_into_63_bits))
