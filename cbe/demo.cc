// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/demo.h"

#include <array>
#include <nlohmann/json.hpp>

#include "cbe/api/problems.h"
#include "cbe/store/audit_note.h"
#include "cbe/store/people_policy.h"
#include "common/auth/note.h"
#include "common/auth/password.h"
#include "common/auth/people.h"
#include "common/auth/session.h"
#include "common/auth/totp.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

using Json = nlohmann::json;

struct Officer {
    const char* username;
    const char* name;
    const char* role;
};
constexpr std::array kOfficers{
    Officer{"ana", "Ana, author", "author"},
    Officer{"bruno", "Bruno, approver", "approver"},
    Officer{"carla", "Carla, duty officer", "duty_officer"},
};

struct Made {
    auth::User user;
    std::string password;
    std::string totp_secret;
    std::string uri;
};

// Slow: a password hash each. Values in, values out, on the worker pool.
base::Result<std::vector<Made>> make_officers(const std::vector<auth::Secret>& secrets,
                                              const std::vector<std::string>& sealed, base::Instant now) {
    std::vector<Made> all;
    for (size_t i = 0; i < kOfficers.size(); ++i) {
        const Officer& officer = kOfficers[i];
        const std::string password = auth::random_password();
        auto hash = auth::hash_password(password);
        if (!hash) return hash.error();
        auth::User user;
        user.id = auth::UserId{std::string("demo-") + officer.username};
        user.username = officer.username;
        user.name = officer.name;
        user.grants = {{officer.role, {}}};
        user.password.hash = *std::move(hash);
        user.password.changed_at = now;
        user.second.sealed = sealed[i];
        user.created_at = now;
        all.push_back({std::move(user), password, auth::to_base32(secrets[i]),
                       auth::otpauth_uri("Farol demo", officer.username, secrets[i])});
    }
    return all;
}

Json json_of(const std::vector<Made>& officers, const store::Reader& reader) {
    Json all = Json::array();
    for (const Made& one : officers) {
        const auto role = auth::find_role(reader, catalogue(), one.user.grants.at(0).role);
        all.push_back({{"username", one.user.username},
                       {"name", one.user.name},
                       {"password", one.password},
                       {"totp_secret", one.totp_secret},
                       {"otpauth_uri", one.uri},
                       {"permissions", role ? role->permissions : std::vector<std::string>()}});
    }
    return {{"users", std::move(all)}};
}

void store_officers(Context& context, const Person& caller, const Origin& origin, std::vector<Made> officers,
                    const std::shared_ptr<http::ResponderPtr>& responder) {
    auto change = [officers, caller, origin,
                   now = context.now()](store::Transaction& txn) -> base::Result<void> {
        for (const Made& one : officers) {
            // Made anew, like the passwords: who is signed in as one of them is so no longer.
            auth::end_sessions(txn, one.user.id);
            auth::put_user(txn, one.user);
            audit::append(txn, audit_of("demo.seed", auth::object_of(one.user.id), caller, now, origin,
                                        {{"username", one.user.username}}));
        }
        return {};
    };
    context.store.submit(std::move(change), [&context, officers, responder](const store::Done& done) {
        if (done.outcome != store::Outcome::kOk) return (*responder)->respond(to_response(done));
        (*responder)
            ->respond(http::Response::json(200, json::dump(json_of(officers, *context.store.read())))
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
        [secrets, sealed, now = context.now()] { return make_officers(*secrets, sealed, now); },
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
