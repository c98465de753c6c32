// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/sessions.h"

#include <nlohmann/json.hpp>

#include "cbe/api/problems.h"
#include "cbe/store/one_time_code.h"
#include "cbe/store/tables.h"
#include "common/auth/password.h"
#include "common/auth/token.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

using namespace std::chrono_literals;

constexpr size_t kMostChallenges = 1000;
constexpr auto kChallengeLives = 5min;
constexpr auto kTouchEvery = 1min;

// Of no password: what an unknown user's password is compared with, so that it takes as long.
const std::string kNobodysHash =
    "$argon2id$v=19$m=262144,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

http::Response wrong_credentials() {
    return http::Response::problem(
        401, "credentials",
        "User name, password or code is wrong. Check all three; type the code that your "
        "device shows now.");
}

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

base::Instant end_of(const Session& session) {
    return std::min(session.last_used + kSessionIdle, session.signed_in + kSessionLongest);
}

}  // namespace

std::string SignedIn::csrf_token() const { return auth::derived_token(token, "csrf"); }

std::optional<SignedIn> Sessions::find(const http::Request& request) const {
    const auto token = request.cookie(kCookie);
    return token ? find(*token) : std::nullopt;
}

std::optional<SignedIn> Sessions::find(std::string_view token) const {
    const auto reader = context_.store.read();
    const auto row = reader->get(tables::kSessions, auth::token_hash(token));
    if (!row) return {};
    const auto session = decode_session(*row);
    if (!session || context_.now() >= end_of(*session)) return {};
    auto user = find_user(*reader, session->user);
    if (!user) return {};
    return SignedIn{std::move(user->person), std::string(token), end_of(*session)};
}

bool Sessions::csrf_matches(const http::Request& request, const SignedIn& who) {
    return auth::equal_constant_time(request.header("x-csrf-token").value_or(""), who.csrf_token());
}

void Sessions::touch(const SignedIn& who) {
    const std::string key = auth::token_hash(who.token);
    const base::Instant now = context_.now();
    base::Instant& last = touched_[key];
    if (now < last + kTouchEvery) return;
    last = now;
    const auto change = [key, now](store::Transaction& txn) -> base::Result<void> {
        const auto row = txn.get(tables::kSessions, key);
        if (!row) return base::not_found("the session has ended");
        auto session = decode_session(*row);
        if (!session) return session.error();
        session->last_used = now;
        txn.put(tables::kSessions, key, encode(*session));
        return {};
    };
    // Not stored: the session ends a little earlier, or the next request writes it.
    context_.store.submit(
        change, [](const store::Done&) {}, store::Urgency::kBulk);
}

void Sessions::begin(const Origin& origin, std::string username, std::string password,
                     http::ResponderPtr responder) {
    if (const auto wait = limit_.take(sign_in_source(origin.address), context_.clock.ticks())) {
        context_.figures.signed_in("limited");
        context_.log.notice("session.limited", {{"address", origin.address}});
        return responder->respond(too_many_sign_ins(*wait));
    }
    std::erase_if(challenges_, [&](const auto& entry) { return context_.now() >= entry.second.ends; });
    if (challenges_.size() >= kMostChallenges)
        return responder->respond(to_response(store::Done{
            store::Outcome::kRefused, {base::ErrorKind::kUnavailable, "too many people are signing in"}}));
    const auto user = find_user_by_name(*context_.store.read(), username);
    const std::string hash = user ? user->password_hash : kNobodysHash;
    const Person person = user ? user->person : Person{};
    auto shared = std::make_shared<http::ResponderPtr>(
        std::move(responder));  // with the pool's task, which may be refused
    const bool taken = context_.workers.submit(
        [hash, password = std::move(password)] { return auth::password_matches(hash, password); },
        [this, person, shared](bool matches) {
            const std::string challenge = auth::new_token();
            challenges_[auth::token_hash(challenge)] = {
                person, matches ? Challenge::Password::kRight : Challenge::Password::kWrong,
                context_.now() + kChallengeLives, 5};
            (*shared)->respond(
                http::Response::json(200, json::dump({{"step", "totp"}, {"challenge", challenge}})));
        });
    if (!taken)
        (*shared)->respond(to_response(store::Done{
            store::Outcome::kRefused, {base::ErrorKind::kUnavailable, "too many people are signing in"}}));
}

void Sessions::refuse(const Origin& origin, const Person& user, std::string_view cause, http::Response answer,
                      http::ResponderPtr responder) {
    auto change = [entry = audit_of("session.refuse", object_of(user.id), user, context_.now(), origin,
                                    {{"cause", cause}})](store::Transaction& txn) -> base::Result<void> {
        audit::append(txn, entry);
        return {};
    };
    auto shared = std::make_shared<http::ResponderPtr>(std::move(responder));  // with on_done
    context_.store.submit(std::move(change), [shared, answer = std::move(answer)](const store::Done& done) {
        (*shared)->respond(done.outcome == store::Outcome::kOk ? answer : to_response(done));
    });
}

void Sessions::finish(const Origin& origin, const std::string& challenge, const std::string& code,
                      http::ResponderPtr responder) {
    const auto found = challenges_.find(auth::token_hash(challenge));
    if (found == challenges_.end() || context_.now() >= found->second.ends ||
        found->second.codes_left-- <= 0) {
        const Person person = found == challenges_.end() ? Person{} : found->second.user;
        if (found != challenges_.end()) challenges_.erase(found);
        context_.figures.signed_in("bad_totp");
        return refuse(origin, person, "challenge",
                      http::Response::problem(
                          401, "credentials",
                          "This sign-in took too long or too many codes. Begin again with your password."),
                      std::move(responder));
    }
    const auto user = find_user(*context_.store.read(), found->second.user.id);
    if (!user || found->second.password == Challenge::Password::kWrong) {
        context_.figures.signed_in("bad_password");
        return refuse(origin, found->second.user, "password", wrong_credentials(), std::move(responder));
    }
    const auto secret = context_.sealer.unseal(user->sealed_totp);
    if (!secret) {
        context_.log.error("session.secret.unreadable",
                           {{"user", user->person.id.value()}, {"error", secret.error().text}});
        return responder->respond(http::Response::problem(
            500, "internal",
            "Your second factor cannot be read. Call the administrator: the key file may be wrong."));
    }
    open_session(origin, *user, auth::matching_step(*secret, code, context_.now()), std::move(responder));
}

void Sessions::open_session(const Origin& origin, const User& user, std::optional<auth::TotpStep> step,
                            http::ResponderPtr responder) {
    const std::string token = auth::new_token();
    const base::Instant now = context_.now();
    auto refusal =
        std::make_shared<std::optional<Refusal>>();  // written on the store thread, read when it is done
    const auto change = [refusal, step, now, origin, person = user.person,
                         key = auth::token_hash(token)](store::Transaction& txn) -> base::Result<void> {
        const std::string object = object_of(person.id);
        *refusal = use_code(txn, person.id, {step, now, object, origin});
        if (!*refusal) txn.put(tables::kSessions, key, encode(Session{person.id, now, now}));
        audit::append(
            txn, *refusal ? audit_of("session.refuse", object, person, now, origin,
                                     {{"cause", to_string((*refusal)->code)}})
                          : audit_of("session.begin", object, person, now, origin, nlohmann::json::object()));
        return {};
    };
    auto shared = std::make_shared<http::ResponderPtr>(std::move(responder));  // with on_done
    context_.store.submit(change, [this, refusal, shared, token, person = user.person, now,
                                   source = sign_in_source(origin.address)](const store::Done& done) {
        if (done.outcome != store::Outcome::kOk) return (*shared)->respond(to_response(done));
        if (*refusal) {
            const bool locked = (*refusal)->code == RefusalCode::kLocked;
            context_.figures.signed_in(locked ? "locked" : "bad_totp");
            if (locked) context_.figures.decisions_locked(person);
            return (*shared)->respond(locked ? to_response(**refusal) : wrong_credentials());
        }
        limit_.give_back(source);
        context_.figures.signed_in("ok");
        context_.log.info("session.begin", {{"user", person.id.value()}});
        (*shared)->respond(
            describe({person, token, now + kSessionIdle}).with_header("Set-Cookie", cookie_with(token, "")));
    });
}

void Sessions::end(const Origin& origin, const SignedIn& who, http::ResponderPtr responder) {
    auto shared = std::make_shared<http::ResponderPtr>(std::move(responder));  // with on_done
    context_.store.submit(
        [key = auth::token_hash(who.token),
         entry = audit_of("session.end", object_of(who.person.id), who.person, context_.now(), origin,
                          nlohmann::json::object())](store::Transaction& txn) -> base::Result<void> {
            txn.erase(tables::kSessions, key);
            audit::append(txn, entry);
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
    const nlohmann::json body{
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
    return http::Response::json(200, json::dump(body)).with_header("Cache-Control", "no-store");
}

void Sessions::forget_ended() {
    const base::Instant now = context_.now();
    std::erase_if(touched_, [&](const auto& entry) { return now >= entry.second + kSessionIdle; });
    context_.store.submit(
        [now](store::Transaction& txn) -> base::Result<void> {
            std::vector<std::string> ended;
            txn.scan(tables::kSessions, "", "", [&](std::string_view key, std::string_view value) {
                const auto session = decode_session(value);
                if (!session || now >= end_of(*session)) ended.emplace_back(key);
                return ended.size() < 1000;
            });
            for (const std::string& key : ended) txn.erase(tables::kSessions, key);
            return {};
        },
        [](const store::Done&) {}, store::Urgency::kBulk);
}

}  // namespace cbe
