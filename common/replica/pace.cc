// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/pace.h"

#include <algorithm>

namespace replica {
namespace {

constexpr std::chrono::milliseconds kSavedMax{250};

}  // namespace

std::chrono::microseconds Pace::take(uint64_t octets, base::Ticks now) {
    if (rate_ == 0) return {};
    // Helpings are a chunk or a pipe full: no overflow within 18 TB.
    const std::chrono::microseconds cost{octets * 1'000'000 / rate_};
    paid_until_ = std::max(paid_until_, now - kSavedMax) + cost;
    return std::max(std::chrono::microseconds{0}, paid_until_ - now);
}

}  // namespace replica
