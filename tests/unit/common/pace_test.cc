// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/pace.h"

#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using replica::Pace;

constexpr base::Ticks kStart{100s};

void each_helping_costs_its_time() {
    Pace pace(1000);
    CHECK_EQ(pace.take(250, kStart).count(), 0);  // what was saved
    CHECK_EQ(pace.take(500, kStart) / 1ms, 500);
    CHECK_EQ(pace.take(500, kStart + 500ms) / 1ms, 500);
    CHECK_EQ(pace.take(500, kStart + 700ms) / 1ms, 800);
}

void a_pause_is_not_followed_by_a_flood() {
    Pace pace(1000);
    (void)pace.take(250, kStart);
    CHECK_EQ(pace.take(1000, kStart + 1h) / 1ms, 750);
}

void without_a_limit_nothing_waits() {
    Pace pace(0);
    CHECK_EQ(pace.take(uint64_t{1} << 40, kStart).count(), 0);
}

}  // namespace

GROUP(pace, CASE(each_helping_costs_its_time), CASE(a_pause_is_not_followed_by_a_flood),
      CASE(without_a_limit_nothing_waits))
