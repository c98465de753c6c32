// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How long to wait before a program that ended is started again: longer each time, up to a limit; short again
// after it has run well for a while.
#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

namespace ctl {

class BackOff {
 public:
    static constexpr std::chrono::milliseconds kFirst{500};
    static constexpr std::chrono::milliseconds kLongest{30'000};
    static constexpr std::chrono::seconds kRanWell{60};

    // It ended after having run so long.
    std::chrono::milliseconds next(std::chrono::milliseconds ran) {
        if (ran >= kRanWell) wait_ = kFirst;
        return std::exchange(wait_, std::min(wait_ * 2, kLongest));
    }

 private:
    std::chrono::milliseconds wait_ = kFirst;
};

}  // namespace ctl
