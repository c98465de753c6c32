// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/went_live.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cbe/domain/person.h"
#include "cbe/store/people_policy.h"
#include "cbe/store/tables.h"
#include "common/auth/api_key.h"
#include "common/auth/note.h"
#include "common/auth/people.h"
#include "common/store/key.h"

namespace cbe {
namespace {

constexpr Permission kTaken[]{Permission::kCreate, Permission::kApprove, Permission::kSubmitCap};
constexpr const char* kRest = "observer";

store::Key mode_key() { return store::Key().text("authority mode"); }
std::string row_of(Mode mode) { return std::string(to_string(mode)); }

size_t take_from(std::vector<std::string>& permissions) {
    return std::erase_if(permissions, [](const std::string& one) {
        return std::any_of(std::begin(kTaken), std::end(kTaken),
                           [&](Permission taken) { return to_string(taken) == one; });
    });
}

bool gives_what_is_taken(const std::string& name) {
    for (auth::Role role : catalogue().roles)
        if (role.name == name) return take_from(role.permissions) > 0;
    return false;
}

// Ready-made roles are constants: who held one may go on looking.
size_t take_from_users(store::Transaction& txn) {
    std::vector<auth::User> changed;
    auth::each_user(txn, [&](auth::User user) {
        std::vector<auth::Grant> kept;
        for (auth::Grant grant : user.grants) {
            if (gives_what_is_taken(grant.role)) grant.role = kRest;
            if (std::find(kept.begin(), kept.end(), grant) == kept.end()) kept.push_back(std::move(grant));
        }
        if (kept == user.grants) return true;
        user.grants = std::move(kept);
        ++user.version;
        changed.push_back(std::move(user));
        return true;
    });
    for (const auth::User& user : changed) auth::put_user(txn, user);
    return changed.size();
}

size_t take_from_roles(store::Transaction& txn) {
    size_t changed = 0;
    for (auth::Role role : auth::all_roles(txn, catalogue())) {
        if (role.origin == auth::Role::Origin::kReadyMade || take_from(role.permissions) == 0) continue;
        ++role.version;
        auth::put_role(txn, role);
        ++changed;
    }
    return changed;
}

size_t take_from_keys(store::Transaction& txn) {
    size_t changed = 0;
    for (auth::ApiKey key : auth::all_api_keys(txn)) {
        if (take_from(key.permissions) == 0) continue;
        ++key.version;
        auth::put_api_key(txn, key);
        ++changed;
    }
    return changed;
}

}  // namespace

bool mode_changed(const store::Reader& reader, Mode mode) {
    return reader.get(tables::kCounters, mode_key()) != row_of(mode);
}

void note_mode(store::Transaction& txn, Mode mode, base::Instant now) {
    const auto before = txn.get(tables::kCounters, mode_key());
    txn.put(tables::kCounters, mode_key(), row_of(mode));
    if (mode != Mode::kLive || before != row_of(Mode::kTraining)) return;
    const size_t roles = take_from_roles(txn), users = take_from_users(txn), keys = take_from_keys(txn);
    auth::note(txn, {{}, "cbed", "", "", ""}, now, "authority.went-live", "authority",
               {{"users", users}, {"roles", roles}, {"api_keys", keys}});
}

}  // namespace cbe
