// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Wrong tries in a row lock for a while, and for twice as long each time until one is right.
//
// Pure: a value that the caller keeps with what is tried and changes in the transaction of the try.
#pragma once

#include <cstdint>

#include "common/time/clock.h"

namespace auth {

struct TryLimits {
    uint32_t tries = 5;  // in a row, then a lock
    std::chrono::seconds first_lock{60};
    std::chrono::seconds longest_lock{900};
};

struct TryGuard {
    uint32_t wrong = 0;  // since the last lock
    uint32_t locks = 0;  // in a row
    base::Instant locked_until{};

    bool locked(base::Instant now) const { return now < locked_until; }
    friend bool operator==(const TryGuard&, const TryGuard&) = default;
};

// After a wrong try; one during a lock changes nothing, so that nobody can be kept out by trying on.
TryGuard after_wrong(const TryGuard& guard, const TryLimits& limits, base::Instant now);

}  // namespace auth
