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
        case Permission::kTemplates:
            return "template.manage";
        case Permission::kAreas:
            return "area.manage";
        case Permission::kSubmitCap:
            return "cap.submit";
        case Permission::kPeople:
            return "user.manage";
        case Permission::kViewAudit:
            return "audit.view";
        case Permission::kExportAudit:
            return "audit.export";
        case Permission::kViewSystem:
            return "system.view";
    }
    return "unknown";
}

std::optional<Permission> permission_of(std::string_view word) {
    for (const Permission permission : kAllPermissions)
        if (to_string(permission) == word) return permission;
    return {};
}

}  // namespace cbe
