// SPDX-License-Identifier: AGPL-3.0-or-later
//
// When a node that leads should let another one lead: its own disk is full, so it would refuse every write
// although others have room.
#pragma once

#include <chrono>
#include <optional>

#include "common/store/quota.h"
#include "common/time/clock.h"

namespace frame {

class Yield {
 public:
    // Asked about once a second. True: hand over now. After that not again for a minute, then two, … an hour,
    // so that two full nodes don't play ball.
    bool due(bool leads, bool disk_is_full, base::Ticks now);

 private:
    std::optional<base::Ticks> full_since_;
    base::Ticks not_before_{};
    std::chrono::seconds pause_{60};
};

// Not for the quota, which is full on all nodes alike.
bool is_disk_full(const store::Space& space, uint64_t reserve);

}  // namespace frame
