// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/administration.h"

#include <algorithm>
#include <charconv>

#include "common/auth/account.h"
#include "common/auth/administration_parts.h"
#include "common/auth/people.h"
#include "common/auth/second_factor.h"
#include "common/auth/session.h"
#include "common/auth/token.h"
#include "common/json/parse.h"

namespace auth {
namespace {

using Json = nlohmann::json;
using What = Changed::What;

constexpr std::string_view kWhats = "urok";  // of Changed::What, in its order

std::string kept_form(const Changed& changed) {
    return std::string(1, kWhats[static_cast<size_t>(changed.what)]) + changed.id;
}

std::optional<Changed> from_kept(const std::string& kept) {
    const size_t what = kept.empty() ? std::string_view::npos : kWhats.find(kept.front());
    if (what == std::string_view::npos) return {};
    return Changed{static_cast<What>(what), kept.substr(1), Changed::Turn::kRepeated};
}

// Runs `body` unless the request is a repeat or the asker may not.
template <class Body>
AdminAnswer with_turn(store::Transaction& txn, const Rules& rules, const Asked& asked, Body body) {
    AdminTurn turn(txn, rules, asked);
    if (auto answer = turn.before()) return *answer;
    return body(turn);
}

template <class Body>
AdminAnswer with_user(store::Transaction& txn, const Rules& rules, const Asked& asked, const UserId& id,
                      Body body) {
    return with_turn(txn, rules, asked, [&](AdminTurn& turn) -> AdminAnswer {
        auto user = find_user(txn, id);
        if (!user) return no_such("user");
        return body(turn, *user);
    });
}

size_t administrators_needed(AdminTurn& turn) {
    return turn.policy().administration == Policy::Administration::kTwoPeople ? 2 : 1;
}

Refusal too_few_left(size_t needed) {
    return {RefusalCode::kLastAdministrator,
            "Nothing was changed: fewer than " + std::to_string(needed) +
                " people would be left who can administer. Invite another one first."};
}

// The last two who administer: with fewer, nothing that two must want could ever be done again.
Verdict administrators_left(AdminTurn& turn, const User& user) {
    if (!rights_of(turn.txn(), turn.catalogue(), user).holds(turn.catalogue().administer)) return {};
    const size_t needed = administrators_needed(turn);
    if (other_administrators(turn.txn(), turn.catalogue(), user).size() >= needed) return {};
    return too_few_left(needed);
}

// Those who would still administer if nobody held the role.
Verdict administrators_without(AdminTurn& turn, std::string_view role) {
    std::vector<User> left;  // people: two accounts of one are one
    each_user(turn.txn(), [&](User user) {
        std::erase_if(user.grants, [&](const Grant& grant) { return grant.role == role; });
        const bool administers =
            rights_of(turn.txn(), turn.catalogue(), user).holds(turn.catalogue().administer);
        if (administers &&
            std::none_of(left.begin(), left.end(), [&](const User& one) { return one.same_person(user); }))
            left.push_back(std::move(user));
        return true;
    });
    const size_t needed = administrators_needed(turn);
    return left.size() >= needed ? Verdict() : too_few_left(needed);
}

AdminAnswer write_user(AdminTurn& turn, User user, const std::string& action, Json after) {
    // Who changes his own account has used up a code meanwhile.
    if (user.id == turn.who().id)
        if (const auto fresh = find_user(turn.txn(), user.id)) user.second.codes = fresh->second.codes;
    ++user.version;
    put_user(turn.txn(), user);
    turn.note(action, object_of(user.id), std::move(after));
    return turn.done(What::kUser, user.id.value());
}

Verdict right_status(const User& user, UserAction action) {
    const auto is = [&](std::initializer_list<UserStatus> all) {
        return std::find(all.begin(), all.end(), user.status) != all.end();
    };
    using enum UserStatus;
    bool right = true;
    switch (action) {
        case UserAction::kDisable:
            right = is({kActive});
            break;
        case UserAction::kEnable:
            right = is({kDisabled});
            break;
        case UserAction::kDelete:
            right = !is({kDeleted});
            break;
        case UserAction::kRestore:
            right = is({kDeleted});
            break;
        case UserAction::kUnlock:
        case UserAction::kResetSecondFactor:
        case UserAction::kEndSessions:
            right = is({kActive, kDisabled});
            break;
    }
    if (right) return {};
    return Refusal{RefusalCode::kStatus, "Nothing was changed: this account is " +
                                             std::string(to_string(user.status)) +
                                             ", which does not allow it."};
}

}  // namespace

std::optional<AdminAnswer> AdminTurn::before() {
    if (!asked_.key.key.empty()) {
        const auto kept = store::find_response(txn_, asked_.key, asked_.digest);
        if (!kept)
            return AdminAnswer{Refusal{RefusalCode::kKeyReused,
                                       "Nothing was changed: this Idempotency-Key was used for another "
                                       "request. Use a new key for each action."}};
        if (*kept)
            if (const auto changed = from_kept(**kept)) return AdminAnswer{*changed};
    }
    const auto who = find_user(txn_, asked_.actor.id);
    if (!who || !rights_of(txn_, catalogue(), *who).holds(catalogue().administer))
        return AdminAnswer{
            Refusal{RefusalCode::kPermission,
                    "Nothing was changed: you do not have the permission " + catalogue().administer + "."}};
    who_ = *who;
    return {};
}

Verdict AdminTurn::use_code(const std::string& object) {
    return auth::use_code(txn_, who_.id, {asked_.step, asked_.now, object, asked_.actor});
}

void AdminTurn::note(const std::string& action, const std::string& object, Json after) {
    auth::note(txn_, asked_.actor, asked_.now, action, object, std::move(after));
}

AdminAnswer AdminTurn::done(What what, std::string id) {
    Changed changed{what, std::move(id), Changed::Turn::kFirst};
    if (!asked_.key.key.empty())
        store::keep_response(txn_, asked_.key, asked_.digest, kept_form(changed), asked_.now);
    return changed;
}

Refusal no_such(const char* what) {
    return {RefusalCode::kNotFound, "There is no such " + std::string(what) + ". Reload the list."};
}

Verdict wanted_version(uint32_t now, uint32_t seen) {
    if (now == seen) return {};
    return Refusal{RefusalCode::kVersion,
                   "Nothing was saved: somebody changed this meanwhile (it is at version " +
                       std::to_string(now) + ", you had " + std::to_string(seen) +
                       "). Reload, compare, save again."};
}

AdminAnswer invite(store::Transaction& txn, const Rules& rules, const Asked& asked, const UserFields& fields,
                   const std::vector<Grant>& grants) {
    return with_turn(txn, rules, asked, [&](AdminTurn& turn) {
        return ask_or_do(turn, {RequestKind::kInvite,
                                {{"username", folded(fields.username)},
                                 {"name", fields.name},
                                 {"email", fields.email},
                                 {"phone", fields.phone},
                                 {"identity", fields.identity},
                                 {"grants", json_of(grants)}},
                                "Invite " + fields.name + " (" + folded(fields.username) + ")"});
    });
}

AdminAnswer set_grants(store::Transaction& txn, const Rules& rules, const Asked& asked, const UserId& id,
                       uint32_t version, const std::vector<Grant>& grants) {
    return with_user(txn, rules, asked, id, [&](AdminTurn& turn, const User& user) -> AdminAnswer {
        if (auto no = wanted_version(user.version, version)) return *no;
        return ask_or_do(turn, {RequestKind::kGrants,
                                {{"user", id.value()}, {"grants", json_of(grants)}},
                                "Change what " + user.name + " (" + user.username + ") may do"});
    });
}

AdminAnswer set_details(store::Transaction& txn, const Rules& rules, const Asked& asked, const UserId& id,
                        uint32_t version, const UserFields& fields) {
    return with_user(txn, rules, asked, id, [&](AdminTurn& turn, const User& user) -> AdminAnswer {
        if (auto no = wanted_version(user.version, version)) return *no;
        return ask_or_do(turn, {RequestKind::kDetails,
                                {{"user", id.value()},
                                 {"name", fields.name},
                                 {"email", fields.email},
                                 {"phone", fields.phone},
                                 {"identity", fields.identity}},
                                "Change who " + user.name + " (" + user.username + ") is"});
    });
}

std::string_view to_string(UserAction action) {
    switch (action) {
        case UserAction::kDisable:
            return "disable";
        case UserAction::kEnable:
            return "enable";
        case UserAction::kDelete:
            return "delete";
        case UserAction::kRestore:
            return "restore";
        case UserAction::kUnlock:
            return "unlock";
        case UserAction::kResetSecondFactor:
            return "second-factor-reset";
        case UserAction::kEndSessions:
            return "end-sessions";
    }
    return "unknown";
}

AdminAnswer act_on_user(store::Transaction& txn, const Rules& rules, const Asked& asked, const UserId& id,
                        UserAction action) {
    return with_user(txn, rules, asked, id, [&](AdminTurn& turn, User& user) -> AdminAnswer {
        if (auto no = right_status(user, action)) return *no;
        if (action == UserAction::kEnable)
            return ask_or_do(turn, {RequestKind::kEnable,
                                    {{"user", id.value()}},
                                    "Let " + user.name + " (" + user.username + ") in again"});
        if (action == UserAction::kResetSecondFactor)
            return ask_or_do(turn, {RequestKind::kResetSecondFactor,
                                    {{"user", id.value()}},
                                    "Take the second factor off " + user.name + " (" + user.username + ")"});
        const bool takes_away = action == UserAction::kDisable || action == UserAction::kDelete;
        if (takes_away)
            if (auto no = administrators_left(turn, user)) return *no;
        if (auto no = turn.use_code(object_of(id))) return *no;
        if (action == UserAction::kDisable || action == UserAction::kRestore)
            user.status = UserStatus::kDisabled;
        if (action == UserAction::kDelete) user.status = UserStatus::kDeleted;
        if (action == UserAction::kUnlock) user.password_tries = user.second.codes.tries = {};
        const bool ends = takes_away || action == UserAction::kEndSessions;
        const size_t ended = ends ? end_sessions(txn, id) : 0;
        return write_user(turn, user, "user." + std::string(to_string(action)),
                          {{"status", to_string(user.status)}, {"sessions_ended", ended}});
    });
}

AdminAnswer end_one_session(store::Transaction& txn, const Rules& rules, const Asked& asked, const UserId& id,
                            std::string_view session_id) {
    return with_user(txn, rules, asked, id, [&](AdminTurn& turn, const User& user) -> AdminAnswer {
        if (auto no = turn.use_code(object_of(id))) return *no;
        const bool ended = end_session(txn, id, session_id) == Ended::kYes;
        turn.note("user.end-session", object_of(id), {{"session", session_id}, {"ended", ended}});
        return turn.done(What::kUser, user.id.value());
    });
}

AdminAnswer set_temporary_password(store::Transaction& txn, const Rules& rules, const Asked& asked,
                                   const UserId& id, const std::string& hash) {
    return with_user(txn, rules, asked, id, [&](AdminTurn& turn, User& user) -> AdminAnswer {
        if (user.status != UserStatus::kActive)
            return Refusal{RefusalCode::kStatus, "Nothing was changed: this account is " +
                                                     std::string(to_string(user.status)) + "."};
        if (user.same_person(turn.who()))
            return Refusal{RefusalCode::kOwnRequest,
                           "Nothing was changed: change your own password in your account."};
        if (auto no = turn.use_code(object_of(id))) return *no;
        user.password.hash = hash;
        user.password.kind = Password::Kind::kTemporary;
        user.password.changed_at = turn.now();
        user.password.good_until = turn.now() + turn.policy().temporary_password_lives;
        user.password_tries = {};
        const size_t ended = end_sessions(txn, id);
        return write_user(turn, user, "user.password-reset", {{"sessions_ended", ended}});
    });
}

AdminAnswer make_invitation_link(store::Transaction& txn, const Rules& rules, const Asked& asked,
                                 const UserId& id, std::string_view token_hash) {
    return with_user(txn, rules, asked, id, [&](AdminTurn& turn, const User& user) -> AdminAnswer {
        if (user.status != UserStatus::kInvited)
            return Refusal{RefusalCode::kStatus,
                           "Nothing was changed: only who is invited gets an invitation."};
        if (auto no = turn.use_code(object_of(id))) return *no;
        put_link(txn, token_hash, {Link::For::kInvitation, id, turn.now() + turn.policy().invitation_lives});
        turn.note("user.invitation", object_of(id), Json::object());
        return turn.done(What::kUser, id.value());
    });
}

AdminAnswer put_own_role(store::Transaction& txn, const Rules& rules, const Asked& asked, const Role& role) {
    return with_turn(txn, rules, asked, [&](AdminTurn& turn) {
        return ask_or_do(turn, {RequestKind::kRole,
                                {{"name", role.name},
                                 {"title", role.title},
                                 {"description", role.description},
                                 {"permissions", role.permissions},
                                 {"version", role.version}},
                                "Role " + role.title + " (" + role.name + ")"});
    });
}

AdminAnswer erase_own_role(store::Transaction& txn, const Rules& rules, const Asked& asked,
                           std::string_view name) {
    return with_turn(txn, rules, asked, [&](AdminTurn& turn) -> AdminAnswer {
        const auto role = find_role(txn, turn.catalogue(), name);
        if (!role) return no_such("role");
        if (role->origin == Role::Origin::kReadyMade)
            return Refusal{RefusalCode::kStatus, "Nothing was changed: a ready-made role stays."};
        std::vector<User> holders;
        each_user(txn, [&](const User& user) {
            const auto& grants = user.grants;
            if (std::any_of(grants.begin(), grants.end(), [&](const Grant& one) { return one.role == name; }))
                holders.push_back(user);
            return true;
        });
        if (role->has(turn.catalogue().administer))
            if (auto no = administrators_without(turn, name)) return *no;
        const std::string object = "role/" + std::string(name);
        if (auto no = turn.use_code(object)) return *no;
        for (const User& holder : holders) {
            auto user = find_user(txn, holder.id);
            if (!user) continue;
            std::erase_if(user->grants, [&](const Grant& grant) { return grant.role == name; });
            ++user->version;
            put_user(txn, *user);
        }
        erase_role(txn, name);
        turn.note("role.erase", object, {{"holders", holders.size()}});
        return turn.done(What::kRole, std::string(name));
    });
}

AdminAnswer make_key(store::Transaction& txn, const Rules& rules, const Asked& asked,
                     const KeyFields& fields) {
    return with_turn(txn, rules, asked, [&](AdminTurn& turn) {
        return ask_or_do(turn, {RequestKind::kApiKey,
                                {{"name", fields.name},
                                 {"description", fields.description},
                                 {"permissions", fields.permissions},
                                 {"addresses", fields.addresses},
                                 {"expires_at", fields.expires_at.time_since_epoch().count()},
                                 {"holder", turn.who().id.value()}},
                                "API key " + fields.name});
    });
}

AdminAnswer change_key(store::Transaction& txn, const Rules& rules, const Asked& asked, std::string_view id,
                       uint32_t version, const KeyFields& fields) {
    return with_turn(txn, rules, asked, [&](AdminTurn& turn) -> AdminAnswer {
        auto key = find_api_key(txn, id);
        if (!key || key->revoked_at != base::Instant{}) return no_such("key");
        if (auto no = wanted_version(key->version, version)) return *no;
        for (const std::string& one : fields.permissions)
            if (std::find(key->permissions.begin(), key->permissions.end(), one) == key->permissions.end())
                return Refusal{RefusalCode::kInvalid,
                               "Nothing was saved: a key can only lose permissions. Ask for a new key.",
                               "permissions"};
        const std::string object = "api-key/" + key->id;
        if (auto no = turn.use_code(object)) return *no;
        key->name = fields.name;
        key->description = fields.description;
        key->permissions = fields.permissions;
        key->addresses = fields.addresses;
        key->expires_at = fields.expires_at;
        ++key->version;
        put_api_key(txn, *key);
        turn.note("api_key.change", object,
                  {{"permissions", key->permissions}, {"addresses", key->addresses}});
        return turn.done(What::kApiKey, key->id);
    });
}

AdminAnswer set_key_value(store::Transaction& txn, const Rules& rules, const Asked& asked,
                          std::string_view id, std::string_view value) {
    return with_turn(txn, rules, asked, [&](AdminTurn& turn) -> AdminAnswer {
        auto key = find_api_key(txn, id);
        if (!key || key->status_at(turn.now()) != ApiKey::Status::kActive) return no_such("key");
        const std::string object = "api-key/" + key->id;
        if (auto no = turn.use_code(object)) return *no;
        key->hash = token_hash(value);
        key->shown = shown_form(value);
        ++key->version;
        put_api_key(txn, *key);
        turn.note("api_key.value", object, {{"shown", key->shown}});
        return turn.done(What::kApiKey, key->id);
    });
}

AdminAnswer revoke_key(store::Transaction& txn, const Rules& rules, const Asked& asked, std::string_view id) {
    return with_turn(txn, rules, asked, [&](AdminTurn& turn) -> AdminAnswer {
        auto key = find_api_key(txn, id);
        if (!key || key->revoked_at != base::Instant{}) return no_such("key");
        const std::string object = "api-key/" + key->id;
        if (auto no = turn.use_code(object)) return *no;
        key->revoked_at = turn.now();
        ++key->version;
        put_api_key(txn, *key);
        turn.note("api_key.revoke", object, {{"name", key->name}});
        return turn.done(What::kApiKey, key->id);
    });
}

AdminAnswer decide(store::Transaction& txn, const Rules& rules, const Asked& asked, std::string_view id,
                   RequestMove move, const std::string& reason) {
    return with_turn(txn, rules, asked, [&](AdminTurn& turn) -> AdminAnswer {
        auto request = find_request(txn, id);
        if (!request) return no_such("request");
        const RequestStatus status = request->status_at(turn.now());
        if (status != RequestStatus::kWaiting)
            return Refusal{status == RequestStatus::kExpired ? RefusalCode::kExpired : RefusalCode::kStatus,
                           "Nothing was changed: this request is " + std::string(to_string(status)) + "."};
        const auto asker = find_user(txn, request->asked_by);
        const bool own = asker && asker->same_person(turn.who());
        if (own && move == RequestMove::kApprove)
            return Refusal{RefusalCode::kOwnRequest,
                           "Nothing was changed: you asked for this. Another administrator must approve it."};
        if (!own && move == RequestMove::kWithdraw)
            return Refusal{RefusalCode::kPermission,
                           "Nothing was changed: who asked can withdraw; you can refuse."};
        const Json payload = Json::parse(request->payload, nullptr, false);
        if (move == RequestMove::kApprove)
            if (auto no = check_deed(turn, request->kind, payload)) return *no;
        const std::string object = "request/" + request->id;
        if (auto no = turn.use_code(object)) return *no;
        request->status = move == RequestMove::kApprove    ? RequestStatus::kApproved
                          : move == RequestMove::kWithdraw ? RequestStatus::kWithdrawn
                                                           : RequestStatus::kRefused;
        request->decided_by = turn.who().id;
        request->decided_at = turn.now();
        request->reason = reason;
        put_request(txn, *request);
        if (move == RequestMove::kApprove) perform_deed(turn, request->kind, payload, asked.new_id);
        turn.note("request." + std::string(to_string(request->status)), object,
                  {{"kind", to_string(request->kind)}, {"asked_by", request->asked_by.value()}});
        return turn.done(What::kRequest, request->id);
    });
}

}  // namespace auth
