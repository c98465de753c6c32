// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/fake_timers.h"

#include <vector>

#include "tests/support/test.h"

using namespace std::chrono_literals;

namespace {

void timers_fire_in_the_order_they_fall_due() {
    base::FakeClock clock;
    test::FakeTimers timers(clock);
    std::vector<int> fired;
    const auto late = timers.after(20ms, [&] { fired.push_back(2); });
    const auto early = timers.after(10ms, [&] { fired.push_back(1); });
    const auto also_late = timers.after(20ms, [&] { fired.push_back(3); });
    timers.advance(9ms);
    CHECK(fired.empty());
    timers.advance(30ms);
    CHECK(fired == (std::vector<int>{1, 2, 3}));
    CHECK_EQ(timers.armed(), 0u);
}

void the_clock_stands_at_each_timers_time_when_it_fires() {
    base::FakeClock clock;
    test::FakeTimers timers(clock);
    const auto begin = clock.ticks();
    std::vector<long> at;
    const auto repeating = timers.every(10ms, [&] { at.push_back((clock.ticks() - begin) / 1ms); });
    timers.advance(35ms);
    CHECK(at == (std::vector<long>{10, 20, 30}));
    CHECK_EQ((clock.ticks() - begin) / 1ms, 35);
}

void a_timer_may_arm_another_and_destroy_itself() {
    base::FakeClock clock;
    test::FakeTimers timers(clock);
    int fired = 0;
    loop::HandlePtr repeating, next;
    repeating = timers.every(1ms, [&] {
        ++fired;
        repeating.reset();
        next = timers.after(1ms, [&] { ++fired; });
    });
    timers.advance(5ms);
    CHECK_EQ(fired, 2);
}

}  // namespace

GROUP(fake_timers, CASE(timers_fire_in_the_order_they_fall_due),
      CASE(the_clock_stands_at_each_timers_time_when_it_fires),
      CASE(a_timer_may_arm_another_and_destroy_itself))
