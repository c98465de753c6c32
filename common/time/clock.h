// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Time comes in as an argument. Only the outer layers hold a Clock; domain/ and wire/ get an Instant.
//
// Instant is civil time (UTC, microseconds) for what people and records see; Ticks is monotonic time for
// time-outs, leases and durations, which must not jump with the wall clock.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace base {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Ticks = std::chrono::time_point<std::chrono::steady_clock, std::chrono::microseconds>;

class Clock {
 public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
    virtual Ticks ticks() const = 0;
};

class SystemClock final : public Clock {
 public:
    Instant now() const override;
    Ticks ticks() const override;
};

// For tests: stands still until it is moved.
class FakeClock final : public Clock {
 public:
    explicit FakeClock(Instant start = Instant{std::chrono::seconds{1'700'000'000}}) : now_(start) {}
    Instant now() const override { return now_; }
    Ticks ticks() const override { return ticks_; }
    void advance(std::chrono::microseconds by) {
        now_ += by;
        ticks_ += by;
    }
    // The wall clock jumps (an operator sets it); monotonic time does not.
    void jump(std::chrono::microseconds by) { now_ += by; }

 private:
    Instant now_;
    Ticks ticks_{std::chrono::seconds{1}};
};

// RFC 3339 in UTC: "2026-11-21T10:00:00Z"; microseconds are shown only when they are not zero (".000001").
std::string to_rfc3339(Instant instant);
// Reads RFC 3339 with any offset ("Z", "+02:00", "+0200") and up to nine fractional digits (cut to
// microseconds).
Result<Instant> parse_rfc3339(std::string_view text);

}  // namespace base
