// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/yield.h"

#include <algorithm>
#include <limits>

namespace frame {
namespace {

constexpr std::chrono::seconds kFullFor{3};
constexpr std::chrono::seconds kPauseMax{3600};

}  // namespace

bool Yield::due(bool leads, bool disk_is_full, base::Ticks now) {
    if (!leads || !disk_is_full) {
        full_since_.reset();
        if (!disk_is_full) pause_ = std::chrono::seconds{60};
        return false;
    }
    if (!full_since_) full_since_ = now;
    if (now - *full_since_ < kFullFor || now < not_before_) return false;
    not_before_ = now + pause_;
    pause_ = std::min(pause_ * 2, kPauseMax);
    return true;
}

bool is_disk_full(const store::Space& space, uint64_t reserve) {
    store::Quota disk;
    disk.bytes = std::numeric_limits<uint64_t>::max();
    disk.reserve = reserve;
    return disk.room(space) != store::Room::kPlenty;
}

}  // namespace frame
