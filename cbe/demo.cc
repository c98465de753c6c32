// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/demo.h"

#include <array>
#include <nlohmann/json.hpp>

#include "cbe/api/problems.h"
#include "cbe/store/audit_note.h"
#include "cbe/store/user_record.h"
#include "common/auth/password.h"
#include "common/auth/totp.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

using Json = nlohmann::json;

struct Officer {
    const char* username;
    const char* name;
    Permissions permissions;
};
constexpr std::array kOfficers{
    Officer{"ana", "Ana, author", {Permission::kView, Permission::kCreate}},
    Officer{"bruno", "Bruno, approver", {Permission::kView, Permission::kApprove, Permission::kStop}},
    Officer{"carla",
            "Carla, duty officer",
            {Permission::kView, Permission::kCreate, Permission::kApprove, Permission::kStop}},
};

struct Made {
    User user;
    std::string password;
    std::string totp_secret;
    std::string uri;
};

// Slow: a password hash each. Values in, values out, on the worker pool.
base::Result<std::vector<Made>> make_officers(const std::vector<auth::Secret>& secrets,
                                              const std::vector<std::string>& sealed) {
    std::vector<Made> all;
    for (size_t i = 0; i < kOfficers.size(); ++i) {
        const Officer& officer = kOfficers[i];
        const std::string password = auth::random_password();
        auto hash = auth::hash_password(password);
        if (!hash) return hash.error();
        Person person{UserId{std::string("demo-") + officer.username}, officer.username, officer.name,
                      officer.permissions};
        all.push_back({User{std::move(person), *std::move(hash), sealed[i], {}}, password,
                       auth::to_base32(secrets[i]),
                       auth::otpauth_uri("Farol demo", officer.username, secrets[i])});
    }
    return all;
}

Json json_of(const std::vector<Made>& officers) {
    Json all = Json::array();
    for (const Made& one : officers) {
        Json permissions = Json::array();
        for (const Permission permission : kAllPermissions)
            if (one.user.person.permissions.has(permission)) permissions.push_back(to_string(permission));
        all.push_back({{"username", one.user.person.username},
                       {"name", one.user.person.name},
                       {"password", one.password},
                       {"totp_secret", one.totp_secret},
                       {"otpauth_uri", one.uri},
                       {"permissions", std::move(permissions)}});
    }
    return {{"users", std::move(all)}};
}

void store_officers(Context& context, const Person& caller, const Origin& origin, std::vector<Made> officers,
                    const std::shared_ptr<http::ResponderPtr>& responder) {
    auto change = [officers, caller, origin,
                   now = context.now()](store::Transaction& txn) -> base::Result<void> {
        for (const Made& one : officers) {
            put_user(txn, one.user);
            audit::append(txn, audit_of("demo.seed", object_of(one.user.person.id), caller, now, origin,
                                        {{"username", one.user.person.username}}));
        }
        return {};
    };
    context.store.submit(std::move(change), [officers, responder](const store::Done& done) {
        if (done.outcome != store::Outcome::kOk) return (*responder)->respond(to_response(done));
        (*responder)
            ->respond(http::Response::json(200, json::dump(json_of(officers)))
                          .with_header("Cache-Control", "no-store"));
    });
}

// Who calls the control socket, as the frame's own records name him.
Person caller_of(const http::Request& request) {
    const std::string name = "unix:" + std::to_string(request.peer.uid);
    return {UserId{name}, name, name, {}};
}

void seed(Context& context, const http::Request& request, http::ResponderPtr responder) {
    auto secrets = std::make_shared<std::vector<auth::Secret>>();  // with the pool's task
    std::vector<std::string> sealed;
    for (size_t i = 0; i < kOfficers.size(); ++i) {
        secrets->push_back(auth::Secret::random(auth::kTotpSecretOctets));
        sealed.push_back(context.sealer.seal(secrets->back()));
    }
    auto shared = std::make_shared<http::ResponderPtr>(std::move(responder));  // with the pool's task
    const bool taken = context.workers.submit(
        [secrets, sealed] { return make_officers(*secrets, sealed); },
        [&context, shared, caller = caller_of(request),
         origin = Origin{"POST " + request.path, request.peer.address, request.request_id}](
            base::Result<std::vector<Made>> officers) {
            if (!officers)
                return (*shared)->respond(http::Response::problem(503, "busy", officers.error().text));
            context.log.notice("demo.seeded");
            store_officers(context, caller, origin, *std::move(officers), shared);
        });
    if (!taken)
        (*shared)->respond(http::Response::problem(503, "busy", "Too much work is waiting. Try again."));
}

}  // namespace

void add_demo_route(http::Router& control, Context& context) {
    control.add({http::Method::kPost, "/control/demo/seed", http::Access::role({"admin"}), 1024,
                 [&context](const http::Request& request, http::ResponderPtr responder) {
                     seed(context, request, std::move(responder));
                 }});
}

}  // namespace cbe
