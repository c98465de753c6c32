// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/policy.h"

#include <algorithm>

namespace auth {

bool Role::has(std::string_view permission) const {
    return std::find(permissions.begin(), permissions.end(), permission) != permissions.end();
}

const PermissionInfo* Catalogue::find(std::string_view permission) const {
    for (const PermissionInfo& one : permissions)
        if (one.name == permission) return &one;
    return nullptr;
}

}  // namespace auth
