// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How long to wait before the next try: twice as long each time up to a limit, with jitter, so that a hundred
// links that fell together do not come back together. Pure: randomness comes in as an argument.
#pragma once

#include <chrono>
#include <cstdint>

namespace net {

struct BackoffPolicy {
    std::chrono::milliseconds first{500};
    std::chrono::milliseconds most{30'000};
};

class Backoff {
 public:
    explicit Backoff(BackoffPolicy policy) : policy_(policy), next_(policy.first) {}

    // Between 80 and 120 percent of the step; `random` is any number.
    std::chrono::milliseconds next(uint32_t random);
    void reset() { next_ = policy_.first; }

 private:
    BackoffPolicy policy_;
    std::chrono::milliseconds next_;
};

}  // namespace net
