// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/gate.h"

#include <algorithm>

#include "cbe/api/problems.h"
#include "common/auth/api_key.h"
#include "common/auth/people.h"
#include "common/auth/second_factor.h"
#include "common/json/jcs.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

constexpr size_t kBodyLimit = 256 * 1024;  // 2,000 cells are about 150 KiB

http::Response sign_in_needed() {
    return http::Response::problem(
        401, "sign-in-needed",
        "Nothing was changed: you are not signed in, or your session has ended. Sign in; what "
        "you have written on the page is kept.");
}

http::Response permission_needed(Permission permission) {
    return to_response(Refusal{RefusalCode::kPermission,
                               "Nothing was changed: you do not have the permission " +
                                   std::string(to_string(permission)) +
                                   ". Ask an administrator of your authority.",
                               {}});
}

http::Response duty_first(auth::Duty duty) {
    return http::Response::problem(
        403, auth::to_string(duty),
        duty == auth::Duty::kChangePassword
            ? "Nothing was changed: your password is a temporary one. Choose your own first."
            : "Nothing was changed: your account has no second factor. Set one up first.");
}

}  // namespace

std::optional<Caller> Gate::machine_of(const http::Request& request) const {
    if (request.peer.kind != http::Peer::Kind::kCertificate || request.peer.role != "crm") return {};
    for (const Machine& machine : context_.machines)
        if (machine.certificate_uri == request.peer.certificate_uri)
            return Caller{machine.person, ActorKind::kMachine, "", {}};
    return {};
}

std::optional<Caller> Gate::admit(const http::Request& request, Door door,
                                  std::optional<Permission> permission, http::ResponderPtr& responder) {
    std::optional<Caller> caller = door == Door::kMachinesToo ? machine_of(request) : std::nullopt;
    const bool reads = request.method == http::Method::kGet || request.method == http::Method::kHead;
    const bool keys = permission && (door == Door::kMachinesToo || (reads && door == Door::kOfficers));
    if (const auto value = keys && !caller ? request.header("x-api-key") : std::nullopt) {
        auto by_key = key_caller(request, *value);
        if (!by_key) {
            responder->respond(by_key.error());
            return {};
        }
        caller = *std::move(by_key);
    }
    if (!caller) {
        const auto session = sessions_.find(request);
        if (!session) {
            responder->respond(sign_in_needed());
            return {};
        }
        if (!reads && !Sessions::csrf_matches(request, *session)) {
            responder->respond(
                http::Response::problem(403, "csrf",
                                        "Nothing was changed: the header X-CSRF-Token is missing or not that "
                                        "of your session. Reload the page."));
            return {};
        }
        sessions_.touch(*session);
        if (session->duty && door != Door::kAccount) {
            responder->respond(duty_first(*session->duty));
            return {};
        }
        caller = Caller{session->person, ActorKind::kOfficer, session->token, {}};
    }
    if (permission && !caller->person.permissions.has(*permission)) {
        responder->respond(permission_needed(*permission));
        return {};
    }
    return caller;
}

base::Result<Caller, http::Response> Gate::key_caller(const http::Request& request,
                                                      const std::string& value) {
    const base::Instant now = context_.now();
    const auto reader = context_.store.read();
    const auto key = auth::find_api_key_by_value(*reader, value);
    if (!key || key->status_at(now) != auth::ApiKey::Status::kActive)
        return http::Response::problem(
            401, "api-key",
            "The API key is not known, has expired or was revoked. Ask who administers "
            "it for another.");
    if (!auth::address_in(key->addresses, request.peer.address))
        return http::Response::problem(403, "api-key-address",
                                       "This API key may not be used from your address.");
    const auto holder = auth::find_user(*reader, key->holder);
    if (!holder || holder->status != auth::UserStatus::kActive)
        return http::Response::problem(401, "api-key",
                                       "Nobody answers for this API key any more. Ask for another one.");
    Person person{UserId{"key:" + key->id}, "key:" + key->name, key->name, {}};
    for (const std::string& word : key->permissions)
        if (const auto permission = permission_of(word)) person.permissions.add(*permission);
    base::Instant& used = keys_used_[key->id];
    if (now >= used + std::chrono::minutes{1}) {
        used = now;
        context_.store.submit(
            [id = key->id, now](store::Transaction& txn) -> base::Result<void> {
                auto row = auth::find_api_key(txn, id);
                if (!row) return base::not_found("the key is gone");
                row->last_used = now;
                auth::put_api_key(txn, *row);
                return {};
            },
            [](const store::Done&) {}, store::Urgency::kBulk);
    }
    return Caller{std::move(person), ActorKind::kMachine, "", UserId{key->holder.value()}};
}

http::Route Gate::reading(std::string pattern, Door door, std::optional<Permission> permission,
                          Read handler) {
    return {http::Method::kGet, std::move(pattern),
            http::Access::session(permission ? std::string(to_string(*permission)) : ""), 0,
            [this, door, permission, handler = std::move(handler)](const http::Request& request,
                                                                   http::ResponderPtr responder) {
                const auto caller = admit(request, door, permission, responder);
                if (caller) handler(request, *caller, std::move(responder));
            }};
}

http::Route Gate::writing(http::Method method, std::string pattern, Door door,
                          std::optional<Permission> permission, Write handler) {
    return {method, std::move(pattern),
            http::Access::session(permission ? std::string(to_string(*permission)) : ""), kBodyLimit,
            [this, door, permission, handler = std::move(handler)](const http::Request& request,
                                                                   http::ResponderPtr responder) {
                const auto caller = admit(request, door, permission, responder);
                if (!caller) return;
                const auto body = json_body(request);
                if (!body) return responder->respond(body.error());
                handler(request, *caller, *body, std::move(responder));
            }};
}

http::Route Gate::read(std::string pattern, std::optional<Permission> permission, Read handler) {
    return reading(std::move(pattern), Door::kOfficers, permission, std::move(handler));
}

http::Route Gate::write(http::Method method, std::string pattern, std::optional<Permission> permission,
                        Write handler) {
    return writing(method, std::move(pattern), Door::kOfficers, permission, std::move(handler));
}

http::Route Gate::account_read(std::string pattern, Read handler) {
    return reading(std::move(pattern), Door::kAccount, {}, std::move(handler));
}

http::Route Gate::account_write(http::Method method, std::string pattern, Write handler) {
    return writing(method, std::move(pattern), Door::kAccount, {}, std::move(handler));
}

http::Route Gate::machine_read(std::string pattern, Permission permission, Read handler) {
    return reading(std::move(pattern), Door::kMachinesToo, permission, std::move(handler));
}

http::Route Gate::machine_write(http::Method method, std::string pattern, Permission permission,
                                Write handler) {
    return writing(method, std::move(pattern), Door::kMachinesToo, permission, std::move(handler));
}

base::Result<nlohmann::json, http::Response> json_body(const http::Request& request) {
    if (request.body.empty()) return nlohmann::json::object();
    // A page of another origin cannot send this type without asking the browser first.
    if (!request.header("content-type").value_or("").starts_with("application/json"))
        return http::Response::problem(400, "json",
                                       "Nothing was changed: the body must be application/json.");
    auto parsed = json::parse(request.body);
    if (!parsed)
        return http::Response::problem(400, "json", "Nothing was changed: " + parsed.error().text + ".");
    return *std::move(parsed);
}

std::optional<std::string> idempotency_key(const http::Request& request) {
    auto key = request.header("idempotency-key");
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    };
    if (!key || key->size() < 8 || key->size() > 64 || !std::all_of(key->begin(), key->end(), good))
        return {};
    return key;
}

http::Response idempotency_key_wanted() {
    return http::Response::problem(
        400, "idempotency-key",
        "Nothing was changed: the header Idempotency-Key is missing or malformed. Send 8 to 64 "
        "letters, digits, - or _, new for each action.");
}

Origin origin_of(const http::Request& request) {
    return {std::string(http::to_string(request.method)) + " " + request.path, request.peer.address,
            request.request_id};
}

Asking asking_of(const Context& context, const http::Request& request, const Caller& caller,
                 const std::optional<std::string>& code) {
    Asking asking{
        caller.person,     caller.kind, context.now(), {}, idempotency_key(request).value_or(""), {},
        origin_of(request)};
    asking.holder = caller.holder;
    asking.request_hash = json::sha256_hex(std::string(http::to_string(request.method)) + " " + request.path +
                                           "\n" + request.body);
    if (!code || caller.kind == ActorKind::kMachine) return asking;
    const auto user = auth::find_user(*context.store.read(), auth::UserId{caller.person.id.value()});
    if (user) asking.step = auth::step_of(context.sealer, *user, *code, asking.now);
    return asking;
}

void run_change(Context& context, Asked asked, AlertChange change, http::ResponderPtr responder,
                std::function<http::Response(const Alert&)> on_ok) {
    struct Slot {
        std::optional<Answer> answer;
    };
    auto slot = std::make_shared<Slot>();  // written on the store thread, read when the batch is done
    auto inside = [slot, change = std::move(change), asking = asked.asking,
                   terms = context.terms](store::Transaction& txn) -> base::Result<void> {
        slot->answer = change(txn, *terms, asking);
        if (*slot->answer || is_written(slot->answer->error())) return {};
        return base::refused(slot->answer->error().text);
    };
    auto shared = std::make_shared<http::ResponderPtr>(std::move(responder));  // with on_done
    context.store.submit(std::move(inside), [&context, slot, shared, asked = std::move(asked),
                                             on_ok = std::move(on_ok)](const store::Done& done) {
        const bool lost =
            done.outcome == store::Outcome::kUnknown || done.outcome == store::Outcome::kNotLeader;
        if (lost || !slot->answer) return (*shared)->respond(to_response(done));
        if (const Answer& answer = *slot->answer; !answer) {
            const Refusal& refusal = answer.error();
            if (asked.action == "approve") context.figures.approval_refused(refusal.code);
            if (refusal.code == RefusalCode::kLocked)
                context.figures.decisions_locked(asked.caller.person.id);
            context.log.notice("alert.refused", {{"action", asked.action},
                                                 {"user", asked.caller.person.id.value()},
                                                 {"code", to_string(refusal.code)}});
            return (*shared)->respond(to_response(refusal));
        }
        if (done.outcome != store::Outcome::kOk) return (*shared)->respond(to_response(done));
        context.figures.decided(**slot->answer, asked.action, asked.caller.person);
        (*shared)->respond(on_ok(**slot->answer));
    });
}

}  // namespace cbe
