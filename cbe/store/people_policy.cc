// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/people_policy.h"

#include "cbe/domain/person.h"

namespace cbe {
namespace {

using Giving = auth::PermissionInfo::Giving;
using Keys = auth::PermissionInfo::Keys;

auth::PermissionInfo permission(Permission one, const char* allows, Giving giving, Keys keys) {
    return {std::string(to_string(one)), allows, giving, keys};
}

auth::Role ready_made(const char* name, const char* title, const char* description,
                      std::initializer_list<Permission> permissions) {
    auth::Role role{name, title, description, {}, auth::Role::Origin::kReadyMade, 1};
    for (const Permission one : permissions) role.permissions.emplace_back(to_string(one));
    return role;
}

// C-22 names what takes two people to give. What decides or administers is never for a key: a key has no
// one-time code.
std::vector<auth::PermissionInfo> permissions() {
    using enum Permission;
    return {
        permission(kView, "lists, pages, exports without personal data", Giving::kOnePerson, Keys::kAllowed),
        permission(kCreate, "write, submit and discard alerts", Giving::kTwoPeople, Keys::kAllowed),
        permission(kApprove, "approve, reject, return", Giving::kTwoPeople, Keys::kNever),
        permission(kStop, "stop a live alert", Giving::kOnePerson, Keys::kNever),
        permission(kTemplates, "templates and saved areas", Giving::kOnePerson, Keys::kNever),
        permission(kAreas, "import area libraries and site data", Giving::kOnePerson, Keys::kNever),
        permission(kSubmitCap, "post CAP messages, which then wait for approval", Giving::kTwoPeople,
                   Keys::kAllowed),
        permission(kPeople, "invite people, change what they may do", Giving::kTwoPeople, Keys::kNever),
        permission(kViewAudit, "read the audit log", Giving::kOnePerson, Keys::kAllowed),
        permission(kExportAudit, "export the audit log with its signatures", Giving::kOnePerson,
                   Keys::kAllowed),
        permission(kViewSystem, "network and appliance status", Giving::kOnePerson, Keys::kAllowed),
    };
}

std::vector<auth::Role> roles() {
    using enum Permission;
    return {
        ready_made("observer", "Observer", "Sees alerts", {kView}),
        ready_made("author", "Author", "Writes alerts", {kView, kCreate}),
        ready_made("approver", "Approver", "Approves and stops alerts", {kView, kApprove, kStop}),
        ready_made("duty_officer", "Duty officer",
                   "Writes, approves and stops; never approves what he took part in",
                   {kView, kCreate, kApprove, kStop}),
        ready_made("librarian", "Librarian", "Keeps templates, areas and site data", {kTemplates, kAreas}),
        ready_made("administrator", "Authority administrator",
                   "Administers people; neither writes nor approves by this role",
                   {kPeople, kTemplates, kAreas, kViewAudit}),
        ready_made("auditor", "Auditor", "Reads and exports what was done",
                   {kView, kViewAudit, kExportAudit}),
    };
}

}  // namespace

const auth::Catalogue& catalogue() {
    static const auth::Catalogue all{"cbe", permissions(), roles(),
                                     std::string(to_string(Permission::kPeople))};
    return all;
}

}  // namespace cbe
