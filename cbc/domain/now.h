// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The present, as it is handed to domain/: civil time for what alerts and people say, monotonic time for
// waiting.
#pragma once

#include "common/time/clock.h"

namespace cbc {

struct Now {
    base::Instant civil;
    base::Ticks ticks;
};

inline Now now_of(const base::Clock& clock) { return {clock.now(), clock.ticks()}; }

}  // namespace cbc
