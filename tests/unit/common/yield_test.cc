// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/yield.h"

#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;

base::Ticks at(std::chrono::seconds after) { return base::Ticks(after); }

void a_full_leader_yields_after_three_seconds() {
    frame::Yield yield;
    CHECK(!yield.due(true, true, at(10s)));
    CHECK(!yield.due(true, true, at(12s)));
    CHECK(yield.due(true, true, at(13s)));
}

void one_that_has_room_or_does_not_lead_keeps_quiet() {
    frame::Yield yield;
    CHECK(!yield.due(true, false, at(0s)));
    CHECK(!yield.due(false, true, at(1s)));
    CHECK(!yield.due(false, true, at(9s)));
    CHECK(!yield.due(true, true, at(10s)));
    CHECK(!yield.due(true, false, at(12s)));  // room again: it begins anew
    CHECK(!yield.due(true, true, at(13s)));
    CHECK(!yield.due(true, true, at(15s)));
    CHECK(yield.due(true, true, at(16s)));
}

void two_full_nodes_do_not_play_ball() {
    frame::Yield yield;
    CHECK(!yield.due(true, true, at(0s)));
    CHECK(yield.due(true, true, at(3s)));
    CHECK(!yield.due(false, true, at(4s)));
    CHECK(!yield.due(true, true, at(10s)));
    CHECK(!yield.due(true, true, at(62s)));
    CHECK(yield.due(true, true, at(63s)));
    CHECK(!yield.due(true, true, at(182s)));
    CHECK(yield.due(true, true, at(183s)));
}

void a_full_quota_is_no_full_disk() {
    constexpr uint64_t kReserve = uint64_t{1} << 30;
    store::Space space{};
    space.used = uint64_t{64} << 30;
    space.file = space.used;
    space.disk_free = 2 * kReserve;
    CHECK(!frame::is_disk_full(space, kReserve));
    space.disk_free = kReserve / 2;
    CHECK(frame::is_disk_full(space, kReserve));
}

}  // namespace

GROUP(yield, CASE(a_full_leader_yields_after_three_seconds),
      CASE(one_that_has_room_or_does_not_lead_keeps_quiet), CASE(two_full_nodes_do_not_play_ball),
      CASE(a_full_quota_is_no_full_disk))
