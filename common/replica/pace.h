// SPDX-License-Identifier: AGPL-3.0-or-later
//
// So many octets a second: a token bucket that may be overdrawn by one helping. Pure; time comes in.
#pragma once

#include <chrono>
#include <cstdint>

#include "common/time/clock.h"

namespace replica {

class Pace {
 public:
    // 0: as fast as it goes.
    explicit Pace(uint64_t octets_per_second) : rate_(octets_per_second) {}

    // Octets are moved now: how long to wait before the next ones. What was not used before counts for a
    // quarter of a second at most, so that a pause is not followed by a flood.
    std::chrono::microseconds take(uint64_t octets, base::Ticks now);

 private:
    uint64_t rate_;
    base::Ticks paid_until_{};
};

}  // namespace replica
