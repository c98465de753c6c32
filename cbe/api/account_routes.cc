// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/account_routes.h"

#include <map>

#include "cbe/api/people_view.h"
#include "cbe/api/problems.h"
#include "cbe/store/people.h"
#include "common/auth/account.h"
#include "common/auth/password.h"
#include "common/auth/people.h"
#include "common/auth/qr.h"
#include "common/auth/second_factor.h"
#include "common/auth/token.h"
#include "common/auth/told.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

using Json = nlohmann::json;
using auth::User;

constexpr size_t kSmallBody = 4096;

http::Response answer(const Json& json) {
    return http::Response::json(200, json::dump(json)).with_header("Cache-Control", "no-store");
}

http::Response busy() {
    return to_response(
        store::Done{store::Outcome::kRefused, {base::ErrorKind::kUnavailable, "too much work is waiting"}});
}

auth::Change change_of(const Context& context, const http::Request& request, const Person& person) {
    return {auth_actor(person, origin_of(request)), context.now()};
}

// Runs it and answers with `on_ok` of the user as he is then.
using UserChange = std::function<auth::Answer<User>(store::Transaction&)>;
void run(Context& context, UserChange change, http::ResponderPtr responder,
         std::function<http::Response(const User&)> on_ok) {
    auto shared = std::make_shared<http::ResponderPtr>(std::move(responder));  // with the callback
    auth::submit<User>(context.store, std::move(change),
                       [&context, shared, on_ok = std::move(on_ok)](const auth::Told<User>& told) {
                           if (told.value) return (*shared)->respond(on_ok(*told.value));
                           if (told.not_taken) return (*shared)->respond(to_response(*told.not_taken));
                           if (told.refusal->code == auth::RefusalCode::kLocked)
                               context.figures.decisions_locked(UserId{told.refusal->user});
                           (*shared)->respond(to_response(*told.refusal));
                       });
}

// A secret that was made now, and what a page shows of it.
struct NewSecret {
    std::string sealed;
    Json shown;
};
NewSecret new_secret(const Context& context, const std::string& account) {
    const auth::Secret secret = auth::Secret::random(auth::kTotpSecretOctets);
    const std::string uri =
        auth::otpauth_uri(context.people->issuer + " " + context.authority.name, account, secret);
    const auto picture = auth::qr_svg(uri);
    return {context.sealer.seal(secret),
            {{"secret", auth::to_base32(secret)},
             {"otpauth_uri", uri},
             {"qr_svg", picture ? *picture : std::string()}}};
}

std::optional<auth::TotpStep> step_of_new(const Context& context, const User& user, const std::string& code) {
    const auto secret = context.sealer.unseal(user.second.sealed_new);
    return secret ? auth::matching_step(*secret, code, context.now()) : std::nullopt;
}

struct BackupCodes {
    std::vector<std::string> shown = auth::new_backup_codes();
    std::vector<std::string> hashes;
};
BackupCodes backup_codes(const Context& context, const auth::UserId& user) {
    BackupCodes codes;
    for (const std::string& one : codes.shown)
        codes.hashes.push_back(auth::backup_hash(context.sealer, user, one));
    return codes;
}

// What a new password comes to on the pool.
struct Judged {
    enum class Verdict { kGood, kWrongCurrent, kUsedBefore, kNoMemory } verdict = Verdict::kGood;
    std::string hash;
};
Judged judge_slowly(const User& user, const std::optional<std::string>& current,
                    const std::string& password) {
    if (current && !auth::password_matches(user.password.hash, *current))
        return {Judged::Verdict::kWrongCurrent, ""};
    if (auth::used_before(user, password)) return {Judged::Verdict::kUsedBefore, ""};
    auto hash = auth::hash_password(password);
    if (!hash) return {Judged::Verdict::kNoMemory, ""};
    return {Judged::Verdict::kGood, *std::move(hash)};
}

http::Response used_before_response() {
    return to_response(auth::Refusal{auth::RefusalCode::kPassword,
                                     "Nothing was changed: you had that password before. Take another one.",
                                     "password", ""});
}

// Judges and hashes `password` on the pool, then `then` with the hash or a refusal that was answered.
void with_password(Context& context, const User& user, std::optional<std::string> current,
                   const std::string& password, http::ResponderPtr responder,
                   std::function<void(const Judged&, http::ResponderPtr)> then) {
    if (const auto no = auth::judge_password(*context.people, user, password))
        return responder->respond(to_response(*no));
    auto shared = std::make_shared<http::ResponderPtr>(std::move(responder));  // with the pool's task
    const bool taken = context.workers.submit(
        [user, current = std::move(current), password] { return judge_slowly(user, current, password); },
        [shared, then = std::move(then)](const Judged& judged) {
            if (judged.verdict == Judged::Verdict::kUsedBefore)
                return (*shared)->respond(used_before_response());
            if (judged.verdict == Judged::Verdict::kNoMemory) return (*shared)->respond(busy());
            then(judged, std::move(*shared));
        });
    if (!taken) (*shared)->respond(busy());
}

// The members of a small body, each a text that must be there.
std::optional<std::map<std::string, std::string>> texts_in(const Json& json,
                                                           std::initializer_list<const char*> names,
                                                           const http::ResponderPtr& responder) {
    json::Problems problems;
    json::Object body(json, problems);
    std::map<std::string, std::string> texts;
    for (const char* name : names) texts[name] = body.string(name, {.max = 256});
    body.no_others();
    if (problems.empty()) return texts;
    responder->respond(to_response(problems));
    return {};
}

std::optional<User> user_of(const Context& context, const Caller& caller) {
    return auth::find_user(*context.store.read(), auth::UserId{caller.person.id.value()});
}

void change_password(Context& context, const http::Request& request, const Caller& caller, const Json& json,
                     http::ResponderPtr responder) {
    const auto texts = texts_in(json, {"current_password", "password"}, responder);
    const auto user = texts ? user_of(context, caller) : std::nullopt;
    if (!texts || !user) return;
    with_password(context, *user, texts->at("current_password"), texts->at("password"), std::move(responder),
                  [&context, change = change_of(context, request, caller.person), user = *user,
                   session = auth::token_hash(caller.token)](const Judged& judged, http::ResponderPtr to) {
                      run(
                          context,
                          [=, policy = context.people](store::Transaction& txn) -> auth::Answer<User> {
                              if (judged.verdict == Judged::Verdict::kWrongCurrent)
                                  return auth::wrong_current_password(txn, *policy, change, user.id);
                              return auth::change_password(txn, *policy, change, user.id, user.password.hash,
                                                           judged.hash, session);
                          },
                          std::move(to),
                          [](const User&) {
                              return answer({{"changed", true}});
                          });
                  });
}

void begin_second_factor(Context& context, const http::Request& request, const Caller& caller,
                         const Json& json, http::ResponderPtr responder) {
    json::Problems problems;
    json::Object body(json, problems);
    const std::string code = body.optional_string("totp", {.max = 16}).value_or("");
    body.no_others();
    if (!problems.empty()) return responder->respond(to_response(problems));
    const auto user = user_of(context, caller);
    if (!user) return;
    const NewSecret made = new_secret(context, user->username);
    run(
        context,
        [change = change_of(context, request, caller.person), id = user->id, sealed = made.sealed,
         step = auth::step_of(context.sealer, *user, code, context.now())](store::Transaction& txn) {
            return auth::begin_second_factor(txn, change, id, sealed, step);
        },
        std::move(responder), [shown = made.shown](const User&) { return answer(shown); });
}

void confirm_second_factor(Context& context, const http::Request& request, const Caller& caller,
                           const Json& json, http::ResponderPtr responder) {
    const auto texts = texts_in(json, {"totp"}, responder);
    const auto user = texts ? user_of(context, caller) : std::nullopt;
    if (!texts || !user) return;
    const BackupCodes codes = backup_codes(context, user->id);
    run(
        context,
        [change = change_of(context, request, caller.person), id = user->id, sealed = user->second.sealed_new,
         step = step_of_new(context, *user, texts->at("totp")),
         hashes = codes.hashes](store::Transaction& txn) {
            return auth::confirm_second_factor(txn, change, id, sealed, step, hashes);
        },
        std::move(responder),
        [shown = codes.shown](const User&) {
            return answer({{"backup_codes", shown}});
        });
}

void replace_backup_codes(Context& context, const http::Request& request, const Caller& caller,
                          const Json& json, http::ResponderPtr responder) {
    const auto texts = texts_in(json, {"totp"}, responder);
    const auto user = texts ? user_of(context, caller) : std::nullopt;
    if (!texts || !user) return;
    const BackupCodes codes = backup_codes(context, user->id);
    run(
        context,
        [change = change_of(context, request, caller.person), id = user->id, hashes = codes.hashes,
         step = auth::step_of(context.sealer, *user, texts->at("totp"), context.now())](
            store::Transaction& txn) { return auth::replace_backup_codes(txn, change, id, step, hashes); },
        std::move(responder),
        [shown = codes.shown](const User&) {
            return answer({{"backup_codes", shown}});
        });
}

void end_own_session(Context& context, const http::Request& request, const Caller& caller,
                     http::ResponderPtr responder) {
    run(
        context,
        [change = change_of(context, request, caller.person), id = auth::UserId{caller.person.id.value()},
         session = request.parameter("session")](store::Transaction& txn) -> auth::Answer<User> {
            auto user = auth::find_user(txn, id);
            if (!user || auth::end_session(txn, id, session) == auth::Ended::kNone)
                return auth::Refusal{auth::RefusalCode::kNotFound, "There is no such session.", "", ""};
            auth::note(txn, change.actor, change.now, "session.end", auth::object_of(id),
                       {{"session", session}});
            return *std::move(user);
        },
        std::move(responder), [](const User&) { return http::Response::empty(204); });
}

// Who holds an invitation or a link for a password. A wrong token counts against the sender's address.
std::optional<User> linked(Gate& gate, const http::Request& request, const std::string& token,
                           const http::ResponderPtr& responder) {
    Context& context = gate.context();
    if (const auto refusal = gate.sessions().limited(request)) {
        responder->respond(*refusal);
        return {};
    }
    const auto reader = context.store.read();
    const auto link = auth::find_link(*reader, token, context.now());
    auto user = link ? auth::find_user(*reader, link->user) : std::nullopt;
    if (!user) {
        responder->respond(to_response(auth::Refusal{
            auth::RefusalCode::kExpired, "This link is no longer good. Ask for another.", "", ""}));
        return {};
    }
    gate.sessions().give_back(request);
    return user;
}

using LinkHandler = void (*)(Gate&, const http::Request&, const Json&, http::ResponderPtr);
http::Route by_link(Gate& gate, const std::string& path, LinkHandler handler) {
    return {http::Method::kPost, path, http::Access::anybody(), kSmallBody,
            [&gate, handler](const http::Request& request, http::ResponderPtr responder) {
                const auto body = json_body(request);
                if (!body) return responder->respond(body.error());
                handler(gate, request, *body, std::move(responder));
            }};
}

void open_invitation(Gate& gate, const http::Request& request, const Json& json,
                     http::ResponderPtr responder) {
    const auto texts = texts_in(json, {"token"}, responder);
    if (!texts) return;
    const auto user = linked(gate, request, texts->at("token"), responder);
    if (!user) return;
    Context& context = gate.context();
    const NewSecret made = new_secret(context, user->username);
    run(
        context,
        [change = change_of(context, request, Person{}), token = texts->at("token"), sealed = made.sealed](
            store::Transaction& txn) { return auth::open_invitation(txn, change, token, sealed); },
        std::move(responder),
        [shown = made.shown](const User& opened) {
            Json all = shown;
            all.update({{"username", opened.username}, {"name", opened.name}});
            return answer(all);
        });
}

void accept_invitation(Gate& gate, const http::Request& request, const Json& json,
                       http::ResponderPtr responder) {
    const auto texts = texts_in(json, {"token", "password", "totp"}, responder);
    if (!texts) return;
    const auto user = linked(gate, request, texts->at("token"), responder);
    if (!user) return;
    Context& context = gate.context();
    const BackupCodes codes = backup_codes(context, user->id);
    with_password(
        context, *user, {}, texts->at("password"), std::move(responder),
        [&context, codes, change = change_of(context, request, Person{}), token = texts->at("token"),
         sealed = user->second.sealed_new,
         step = step_of_new(context, *user, texts->at("totp"))](const Judged& judged, http::ResponderPtr to) {
            run(
                context,
                [=, policy = context.people, hash = judged.hash](store::Transaction& txn) {
                    return auth::accept_invitation(txn, *policy, change, token, hash, sealed, step,
                                                   codes.hashes);
                },
                std::move(to),
                [shown = codes.shown](const User&) {
                    return answer({{"backup_codes", shown}});
                });
        });
}

void reset_password(Gate& gate, const http::Request& request, const Json& json,
                    http::ResponderPtr responder) {
    const auto texts = texts_in(json, {"token", "password"}, responder);
    if (!texts) return;
    const auto user = linked(gate, request, texts->at("token"), responder);
    if (!user) return;
    Context& context = gate.context();
    with_password(context, *user, {}, texts->at("password"), std::move(responder),
                  [&context, change = change_of(context, request, Person{}), token = texts->at("token")](
                      const Judged& judged, http::ResponderPtr to) {
                      run(
                          context,
                          [=, policy = context.people, hash = judged.hash](store::Transaction& txn) {
                              return auth::reset_password(txn, *policy, change, token, hash);
                          },
                          std::move(to),
                          [](const User&) {
                              return answer({{"changed", true}});
                          });
                  });
}

void add_own_reads(http::Router& router, Gate& gate) {
    Context& context = gate.context();
    router.add(gate.account_read("/api/v1/account", [&context](const http::Request&, const Caller& caller,
                                                               http::ResponderPtr responder) {
        if (const auto user = user_of(context, caller))
            responder->respond(answer(user_json(*user, *context.store.read(), context.now())));
    }));
    router.add(gate.account_read(
        "/api/v1/account/sessions",
        [&gate, &context](const http::Request&, const Caller& caller, http::ResponderPtr responder) {
            const auto own = gate.sessions().find(caller.token);
            Json items = Json::array();
            for (const auto& one : auth::sessions_of(*context.store.read(), *context.people,
                                                     auth::UserId{caller.person.id.value()}, context.now()))
                items.push_back(session_json(one, *context.people, own ? own->session_id : ""));
            responder->respond(answer({{"items", std::move(items)}}));
        }));
}

}  // namespace

void add_account_routes(http::Router& router, Gate& gate) {
    using http::Method;
    Context& context = gate.context();
    using Handler = void (*)(Context&, const http::Request&, const Caller&, const Json&, http::ResponderPtr);
    const auto add = [&](const char* path, Handler handler) {
        router.add(gate.account_write(Method::kPost, path,
                                      [&context, handler](const http::Request& request, const Caller& caller,
                                                          const Json& body, http::ResponderPtr responder) {
                                          handler(context, request, caller, body, std::move(responder));
                                      }));
    };
    add_own_reads(router, gate);
    add("/api/v1/account/password", change_password);
    add("/api/v1/account/totp", begin_second_factor);
    add("/api/v1/account/totp/confirm", confirm_second_factor);
    add("/api/v1/account/backup-codes", replace_backup_codes);
    router.add(gate.account_write(Method::kDelete, "/api/v1/account/sessions/{session}",
                                  [&context](const http::Request& request, const Caller& caller, const Json&,
                                             http::ResponderPtr responder) {
                                      end_own_session(context, request, caller, std::move(responder));
                                  }));
    // One key extends a session (its use was noted by the gate).
    router.add(gate.account_write(
        Method::kPost, "/api/v1/session/extend",
        [&gate](const http::Request&, const Caller& caller, const Json&, http::ResponderPtr responder) {
            if (const auto session = gate.sessions().find(caller.token))
                responder->respond(gate.sessions().describe(*session));
        }));
    router.add(by_link(gate, "/api/v1/invitations/open", open_invitation));
    router.add(by_link(gate, "/api/v1/invitations/accept", accept_invitation));
    router.add(by_link(gate, "/api/v1/password-resets/complete", reset_password));
}

}  // namespace cbe
