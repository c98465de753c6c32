// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/try_guard.h"

#include <algorithm>

namespace auth {

TryGuard after_wrong(const TryGuard& guard, const TryLimits& limits, base::Instant now) {
    if (guard.locked(now)) return guard;
    TryGuard after = guard;
    if (++after.wrong < limits.tries) return after;
    auto lock = limits.first_lock;
    for (uint32_t i = 0; i < after.locks && lock < limits.longest_lock; ++i) lock *= 2;
    after.wrong = 0;
    ++after.locks;
    after.locked_until = now + std::min(lock, limits.longest_lock);
    return after;
}

}  // namespace auth
