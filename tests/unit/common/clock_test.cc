// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/time/clock.h"

#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;

void rfc3339_goes_both_ways() {
    for (const char* text : {"2026-11-21T10:00:00Z", "2024-02-29T23:59:59.000001Z", "1970-01-01T00:00:00Z"})
        CHECK_EQ(base::to_rfc3339(*base::parse_rfc3339(text)), text);
}

void offsets_are_taken_off() {
    for (const char* text : {"2026-11-21T12:30:00+02:30", "2026-11-21T12:30:00+0230",
                             "2026-11-21T09:00:00-01:00", "2026-11-21t10:00:00.0z"})
        CHECK_EQ(base::to_rfc3339(*base::parse_rfc3339(text)), "2026-11-21T10:00:00Z");
    CHECK_EQ(base::to_rfc3339(*base::parse_rfc3339("2026-11-21T10:00:00.1234567Z")),
             "2026-11-21T10:00:00.123456Z");
}

void what_is_not_a_time_is_refused() {
    for (const char* text :
         {"", "2026-11-21", "2026-11-21T10:00:00", "2026-13-21T10:00:00Z", "2026-02-30T10:00:00Z",
          "2026-11-21T24:00:00Z", "2026-11-21T10:60:00Z", "2026-11-21 10:00:00Z", "2026-11-21T10:00:00.Z",
          "2026-11-21T10:00:00+25:00", "2026-11-21T10:00:00.1234567891Z"})
        CHECK(!base::parse_rfc3339(text));
}

void a_fake_clock_moves_only_when_told() {
    base::FakeClock clock;
    const auto now = clock.now();
    const auto ticks = clock.ticks();
    clock.advance(5s);
    clock.jump(-1h);
    CHECK(clock.now() == now + 5s - 1h);
    CHECK(clock.ticks() == ticks + 5s);
}

}  // namespace

GROUP(clock, CASE(rfc3339_goes_both_ways), CASE(offsets_are_taken_off), CASE(what_is_not_a_time_is_refused),
      CASE(a_fake_clock_moves_only_when_told))
