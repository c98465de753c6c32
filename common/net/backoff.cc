// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/backoff.h"

#include <algorithm>

namespace net {

std::chrono::milliseconds Backoff::next(uint32_t random) {
    const auto percent = static_cast<int64_t>(80 + random % 41);
    const std::chrono::milliseconds wait{next_.count() * percent / 100};
    next_ = std::min(next_ * 2, policy_.most);
    return wait;
}

}  // namespace net
