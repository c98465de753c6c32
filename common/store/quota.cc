// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/quota.h"

#include <algorithm>

namespace store {

Room Quota::room(const Space& space) const {
    const uint64_t by_quota = bytes > space.used ? bytes - space.used : 0;
    const uint64_t reusable = space.file > space.used ? space.file - space.used : 0;
    const uint64_t left = std::min(by_quota, space.disk_free + reusable);
    if (left < batch_margin) return Room::kNone;
    return left < reserve ? Room::kEssential : Room::kPlenty;
}

bool Quota::is_essential(std::string_view table) const {
    return std::any_of(essential_tables.begin(), essential_tables.end(),
                       [&](const std::string& one) { return one == "*" || one == table; });
}

}  // namespace store
