// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/people_control.h"

#include "cbe/api/gate.h"
#include "cbe/api/people_view.h"
#include "cbe/api/problems.h"
#include "cbe/store/people.h"
#include "cbe/store/people_policy.h"
#include "common/auth/account.h"
#include "common/auth/people.h"
#include "common/auth/token.h"
#include "common/auth/told.h"
#include "common/base/uuid.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

constexpr size_t kFirstAdministrators = 2;
constexpr const char* kRole = "administrator";

// Also those who were invited and have not come yet: two invitations are two administrators.
size_t administrators(const store::Reader& reader) {
    size_t count = 0;
    auth::each_user(reader, [&](const auth::User& user) {
        auth::User as_active = user;
        if (user.status == auth::UserStatus::kInvited) as_active.status = auth::UserStatus::kActive;
        if (auth::rights_of(reader, catalogue(), as_active).holds(catalogue().administer)) ++count;
        return true;
    });
    return count;
}

struct Invited {
    auth::User user;
    std::string token;
    auth::Actor actor;
};

auth::Answer<auth::User> invite_first(store::Transaction& txn, const auth::Policy& policy,
                                      const Invited& invited, base::Instant now) {
    using auth::RefusalCode;
    if (!auth::is_username(invited.user.username))
        return auth::Refusal{RefusalCode::kInvalid,
                             "A user name has 2 to 64 of a-z, 0-9, dot, dash, underscore.", "username", ""};
    const auto before = auth::find_user_by_name(txn, invited.user.username);
    const bool again = before && before->status == auth::UserStatus::kInvited;
    if (before && !again)
        return auth::Refusal{RefusalCode::kTaken, "That user name is taken.", "username", ""};
    if (!again && administrators(txn) >= kFirstAdministrators)
        return auth::Refusal{RefusalCode::kStatus,
                             "There are two administrators. Others are invited by them, in the application.",
                             "", ""};
    const auth::User user = again ? *before : invited.user;
    auth::put_user(txn, user);
    auth::put_link(txn, auth::token_hash(invited.token),
                   {auth::Link::For::kInvitation, user.id, now + policy.invitation_lives});
    auth::note(txn, invited.actor, now, "user.invite", auth::object_of(user.id),
               {{"username", user.username}, {"role", kRole}});
    return user;
}

void invite(Context& context, const http::Request& request, http::ResponderPtr responder) {
    const auto parsed = json_body(request);
    if (!parsed) return responder->respond(parsed.error());
    json::Problems problems;
    json::Object body(*parsed, problems);
    const base::Instant now = context.now();
    Invited invited;
    invited.user.username = auth::folded(body.string("username", {.max = 64}));
    invited.user.name = body.string("name", {.max = 120});
    body.no_others();
    if (!problems.empty()) return responder->respond(to_response(problems));
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count();
    invited.user.id = auth::UserId{base::new_uuid(static_cast<uint64_t>(ms)).text()};
    invited.user.status = auth::UserStatus::kInvited;
    invited.user.grants = {{kRole, {}}};
    invited.user.created_at = now;
    invited.token = auth::new_token();
    const std::string caller = "unix:" + std::to_string(request.peer.uid);
    invited.actor = auth_actor({UserId{""}, caller, caller, {}}, origin_of(request));
    auto shared = std::make_shared<http::ResponderPtr>(std::move(responder));  // with the callback
    auth::submit<auth::User>(
        context.store,
        [invited, now, policy = context.people](store::Transaction& txn) {
            return invite_first(txn, *policy, invited, now);
        },
        [&context, shared, token = invited.token](const auth::Told<auth::User>& told) {
            if (told.not_taken) return (*shared)->respond(to_response(*told.not_taken));
            if (told.refusal) return (*shared)->respond(to_response(*told.refusal));
            nlohmann::json json = user_json(*told.value, *context.store.read(), context.now());
            json["invitation_token"] = token;
            (*shared)->respond(
                http::Response::json(200, json::dump(json)).with_header("Cache-Control", "no-store"));
        });
}

}  // namespace

void add_people_control(http::Router& control, Context& context) {
    control.add({http::Method::kPost, "/control/people/administrator", http::Access::role({"admin"}), 4096,
                 [&context](const http::Request& request, http::ResponderPtr responder) {
                     invite(context, request, std::move(responder));
                 }});
}

}  // namespace cbe
