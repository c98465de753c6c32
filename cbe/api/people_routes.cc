// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/people_routes.h"

#include <algorithm>

#include "cbe/api/people_view.h"
#include "cbe/api/problems.h"
#include "cbe/store/people.h"
#include "cbe/store/people_policy.h"
#include "common/auth/administration.h"
#include "common/auth/password.h"
#include "common/auth/people.h"
#include "common/auth/second_factor.h"
#include "common/auth/token.h"
#include "common/auth/told.h"
#include "common/base/uuid.h"
#include "common/json/jcs.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

using Json = nlohmann::json;
using auth::AdminAnswer;
using Change = std::function<AdminAnswer(store::Transaction&, const auth::Rules&, const auth::Asked&)>;

// A change, and what is shown with its answer the first time and never again.
struct Wish {
    Change change;
    Json shown_once = Json::object();
};
using ToWish = std::function<Wish(const http::Request&, json::Object&)>;

http::Response answer(const Json& json, int status = 200) {
    return http::Response::json(status, json::dump(json)).with_header("Cache-Control", "no-store");
}

auth::Asked asked_of(const Context& context, const http::Request& request, const Caller& caller,
                     const std::string& code) {
    auth::Asked asked;
    asked.actor = auth_actor(caller.person, origin_of(request));
    asked.now = context.now();
    const auto user = auth::find_user(*context.store.read(), asked.actor.id);
    if (user) asked.step = auth::step_of(context.sealer, *user, code, asked.now);
    asked.key = {"people " + asked.actor.id.value(), idempotency_key(request).value_or("")};
    asked.digest = json::sha256_hex(std::string(http::to_string(request.method)) + " " + request.path + "\n" +
                                    request.body);
    asked.new_id =
        base::new_uuid(
            static_cast<uint64_t>(
                std::chrono::floor<std::chrono::milliseconds>(asked.now.time_since_epoch()).count()))
            .text();
    return asked;
}

void run(Context& context, auth::Asked asked, Wish wish, http::ResponderPtr responder) {
    auto shared = std::make_shared<http::ResponderPtr>(std::move(responder));  // with the callback
    auth::submit<auth::Changed>(
        context.store,
        [asked, policy = context.people, change = std::move(wish.change)](store::Transaction& txn) {
            return change(txn, {catalogue(), policy}, asked);
        },
        [&context, shared, asked, shown = std::move(wish.shown_once)](const auth::Told<auth::Changed>& told) {
            if (told.not_taken) return (*shared)->respond(to_response(*told.not_taken));
            if (told.refusal) {
                if (told.refusal->code == auth::RefusalCode::kLocked)
                    context.figures.decisions_locked(UserId{asked.actor.id.value()});
                context.log.notice("people.refused", {{"user", asked.actor.id.value()},
                                                      {"call", asked.actor.call},
                                                      {"code", auth::to_string(told.refusal->code)}});
                return (*shared)->respond(to_response(*told.refusal));
            }
            const auth::Changed& changed = *told.value;
            context.log.notice("people.changed",
                               {{"user", asked.actor.id.value()}, {"call", asked.actor.call}});
            Json json = changed_json(changed, *context.store.read(), context.now());
            if (changed.turn == auth::Changed::Turn::kFirst) json.update(shown);
            const bool waits =
                changed.what == auth::Changed::What::kRequest && json.value("status", "") == "waiting";
            (*shared)->respond(answer(json, waits ? 202 : 200));
        });
}

// Takes the code off the body and gives the rest to `to_wish`.
void write(Gate& gate, const http::Request& request, const Caller& caller, const Json& json,
           const ToWish& to_wish, http::ResponderPtr responder) {
    if (!idempotency_key(request)) return responder->respond(idempotency_key_wanted());
    json::Problems problems;
    json::Object body(json, problems);
    const std::string code = body.string("totp", {.max = 16});
    Wish wish = to_wish(request, body);
    body.no_others();
    if (!problems.empty()) return responder->respond(to_response(problems));
    Context& context = gate.context();
    run(context, asked_of(context, request, caller, code), std::move(wish), std::move(responder));
}

struct WriteRoute {
    http::Method method;
    std::string path;
    ToWish to_wish;
};

void add_writes(http::Router& router, Gate& gate, std::vector<WriteRoute> routes) {
    for (WriteRoute& one : routes)
        router.add(gate.write(
            one.method, one.path, Permission::kPeople,
            [&gate, to_wish = std::move(one.to_wish)](const http::Request& request, const Caller& caller,
                                                      const Json& json, http::ResponderPtr responder) {
                write(gate, request, caller, json, to_wish, std::move(responder));
            }));
}

void add_read(
    http::Router& router, Gate& gate, const std::string& path,
    std::function<std::optional<Json>(const http::Request&, const store::Reader&, const Context&)> view) {
    router.add(gate.read(path, Permission::kPeople,
                         [&gate, view = std::move(view)](const http::Request& request, const Caller&,
                                                         http::ResponderPtr responder) {
                             const Context& context = gate.context();
                             const auto json = view(request, *context.store.read(), context);
                             responder->respond(
                                 json ? answer(*json)
                                      : to_response(auth::Refusal{auth::RefusalCode::kNotFound,
                                                                  "There is no such thing. Reload "
                                                                  "the list.",
                                                                  "", ""}));
                         }));
}

uint32_t version_in(json::Object& body) {
    return static_cast<uint32_t>(body.integer("version", {.min = 0, .max = UINT32_MAX}));
}

auth::UserFields fields_in(json::Object& body) {
    return {"", body.string("name", {.max = 120}),
            body.optional_string("email", {.max = 254, .min = 0}).value_or(""),
            body.optional_string("phone", {.max = 32, .min = 0}).value_or(""),
            body.optional_string("identity", {.max = 64, .min = 0}).value_or("")};
}

std::vector<std::string> names_in(json::Object& body, const char* member) {
    return body.has(member) ? body.strings(member, {.max = 100}, {.max = 64}) : std::vector<std::string>();
}

std::vector<auth::Grant> grants_in(json::Object& body) {
    std::vector<auth::Grant> grants;
    body.objects("roles", {.max = 32}, [&](json::Object& item) {
        grants.push_back(
            {item.string("role", {.max = 64}), {names_in(item, "templates"), names_in(item, "regions")}});
    });
    return grants;
}

auth::UserId user_in(const http::Request& request) { return auth::UserId{request.parameter("id")}; }

Wish wish_to_invite(const http::Request&, json::Object& body) {
    auth::UserFields fields = fields_in(body);
    fields.username = body.string("username", {.max = 64});
    return {[fields, grants = grants_in(body)](auto& txn, auto& rules, auto& asked) {
        return auth::invite(txn, rules, asked, fields, grants);
    }};
}

Wish wish_to_change(const http::Request& request, json::Object& body) {
    const auth::UserFields fields = fields_in(body);
    return {[id = user_in(request), version = version_in(body), fields](auto& txn, auto& rules, auto& asked) {
        return auth::set_details(txn, rules, asked, id, version, fields);
    }};
}

Wish wish_to_give_roles(const http::Request& request, json::Object& body) {
    return {[id = user_in(request), version = version_in(body), grants = grants_in(body)](
                auto& txn, auto& rules, auto& asked) {
        return auth::set_grants(txn, rules, asked, id, version, grants);
    }};
}

ToWish wish_to(auth::UserAction action) {
    return [action](const http::Request& request, json::Object&) -> Wish {
        return {[id = user_in(request), action](auto& txn, auto& rules, auto& asked) {
            return auth::act_on_user(txn, rules, asked, id, action);
        }};
    };
}

Wish wish_to_end_session(const http::Request& request, json::Object&) {
    return {
        [id = user_in(request), session = request.parameter("session")](auto& txn, auto& rules, auto& asked) {
            return auth::end_one_session(txn, rules, asked, id, session);
        }};
}

Wish wish_to_send_invitation(const http::Request& request, json::Object&) {
    const std::string token = auth::new_token();
    return {[id = user_in(request), hash = auth::token_hash(token)](auto& txn, auto& rules, auto& asked) {
                return auth::make_invitation_link(txn, rules, asked, id, hash);
            },
            {{"invitation_token", token}}};
}

Wish wish_to_put_role(const http::Request& request, json::Object& body) {
    auth::Role role;
    role.name = request.parameter("name");
    role.title = body.string("title", {.max = 64});
    role.description = body.optional_string("description", {.max = 500, .min = 0}).value_or("");
    role.permissions = body.strings("permissions", {.max = 64}, {.max = 64});
    role.version = version_in(body);
    return {
        [role](auto& txn, auto& rules, auto& asked) { return auth::put_own_role(txn, rules, asked, role); }};
}

Wish wish_to_erase_role(const http::Request& request, json::Object&) {
    return {[name = request.parameter("name")](auto& txn, auto& rules, auto& asked) {
        return auth::erase_own_role(txn, rules, asked, name);
    }};
}

auth::KeyFields key_fields_in(json::Object& body) {
    auth::KeyFields fields;
    fields.name = body.string("name", {.max = 64});
    fields.description = body.optional_string("description", {.max = 500, .min = 0}).value_or("");
    fields.permissions = body.strings("permissions", {.max = 64}, {.max = 64});
    fields.addresses = names_in(body, "addresses");
    for (const std::string& one : fields.addresses)
        if (!auth::is_network(one)) body.wrong("addresses", "\"" + one + "\" is no address or network");
    // A day: the key is good until its last second, UTC.
    if (const auto day = body.optional_string("expires", {.max = 10})) {
        if (const auto begins = base::parse_rfc3339(*day + "T00:00:00Z"))
            fields.expires_at = *begins + std::chrono::hours{24};
        else
            body.wrong("expires", "must be a day: 2027-01-31");
    }
    return fields;
}

Wish wish_to_make_key(const http::Request&, json::Object& body) {
    return {[fields = key_fields_in(body)](auto& txn, auto& rules, auto& asked) {
        return auth::make_key(txn, rules, asked, fields);
    }};
}

Wish wish_to_change_key(const http::Request& request, json::Object& body) {
    return {[id = request.parameter("id"), version = version_in(body), fields = key_fields_in(body)](
                auto& txn, auto& rules, auto& asked) {
        return auth::change_key(txn, rules, asked, id, version, fields);
    }};
}

Wish wish_for_key_value(const http::Request& request, json::Object&) {
    const std::string value = auth::new_api_key(catalogue().application);
    return {[id = request.parameter("id"), value](auto& txn, auto& rules, auto& asked) {
                return auth::set_key_value(txn, rules, asked, id, value);
            },
            {{"api_key", value}}};
}

Wish wish_to_revoke_key(const http::Request& request, json::Object&) {
    return {[id = request.parameter("id")](auto& txn, auto& rules, auto& asked) {
        return auth::revoke_key(txn, rules, asked, id);
    }};
}

ToWish wish_to_decide(auth::RequestMove move) {
    return [move](const http::Request& request, json::Object& body) -> Wish {
        const std::string reason = move == auth::RequestMove::kRefuse
                                       ? body.string("reason", {.max = 500, .min = 3})
                                       : std::string();
        return {[id = request.parameter("id"), move, reason](auto& txn, auto& rules, auto& asked) {
            return auth::decide(txn, rules, asked, id, move, reason);
        }};
    };
}

// Hashing is slow: on the pool, then as the others.
void reset_password(Gate& gate, const http::Request& request, const Caller& caller, const Json& json,
                    http::ResponderPtr responder) {
    if (!idempotency_key(request)) return responder->respond(idempotency_key_wanted());
    json::Problems problems;
    json::Object body(json, problems);
    const std::string code = body.string("totp", {.max = 16});
    body.no_others();
    if (!problems.empty()) return responder->respond(to_response(problems));
    Context& context = gate.context();
    const std::string password = auth::temporary_password();
    auto shared = std::make_shared<http::ResponderPtr>(std::move(responder));  // with the pool's task
    const bool taken = context.workers.submit(
        [password] { return auth::hash_password(password); },
        [&context, shared, asked = asked_of(context, request, caller, code), id = user_in(request),
         password](const base::Result<std::string>& hash) {
            if (!hash) return (*shared)->respond(http::Response::problem(503, "busy", hash.error().text));
            run(context, asked,
                {[id, hash = *hash](auto& txn, auto& rules, auto& by) {
                     return auth::set_temporary_password(txn, rules, by, id, hash);
                 },
                 {{"temporary_password", password}}},
                std::move(*shared));
        });
    if (!taken)
        (*shared)->respond(http::Response::problem(503, "busy", "Too much work is waiting. Try again."));
}

bool contains(const auth::User& user, const std::string& words) {
    const std::string all = auth::folded(user.username + " " + user.name + " " + user.email);
    return all.find(auth::folded(words)) != std::string::npos;
}

std::optional<Json> users_page(const http::Request& request, const store::Reader& reader,
                               const Context& context) {
    const std::string search = request.query_value("search").value_or("");
    const std::string status = request.query_value("status").value_or("");
    const std::string role = request.query_value("role").value_or("");
    Json items = Json::array();
    auth::each_user(reader, [&](const auth::User& user) {
        const bool has_role =
            role.empty() || std::any_of(user.grants.begin(), user.grants.end(),
                                        [&](const auto& grant) { return grant.role == role; });
        if (has_role && (status.empty() || status == auth::to_string(user.status)) && contains(user, search))
            items.push_back(user_json(user, reader, context.now()));
        return items.size() < 1000;
    });
    return Json{{"items", std::move(items)}};
}

void add_reads(http::Router& router, Gate& gate) {
    add_read(router, gate, "/api/v1/users", users_page);
    add_read(router, gate, "/api/v1/users/{id}",
             [](const auto& request, const auto& reader, const auto& context) -> std::optional<Json> {
                 const auto user = auth::find_user(reader, user_in(request));
                 if (!user) return {};
                 return user_json(*user, reader, context.now());
             });
    add_read(router, gate, "/api/v1/users/{id}/sessions",
             [](const auto& request, const auto& reader, const auto& context) -> std::optional<Json> {
                 Json items = Json::array();
                 for (const auto& one :
                      auth::sessions_of(reader, *context.people, user_in(request), context.now()))
                     items.push_back(session_json(one, *context.people, ""));
                 return Json{{"items", std::move(items)}};
             });
    add_read(router, gate, "/api/v1/permissions", [](const auto&, const auto&, const auto&) {
        return Json{{"items", permissions_json()}};
    });
    add_read(router, gate, "/api/v1/roles", [](const auto&, const auto& reader, const auto&) {
        Json items = Json::array();
        for (const auth::Role& role : auth::all_roles(reader, catalogue())) items.push_back(role_json(role));
        return Json{{"items", std::move(items)}};
    });
    add_read(router, gate, "/api/v1/requests",
             [](const auto& request, const auto& reader, const auto& context) {
                 const bool waiting = request.query_value("status").value_or("") == "waiting";
                 Json items = Json::array();
                 for (const auth::Request& one : auth::requests(
                          reader, waiting ? auth::Which::kWaiting : auth::Which::kAll, context.now(), 1000))
                     items.push_back(request_json(one, reader, context.now()));
                 return Json{{"items", std::move(items)}};
             });
    add_read(router, gate, "/api/v1/requests/{id}",
             [](const auto& request, const auto& reader, const auto& context) -> std::optional<Json> {
                 const auto found = auth::find_request(reader, request.parameter("id"));
                 if (!found) return {};
                 return request_json(*found, reader, context.now());
             });
    add_read(router, gate, "/api/v1/api-keys", [](const auto&, const auto& reader, const auto& context) {
        Json items = Json::array();
        for (const auth::ApiKey& key : auth::all_api_keys(reader))
            items.push_back(key_json(key, reader, context.now()));
        return Json{{"items", std::move(items)}};
    });
    add_read(router, gate, "/api/v1/api-keys/{id}",
             [](const auto& request, const auto& reader, const auto& context) -> std::optional<Json> {
                 const auto key = auth::find_api_key(reader, request.parameter("id"));
                 if (!key) return {};
                 return key_json(*key, reader, context.now());
             });
}

}  // namespace

void add_people_routes(http::Router& router, Gate& gate) {
    using enum http::Method;
    using auth::RequestMove;
    using auth::UserAction;
    const std::string user = "/api/v1/users/{id}", key = "/api/v1/api-keys/{id}",
                      request = "/api/v1/requests/{id}";
    add_reads(router, gate);
    add_writes(router, gate,
               {{kPost, "/api/v1/users", wish_to_invite},
                {kPatch, user, wish_to_change},
                {kPut, user + "/roles", wish_to_give_roles},
                {kPost, user + "/invitation", wish_to_send_invitation},
                {kPost, user + "/disable", wish_to(UserAction::kDisable)},
                {kPost, user + "/enable", wish_to(UserAction::kEnable)},
                {kPost, user + "/restore", wish_to(UserAction::kRestore)},
                {kPost, user + "/unlock", wish_to(UserAction::kUnlock)},
                {kPost, user + "/second-factor-reset", wish_to(UserAction::kResetSecondFactor)},
                {kDelete, user, wish_to(UserAction::kDelete)},
                {kDelete, user + "/sessions", wish_to(UserAction::kEndSessions)},
                {kDelete, user + "/sessions/{session}", wish_to_end_session},
                {kPut, "/api/v1/roles/{name}", wish_to_put_role},
                {kDelete, "/api/v1/roles/{name}", wish_to_erase_role},
                {kPost, request + "/approve", wish_to_decide(RequestMove::kApprove)},
                {kPost, request + "/refuse", wish_to_decide(RequestMove::kRefuse)},
                {kPost, request + "/withdraw", wish_to_decide(RequestMove::kWithdraw)},
                {kPost, "/api/v1/api-keys", wish_to_make_key},
                {kPatch, key, wish_to_change_key},
                {kPost, key + "/value", wish_for_key_value},
                {kDelete, key, wish_to_revoke_key}});
    router.add(gate.write(kPost, user + "/password-reset", Permission::kPeople,
                          [&gate](const http::Request& asked, const Caller& caller, const Json& body,
                                  http::ResponderPtr responder) {
                              reset_password(gate, asked, caller, body, std::move(responder));
                          }));
}

}  // namespace cbe
