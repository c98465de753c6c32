// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/older_people.h"

#include <algorithm>

#include "cbe/store/audit_note.h"
#include "cbe/store/people_policy.h"
#include "cbe/store/record_parts.h"
#include "common/auth/note.h"
#include "common/auth/people.h"
#include "common/base/bytes.h"

namespace cbe {
namespace {

using namespace parts;

constexpr std::string_view kUsers = "users";
constexpr std::string_view kTables[]{kUsers, "usernames", "sessions"};

struct Older {
    auth::User user;  // without grants
    std::vector<std::string> permissions;
};

Older older_of(const Json& json) {
    Older older;
    auth::User& user = older.user;
    user.id = auth::UserId{json.at("id").get<std::string>()};
    user.username = auth::folded(json.at("username").get<std::string>());
    user.name = json.at("name").get<std::string>();
    user.password.hash = json.at("password_hash").get<std::string>();
    const auto sealed = base::from_hex(json.at("sealed_totp").get<std::string>());
    if (!sealed) throw std::invalid_argument(sealed.error().text);
    user.second.sealed = std::string(base::as_text(*sealed));
    const base::Instant locked_until = instant(json.at("locked_until"));
    user.second.codes = {
        json.at("last_step").get<int64_t>(),
        {json.at("wrong_codes").get<uint32_t>(), locked_until > base::Instant{} ? 1U : 0U, locked_until}};
    older.permissions = json.at("permissions").get<std::vector<std::string>>();
    std::sort(older.permissions.begin(), older.permissions.end());
    return older;
}

// The ready-made role with the same permissions, or one of his own.
std::string role_for(store::Transaction& txn, const Older& older) {
    for (const auth::Role& role : catalogue().roles) {
        std::vector<std::string> permissions = role.permissions;
        std::sort(permissions.begin(), permissions.end());
        if (permissions == older.permissions) return role.name;
    }
    const std::string name = "kept." + older.user.username.substr(0, 50);
    auth::put_role(txn, {name, "As before: " + older.user.name, "Permissions of an older version",
                         older.permissions, auth::Role::Origin::kOwn, 1});
    return name;
}

void erase_all(store::Transaction& txn, std::string_view table) {
    std::vector<std::string> keys;
    txn.scan(table, "", "", [&](std::string_view key, std::string_view) {
        keys.emplace_back(key);
        return true;
    });
    for (const std::string& key : keys) txn.erase(table, key);
}

}  // namespace

bool has_older_people(const store::Reader& reader) {
    bool found = false;
    reader.scan(kUsers, "", "", [&](std::string_view, std::string_view) {
        found = true;
        return false;
    });
    return found;
}

base::Result<void> take_over_older_people(store::Transaction& txn, base::Instant now) {
    std::vector<Older> all;
    std::optional<base::Error> unreadable;
    txn.scan(kUsers, "", "", [&](std::string_view key, std::string_view value) {
        auto older = store::decode_record<Older>(
            value, kVersion, [](store::RecordVersion, const Json& json) { return older_of(json); });
        if (!older)
            unreadable =
                base::Error{older.error().kind, "users/" + std::string(key) + ": " + older.error().text};
        else
            all.push_back(*std::move(older));
        return !unreadable;
    });
    if (unreadable) return *unreadable;
    for (Older& older : all) {
        auth::User& user = older.user;
        // Made anew meanwhile, as the demo's officers are.
        if (auth::find_user(txn, user.id) || auth::find_user_by_name(txn, user.username)) continue;
        user.grants = {{role_for(txn, older), {}}};
        user.password.changed_at = user.created_at = now;
        auth::put_user(txn, user);
        auth::note(txn, {{}, "cbed", "", "", ""}, now, "user.take-over", auth::object_of(user.id),
                   {{"username", user.username}, {"role", user.grants.front().role}});
    }
    for (const std::string_view table : kTables) erase_all(txn, table);
    return {};
}

}  // namespace cbe
