// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who acts, and what he may do in this authority (A2). Permissions add up; none implies another, and nothing
// implies approving.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cbe/domain/ids.h"

namespace cbe {

enum class Permission : uint8_t {
    kView,
    kCreate,
    kApprove,
    kStop,
    kTemplates,
    kAreas,
    kSubmitCap,
    kPeople,
    kViewAudit,
    kExportAudit,
    kViewSystem,
};
inline constexpr std::array kAllPermissions{
    Permission::kView,      Permission::kCreate,      Permission::kApprove,   Permission::kStop,
    Permission::kTemplates, Permission::kAreas,       Permission::kSubmitCap, Permission::kPeople,
    Permission::kViewAudit, Permission::kExportAudit, Permission::kViewSystem};
std::string_view to_string(Permission permission);  // "alert.view"
std::optional<Permission> permission_of(std::string_view word);

class Permissions {
 public:
    constexpr Permissions() = default;
    constexpr Permissions(std::initializer_list<Permission> list) {
        for (const Permission permission : list) add(permission);
    }
    constexpr void add(Permission permission) { bits_ |= bit(permission); }
    constexpr bool has(Permission permission) const { return (bits_ & bit(permission)) != 0; }
    friend constexpr bool operator==(Permissions, Permissions) = default;

 private:
    static constexpr unsigned bit(Permission permission) { return 1U << static_cast<unsigned>(permission); }
    unsigned bits_ = 0;
};

struct Person {
    UserId id;
    std::string username;
    std::string name;
    Permissions permissions;    // that hold for anything: not those of roles with limits
    std::string identity = {};  // of the verified person: two accounts with the same one are one person
};

}  // namespace cbe
