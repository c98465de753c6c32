// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/sessions.h"

#include <nlohmann/json.hpp>

#include "cbe/api/gate.h"
#include "cbe/api/problems.h"
#include "cbe/store/people.h"
#include "common/auth/secret.h"
#include "common/auth/token.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

http::Response too_many_sign_ins(std::chrono::seconds wait) {
    const std::string seconds = std::to_string(wait.count());
    return http::Response::problem(
               429, "sign-in-rate",
               "Too many sign-ins failed from your network address. Wait " + seconds + " s, then try again.")
        .with_header("Retry-After", seconds);
}

std::string cookie_with(const std::string& token, std::string_view more) {
    return std::string(kCookie) + "=" + token + "; Path=/; Secure; HttpOnly; SameSite=Strict" +
           std::string(more);
}

// A code costs nothing to check, and many honest people mistype one; what is limited is the audit log's
// growth.
auth::SignInRate for_codes(auth::SignInRate rate) {
    rate.burst *= 4;
    rate.per_minute *= 4;
    return rate;
}

auth::Actor stranger(const http::Request& request) { return auth_actor(Person{}, origin_of(request)); }

std::string agent_of(const http::Request& request) { return request.header("user-agent").value_or(""); }

}  // namespace

std::string SignedIn::csrf_token() const { return auth::derived_token(token, "csrf"); }

Sessions::Sessions(Context& context)
    : context_(context),
      entrance_({.store = context.store,
                 .clock = context.clock,
                 .workers = context.workers,
                 .sealer = context.sealer,
                 .policy = context.people}),
      limit_(context.sign_in_rate),
      codes_limit_(for_codes(context.sign_in_rate)) {}

std::optional<SignedIn> Sessions::find(const http::Request& request) const {
    const auto token = request.cookie(kCookie);
    return token ? find(*token) : std::nullopt;
}

std::optional<SignedIn> Sessions::find(std::string_view token) const {
    const auto holder = entrance_.find(token);
    if (!holder) return {};
    return signed_in(*context_.store.read(), holder->user, holder->session, token);
}

SignedIn Sessions::signed_in(const store::Reader& reader, const auth::User& user,
                             const auth::Session& session, std::string_view token) const {
    return {person_of(reader, user), std::string(token), session.id, auth::end_of(session, *context_.people),
            auth::duty_of(user, *context_.people)};
}

bool Sessions::csrf_matches(const http::Request& request, const SignedIn& who) {
    return auth::equal_constant_time(request.header("x-csrf-token").value_or(""), who.csrf_token());
}

std::optional<http::Response> Sessions::limited(const http::Request& request) {
    return limited(limit_, request);
}

std::optional<http::Response> Sessions::limited(auth::SignInLimit& limit, const http::Request& request) {
    const std::string& address = request.peer.address;
    const auto wait = limit.take(auth::sign_in_source(address), context_.clock.ticks());
    if (!wait) return {};
    context_.figures.signed_in("limited");
    context_.log.notice("session.limited", {{"address", address}});
    return too_many_sign_ins(*wait);
}

void Sessions::give_back(const http::Request& request) {
    limit_.give_back(auth::sign_in_source(request.peer.address));
}

void Sessions::begin(const http::Request& request, const std::string& username, std::string password,
                     http::ResponderPtr responder) {
    if (const auto refusal = limited(request)) return responder->respond(*refusal);
    const std::string& address = request.peer.address;
    auto shared = std::make_shared<http::ResponderPtr>(std::move(responder));  // with the callback
    entrance_.begin(stranger(request), agent_of(request), username, std::move(password),
                    [this, address, shared](const auth::Entrance::Begun& begun) {
                        if (begun.challenge.empty()) return answer(address, begun.told, shared);
                        (*shared)->respond(http::Response::json(
                            200, json::dump({{"step", "totp"}, {"challenge", begun.challenge}})));
                    });
}

void Sessions::finish(const http::Request& request, const std::string& challenge, const std::string& code,
                      http::ResponderPtr responder) {
    // Each failure is a record of the audit log: nobody writes those as fast as he likes.
    if (const auto refusal = limited(codes_limit_, request)) return responder->respond(*refusal);
    auto shared = std::make_shared<http::ResponderPtr>(std::move(responder));  // with the callback
    entrance_.finish(
        stranger(request), agent_of(request), challenge, code,
        [this, address = request.peer.address, shared](const auto& told) { answer(address, told, shared); });
}

void Sessions::answer(const std::string& address, const auth::Told<auth::Entrance::Opened>& told,
                      const std::shared_ptr<http::ResponderPtr>& responder) {
    if (told.not_taken) return (*responder)->respond(to_response(*told.not_taken));
    if (told.refusal) {
        const auth::Refusal& no = *told.refusal;
        if (no.code == auth::RefusalCode::kUnreadable) {
            context_.log.error("session.secret.unreadable", {{"user", no.user}});
            return (*responder)->respond(to_response(no));
        }
        const bool locked = no.code == auth::RefusalCode::kLocked;
        const bool password = no.code == auth::RefusalCode::kCredentials;
        context_.figures.signed_in(locked ? "locked" : password ? "bad_password" : "bad_totp");
        if (locked) context_.figures.decisions_locked(UserId{no.user});
        return (*responder)
            ->respond(locked ? to_response(no) : http::Response::problem(401, "credentials", no.text));
    }
    const auth::Entrance::Opened& opened = *told.value;
    limit_.give_back(auth::sign_in_source(address));
    codes_limit_.give_back(auth::sign_in_source(address));
    context_.figures.signed_in("ok");
    context_.log.info("session.begin", {{"user", opened.who.user.id.value()}});
    const SignedIn who = signed_in(*context_.store.read(), opened.who.user, opened.who.session, opened.token);
    (*responder)->respond(describe(who).with_header("Set-Cookie", cookie_with(who.token, "")));
}

void Sessions::end(const Origin& origin, const SignedIn& who, http::ResponderPtr responder) {
    auto shared = std::make_shared<http::ResponderPtr>(std::move(responder));  // with on_done
    context_.store.submit(
        [user = auth::UserId{who.person.id.value()}, session = who.session_id,
         actor = auth_actor(who.person, origin),
         now = context_.now()](store::Transaction& txn) -> base::Result<void> {
            auth::end_session(txn, user, session);
            auth::note(txn, actor, now, "session.end", auth::object_of(user), nlohmann::json::object());
            return {};
        },
        [shared](const store::Done& done) {
            if (done.outcome != store::Outcome::kOk) return (*shared)->respond(to_response(done));
            (*shared)->respond(
                http::Response::empty(204).with_header("Set-Cookie", cookie_with("", "; Max-Age=0")));
        });
}

http::Response Sessions::describe(const SignedIn& who) const {
    nlohmann::json permissions = nlohmann::json::array();
    for (const Permission permission : kAllPermissions)
        if (who.person.permissions.has(permission)) permissions.push_back(to_string(permission));
    const Authority& authority = context_.authority;
    nlohmann::json body{
        {"user",
         {{"id", who.person.id.value()}, {"username", who.person.username}, {"name", who.person.name}}},
        {"permissions", std::move(permissions)},
        {"authority",
         {{"id", authority.id},
          {"name", authority.name},
          {"mode", to_string(authority.mode)},
          {"help_phone", authority.help_phone}}},
        {"csrf_token", who.csrf_token()},
        {"expires_at", base::to_rfc3339(std::chrono::floor<std::chrono::seconds>(who.expires_at))},
        {"server_time", base::to_rfc3339(context_.now())},
    };
    if (who.duty) body["duty"] = auth::to_string(*who.duty);
    return http::Response::json(200, json::dump(body)).with_header("Cache-Control", "no-store");
}

}  // namespace cbe
