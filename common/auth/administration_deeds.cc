// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What may need two people: checked when it is asked for and again when the second person decides, done once.
#include <algorithm>

#include "common/auth/administration_parts.h"
#include "common/auth/people.h"
#include "common/auth/session.h"
#include "common/json/parse.h"

namespace auth {
namespace {

using Json = nlohmann::json;
using What = Changed::What;

constexpr size_t kMostRequests = 1000;  // that wait

std::string text(const Json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> texts(const Json& payload, const char* name) {
    std::vector<std::string> all;
    if (const auto found = payload.find(name); found != payload.end() && found->is_array())
        for (const Json& one : *found)
            if (one.is_string()) all.push_back(one.get<std::string>());
    return all;
}

int64_t number(const Json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_number_integer() ? found->get<int64_t>() : 0;
}

std::optional<User> user_in(AdminTurn& turn, const Json& payload) {
    return find_user(turn.txn(), UserId{text(payload, "user")});
}

Refusal invalid(const char* field, const std::string& why) {
    return {RefusalCode::kInvalid, "Nothing was changed: " + why + ".", field};
}

Verdict check_grants(AdminTurn& turn, const std::vector<Grant>& grants) {
    for (const Grant& grant : grants)
        if (!find_role(turn.txn(), turn.catalogue(), grant.role))
            return invalid("roles", "there is no role \"" + grant.role + "\"");
    return {};
}

Verdict check_invitation(AdminTurn& turn, const Json& payload) {
    const std::string username = text(payload, "username"), email = text(payload, "email");
    if (!is_username(username))
        return invalid("username", "a user name has 2 to 64 of a-z, 0-9, dot, dash and underscore");
    if (text(payload, "name").empty()) return invalid("name", "a name is missing");
    if (!email.empty() && !is_email(email)) return invalid("email", "that is no e-mail address");
    if (find_user_by_name(turn.txn(), username))
        return Refusal{RefusalCode::kTaken, "Nothing was changed: that user name is taken.", "username"};
    if (!email.empty() && find_user_by_name(turn.txn(), email))
        return Refusal{RefusalCode::kTaken, "Nothing was changed: that address is taken.", "email"};
    return check_grants(turn, grants_of(payload.value("grants", Json::array())));
}

// Who would no longer administer must not be one of the last.
Verdict check_new_grants(AdminTurn& turn, const Json& payload) {
    auto user = user_in(turn, payload);
    if (!user || user->status == UserStatus::kDeleted) return no_such("user");
    const auto grants = grants_of(payload.value("grants", Json::array()));
    if (auto no = check_grants(turn, grants)) return no;
    const std::string& administer = turn.catalogue().administer;
    if (!rights_of(turn.txn(), turn.catalogue(), *user).holds(administer)) return {};
    user->grants = grants;
    if (rights_of(turn.txn(), turn.catalogue(), *user).holds(administer)) return {};
    const size_t needed = turn.policy().administration == Policy::Administration::kTwoPeople ? 2 : 1;
    if (other_administrators(turn.txn(), turn.catalogue(), *user).size() >= needed) return {};
    return Refusal{RefusalCode::kLastAdministrator,
                   "Nothing was changed: too few people would be left who can administer."};
}

Verdict check_details(AdminTurn& turn, const Json& payload) {
    const auto user = user_in(turn, payload);
    if (!user) return no_such("user");
    const std::string email = text(payload, "email");
    if (text(payload, "name").empty()) return invalid("name", "a name is missing");
    if (email.empty()) return {};
    if (!is_email(email)) return invalid("email", "that is no e-mail address");
    const auto other = find_user_by_name(turn.txn(), email);
    if (!other || other->id == user->id) return {};
    return Refusal{RefusalCode::kTaken,
                   "Nothing was changed: that address belongs to " + other->username + ".", "email"};
}

Verdict check_role(AdminTurn& turn, const Json& payload) {
    const std::string name = text(payload, "name");
    if (!is_username(name))
        return invalid("name", "a role's name has 2 to 64 of a-z, 0-9, dot, dash, underscore");
    const auto permissions = texts(payload, "permissions");
    for (const std::string& one : permissions)
        if (turn.catalogue().find(one) == nullptr)
            return invalid("permissions", "there is no permission \"" + one + "\"");
    const auto before = find_role(turn.txn(), turn.catalogue(), name);
    if (before && before->origin == Role::Origin::kReadyMade)
        return Refusal{RefusalCode::kStatus,
                       "Nothing was changed: a ready-made role stays as it is. Make your own."};
    return wanted_version(before ? before->version : 0, static_cast<uint32_t>(number(payload, "version")));
}

Verdict check_key(AdminTurn& turn, const Json& payload) {
    if (text(payload, "name").empty()) return invalid("name", "a name is missing");
    const auto permissions = texts(payload, "permissions");
    if (permissions.empty()) return invalid("permissions", "a key without permissions is of no use");
    for (const std::string& one : permissions) {
        const PermissionInfo* info = turn.catalogue().find(one);
        if (info == nullptr || info->keys == PermissionInfo::Keys::kNever)
            return invalid("permissions", "a key cannot carry \"" + one + "\"");
    }
    for (const std::string& one : texts(payload, "addresses"))
        if (!is_network(one)) return invalid("addresses", "\"" + one + "\" is no address or network");
    const base::Instant expires{std::chrono::microseconds{number(payload, "expires_at")}};
    if (expires != base::Instant{} && expires <= turn.now())
        return invalid("expires", "the end is past already");
    return {};
}

std::vector<std::string> permissions_of(AdminTurn& turn, const std::vector<Grant>& grants) {
    std::vector<std::string> all;
    for (const Grant& grant : grants)
        if (const auto role = find_role(turn.txn(), turn.catalogue(), grant.role))
            all.insert(all.end(), role->permissions.begin(), role->permissions.end());
    return all;
}

// With wider or other limits it is a new right, too.
bool gives_more(AdminTurn& turn, const User& user, const std::vector<Grant>& grants) {
    for (const Grant& grant : grants) {
        if (std::find(user.grants.begin(), user.grants.end(), grant) != user.grants.end()) continue;
        if (!elevated(turn.catalogue(), permissions_of(turn, {grant})).empty()) return true;
    }
    return false;
}

bool role_gives_more(AdminTurn& turn, const Json& payload) {
    const auto before = find_role(turn.txn(), turn.catalogue(), text(payload, "name"));
    for (const std::string& one : elevated(turn.catalogue(), texts(payload, "permissions")))
        if (!before || !before->has(one)) return true;
    return false;
}

Changed invite_user(AdminTurn& turn, const Json& payload, const std::string& id) {
    User user;
    user.id = UserId{id};
    user.username = text(payload, "username");
    user.name = text(payload, "name");
    user.email = text(payload, "email");
    user.phone = text(payload, "phone");
    user.identity = text(payload, "identity");
    user.status = UserStatus::kInvited;
    user.grants = grants_of(payload.value("grants", Json::array()));
    user.created_at = turn.now();
    user.created_by = turn.who().id.value();
    put_user(turn.txn(), user);
    turn.note("user.invite", object_of(user.id),
              {{"username", user.username}, {"roles", json_of(user.grants)}});
    return {What::kUser, id};
}

Changed change_user(AdminTurn& turn, RequestKind kind, const Json& payload) {
    auto user = user_in(turn, payload);
    if (!user) return {What::kUser, text(payload, "user")};
    const Json before = json_of(user->grants);
    std::string action = "user.roles";
    if (kind == RequestKind::kGrants) user->grants = grants_of(payload.value("grants", Json::array()));
    if (kind == RequestKind::kEnable) {
        user->status = UserStatus::kActive;
        action = "user.enable";
    }
    if (kind == RequestKind::kResetSecondFactor) {
        // The guard stays: what was accepted once is not accepted again.
        const CodeGuard codes = user->second.codes;
        user->second = {};
        user->second.codes = codes;
        end_sessions(turn.txn(), user->id);
        action = "user.second-factor-reset";
    }
    ++user->version;
    put_user(turn.txn(), *user);
    turn.note(action, object_of(user->id),
              {{"roles", json_of(user->grants)}, {"before", before}, {"status", to_string(user->status)}});
    return {What::kUser, user->id.value()};
}

Changed write_details(AdminTurn& turn, const Json& payload) {
    auto user = user_in(turn, payload);
    if (!user) return {What::kUser, text(payload, "user")};
    const std::string before = user->identity;
    user->name = text(payload, "name");
    user->email = text(payload, "email");
    user->phone = text(payload, "phone");
    user->identity = text(payload, "identity");
    ++user->version;
    put_user(turn.txn(), *user);
    turn.note("user.change", object_of(user->id),
              {{"name", user->name},
               {"email", user->email},
               {"identity", user->identity},
               {"identity_before", before}});
    return {What::kUser, user->id.value()};
}

Changed write_role(AdminTurn& turn, const Json& payload) {
    const Role role{text(payload, "name"),        text(payload, "title"),
                    text(payload, "description"), texts(payload, "permissions"),
                    Role::Origin::kOwn,           static_cast<uint32_t>(number(payload, "version")) + 1};
    put_role(turn.txn(), role);
    turn.note("role.change", "role/" + role.name, {{"permissions", role.permissions}});
    return {What::kRole, role.name};
}

Changed write_key(AdminTurn& turn, const Json& payload, const std::string& id) {
    ApiKey key;
    key.id = id;
    key.name = text(payload, "name");
    key.description = text(payload, "description");
    key.permissions = texts(payload, "permissions");
    key.addresses = texts(payload, "addresses");
    key.holder = UserId{text(payload, "holder")};
    key.created_at = turn.now();
    key.expires_at = base::Instant{std::chrono::microseconds{number(payload, "expires_at")}};
    put_api_key(turn.txn(), key);
    turn.note("api_key.make", "api-key/" + key.id,
              {{"name", key.name}, {"permissions", key.permissions}, {"addresses", key.addresses}});
    return {What::kApiKey, id};
}

AdminAnswer ask(AdminTurn& turn, const Deed& deed) {
    const bool rights = deed.kind == RequestKind::kGrants || deed.kind == RequestKind::kRole ||
                        deed.kind == RequestKind::kResetSecondFactor || deed.kind == RequestKind::kDetails;
    Request request;
    request.id = turn.asked().new_id;
    request.kind = deed.kind;
    request.payload = json::dump(deed.payload);
    request.summary = deed.summary;
    request.asked_by = turn.who().id;
    request.asked_at = turn.now();
    request.expires_at = turn.now() + (rights ? turn.policy().elevation_waits : turn.policy().request_waits);
    put_request(turn.txn(), request);
    turn.note("request.ask", "request/" + request.id,
              {{"kind", to_string(deed.kind)}, {"what", deed.payload}});
    return turn.done(What::kRequest, request.id);
}

}  // namespace

std::vector<Grant> grants_of(const Json& json) {
    std::vector<Grant> grants;
    for (const Json& one : json)
        if (one.is_object())
            grants.push_back({text(one, "role"), {texts(one, "templates"), texts(one, "regions")}});
    return grants;
}

std::vector<std::string> elevated(const Catalogue& catalogue, const std::vector<std::string>& permissions) {
    std::vector<std::string> all;
    for (const std::string& one : permissions) {
        const PermissionInfo* info = catalogue.find(one);
        if (info != nullptr && info->giving == PermissionInfo::Giving::kTwoPeople) all.push_back(one);
    }
    return all;
}

Verdict check_deed(AdminTurn& turn, RequestKind kind, const Json& payload) {
    if (!payload.is_object()) return no_such("request");
    switch (kind) {
        case RequestKind::kInvite:
            return check_invitation(turn, payload);
        case RequestKind::kGrants:
            return check_new_grants(turn, payload);
        case RequestKind::kEnable:
        case RequestKind::kResetSecondFactor: {
            const auto user = user_in(turn, payload);
            if (!user) return no_such("user");
            const bool right = kind == RequestKind::kEnable ? user->status == UserStatus::kDisabled
                                                            : user->status == UserStatus::kActive ||
                                                                  user->status == UserStatus::kDisabled;
            if (right) return {};
            return Refusal{RefusalCode::kStatus, "Nothing was changed: this account is " +
                                                     std::string(to_string(user->status)) + " now."};
        }
        case RequestKind::kRole:
            return check_role(turn, payload);
        case RequestKind::kApiKey:
            return check_key(turn, payload);
        case RequestKind::kDetails:
            return check_details(turn, payload);
    }
    return no_such("request");
}

bool needs_two(AdminTurn& turn, RequestKind kind, const Json& payload) {
    if (turn.policy().administration == Policy::Administration::kOnePerson) return false;
    if (kind == RequestKind::kGrants) {
        const auto user = user_in(turn, payload);
        return !user || gives_more(turn, *user, grants_of(payload.value("grants", Json::array())));
    }
    // Whose account it is decides who may approve whose alerts (C-14).
    if (kind == RequestKind::kDetails) {
        const auto user = user_in(turn, payload);
        return !user || user->identity != text(payload, "identity");
    }
    return kind != RequestKind::kRole || role_gives_more(turn, payload);
}

Changed perform_deed(AdminTurn& turn, RequestKind kind, const Json& payload, const std::string& id) {
    switch (kind) {
        case RequestKind::kInvite:
            return invite_user(turn, payload, id);
        case RequestKind::kGrants:
        case RequestKind::kEnable:
        case RequestKind::kResetSecondFactor:
            return change_user(turn, kind, payload);
        case RequestKind::kRole:
            return write_role(turn, payload);
        case RequestKind::kApiKey:
            return write_key(turn, payload, id);
        case RequestKind::kDetails:
            return write_details(turn, payload);
    }
    return {What::kUser, ""};
}

AdminAnswer ask_or_do(AdminTurn& turn, const Deed& deed) {
    if (auto no = check_deed(turn, deed.kind, deed.payload)) return *no;
    const bool two = needs_two(turn, deed.kind, deed.payload);
    if (two && requests(turn.txn(), Which::kWaiting, turn.now(), kMostRequests).size() >= kMostRequests)
        return Refusal{RefusalCode::kStatus,
                       "Nothing was changed: a thousand requests wait. Decide some first."};
    if (auto no = turn.use_code("request/" + turn.asked().new_id)) return *no;
    if (two) return ask(turn, deed);
    const Changed changed = perform_deed(turn, deed.kind, deed.payload, turn.asked().new_id);
    return turn.done(changed.what, changed.id);
}

}  // namespace auth
