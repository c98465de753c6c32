// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How many errors are borne at once, and how fast they are forgiven: a bucket of tokens. Pure.
#pragma once

#include <algorithm>
#include <cstdint>

#include "common/time/clock.h"

namespace http2 {

class ErrorBudget {
 public:
    ErrorBudget(uint32_t most, uint32_t per_second, base::Ticks now)
        : most_(most), per_second_(per_second), left_(most), counted_(now) {}

    // False: there were too many.
    bool take(base::Ticks now) {
        const auto passed = std::chrono::floor<std::chrono::seconds>(now - counted_);
        counted_ += passed;
        const uint64_t forgiven = static_cast<uint64_t>(std::max<int64_t>(0, passed.count())) * per_second_;
        left_ = std::min<uint64_t>(most_, left_ + forgiven);
        if (left_ == 0) return false;
        --left_;
        return true;
    }

 private:
    uint64_t most_;
    uint64_t per_second_;
    uint64_t left_;
    base::Ticks counted_;
};

}  // namespace http2
