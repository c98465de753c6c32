// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/person.h"

namespace cbe {

std::string_view to_string(Permission permission) {
    switch (permission) {
        case Permission::kView:
            return "alert.view";
        case Permission::kCreate:
            return "alert.create";
        case Permission::kApprove:
            return "alert.approve";
        case Permission::kStop:
            return "alert.stop";
    }
    return "unknown";
}

std::optional<Permission> permission_of(std::string_view word) {
    for (const Permission permission : kAllPermissions)
        if (to_string(permission) == word) return permission;
    return {};
}

}  // namespace cbe
