// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/entrance.h"

#include "common/auth/password.h"
#include "common/auth/people.h"
#include "common/auth/second_factor.h"
#include "common/auth/token.h"
#include "common/base/uuid.h"

namespace auth {
namespace {

using namespace std::chrono_literals;

constexpr auto kTouchEvery = 1min;
constexpr size_t kAgentLimit = 200;

uint64_t unix_ms(base::Instant at) {
    return static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count());
}

Session new_session(const Actor& actor, const std::string& agent, base::Instant now) {
    Session session;
    session.id = base::new_uuid(unix_ms(now)).text();
    session.address = actor.address;
    session.agent = agent.substr(0, kAgentLimit);
    return session;
}

}  // namespace

void Entrance::begin(const Actor& actor, const std::string& agent, const std::string& name,
                     std::string password, std::function<void(const Begun&)> then) {
    const auto user = find_user_by_name(*parts_.store.read(), name);
    const bool has_password = user && !user->password.hash.empty();
    const std::string hash = has_password ? user->password.hash : nobodys_hash();
    const bool enabled = user && user->second.enabled();
    auto shared =
        std::make_shared<std::function<void(const Begun&)>>(std::move(then));  // the task may be refused
    const bool taken = parts_.workers.submit(
        [hash, password = std::move(password)] { return password_matches(hash, password); },
        [this, id = user ? user->id : UserId{}, has_password, enabled, actor, agent, shared](bool matches) {
            const bool right = matches && has_password;
            const Challenge challenge{id, right ? Challenge::Password::kRight : Challenge::Password::kWrong,
                                      parts_.clock.now()};
            if (!right || enabled) return (*shared)({seal(parts_.sealer, challenge)});
            open(actor, agent, challenge, {}, "", [shared](const Told<Opened>& told) {
                (*shared)({"", told});
            });
        });
    if (!taken)
        (*shared)(
            {"",
             {.value = {},
              .refusal = {},
              .not_taken = store::Done{store::Outcome::kRefused,
                                       {base::ErrorKind::kUnavailable, "too many people are signing in"}}}});
}

void Entrance::finish(const Actor& actor, const std::string& agent, const std::string& challenge,
                      const std::string& code, OnOpened then) {
    const base::Instant now = parts_.clock.now();
    const auto opened = open_challenge(parts_.sealer, challenge, *parts_.policy, now);
    const auto user = opened ? find_user(*parts_.store.read(), opened->user) : std::nullopt;
    if (!opened) return open(actor, agent, {}, {}, "", std::move(then));
    if (!user) return open(actor, agent, *opened, {}, "", std::move(then));
    if (user->second.enabled() && !parts_.sealer.unseal(user->second.sealed))
        return then({.value = {},
                     .refusal = Refusal{RefusalCode::kUnreadable,
                                        "Your second factor cannot be read. Call the administrator: the key "
                                        "file may be wrong.",
                                        "", user->id.value()},
                     .not_taken = {}});
    const std::string backup =
        looks_like_backup_code(code) ? backup_hash(parts_.sealer, user->id, code) : std::string();
    open(actor, agent, *opened, step_of(parts_.sealer, *user, code, now), backup, std::move(then));
}

void Entrance::open(const Actor& actor, const std::string& agent, Challenge challenge,
                    std::optional<TotpStep> step, std::string backup_hash, OnOpened then) {
    const std::string token = new_token();
    const base::Instant now = parts_.clock.now();
    const SignInTry tried{std::move(challenge),
                          step,
                          std::move(backup_hash),
                          token_hash(token),
                          new_session(actor, agent, now),
                          now,
                          actor};
    submit<SignedIn>(
        parts_.store,
        [tried, policy = parts_.policy](store::Transaction& txn) -> Answer<SignedIn> {
            if (tried.challenge.made == base::Instant{}) return refuse_sign_in(txn, tried, "challenge");
            return sign_in(txn, *policy, tried);
        },
        [token, then = std::move(then)](const Told<SignedIn>& told) {
            Told<Opened> opened{.value = {}, .refusal = told.refusal, .not_taken = told.not_taken};
            if (told.value) opened.value = Opened{*told.value, token};
            then(opened);
        });
}

std::optional<Entrance::Holder> Entrance::find(std::string_view token) const {
    const auto reader = parts_.store.read();
    auto session = find_session(*reader, *parts_.policy, token_hash(token), parts_.clock.now());
    if (!session) return {};
    auto user = find_user(*reader, session->user);
    if (!user || user->status != UserStatus::kActive) return {};
    return Holder{*std::move(user), *std::move(session)};
}

void Entrance::touch(std::string_view token) {
    const std::string hash = token_hash(token);
    const base::Instant now = parts_.clock.now();
    base::Instant& last = touched_[hash];
    if (now < last + kTouchEvery) return;
    last = now;
    // Not stored: the session ends a little earlier, or the next request writes it.
    parts_.store.submit(
        [hash, now, policy = parts_.policy](store::Transaction& txn) -> base::Result<void> {
            auto session = find_session(txn, *policy, hash, now);
            if (!session) return base::not_found("the session has ended");
            session->last_used = now;
            put_session(txn, hash, *session);
            return {};
        },
        [](const store::Done&) {}, store::Urgency::kBulk);
}

void Entrance::forget_ended() {
    const base::Instant now = parts_.clock.now();
    std::erase_if(touched_, [&](const auto& entry) { return now >= entry.second + policy().session_idle; });
    parts_.store.submit(
        [now, policy = parts_.policy](store::Transaction& txn) -> base::Result<void> {
            forget_sessions(txn, *policy, now, 1000);
            return {};
        },
        [](const store::Done&) {}, store::Urgency::kBulk);
}

}  // namespace auth
