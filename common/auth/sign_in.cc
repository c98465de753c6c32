// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/sign_in.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "common/auth/people.h"
#include "common/auth/second_factor.h"
#include "common/base/bytes.h"

namespace auth {
namespace {

constexpr size_t kMostChallenge = 512;  // hexadecimal digits

Refusal wrong_credentials() {
    return {RefusalCode::kCredentials,
            "User name, password or code is wrong. Check all three; type the code that your device shows "
            "now. After five failures in a row an account takes no sign-in for some minutes."};
}

Refusal begin_again() {
    return {RefusalCode::kCredentials,
            "This sign-in took too long, or was used already. Begin again with your password."};
}

Refusal refused(store::Transaction& txn, const SignInTry& tried, const User* user, std::string_view cause,
                Refusal refusal) {
    const Actor actor = user != nullptr ? actor_as(tried.actor, *user) : tried.actor;
    note(txn, actor, tried.now, "session.refuse", object_of(actor.id), {{"cause", cause}});
    return refusal;
}

// Counts, unless the account is locked already: then not even the right password is looked at.
Refusal wrong_password(store::Transaction& txn, const Policy& policy, const SignInTry& tried, User user) {
    const TryGuard after = after_wrong(user.password_tries, policy.password_tries, tried.now);
    const bool locks = after.locked(tried.now) && !user.password_tries.locked(tried.now);
    if (after != user.password_tries) {
        user.password_tries = after;
        put_user(txn, user);
    }
    if (locks)
        note(txn, actor_as(tried.actor, user), tried.now, "account.lock", object_of(user.id),
             {{"until", base::to_rfc3339(after.locked_until)}});
    return refused(txn, tried, &user, "password", wrong_credentials());
}

// None: one of them was good. Backup codes are for signing in only, and each is good once.
std::optional<Refusal> use_second_factor(store::Transaction& txn, const SignInTry& tried, User& user,
                                         Session& session) {
    if (!user.second.enabled()) {
        session.with = Session::With::kPassword;
        return {};
    }
    auto& backup = user.second.backup;
    const auto code = std::find(backup.begin(), backup.end(), tried.backup_hash);
    if (!tried.backup_hash.empty() && code != backup.end() && !user.second.codes.tries.locked(tried.now)) {
        session.with = Session::With::kBackupCode;
        backup.erase(code);
        user.second.codes.tries = {};
        note(txn, actor_as(tried.actor, user), tried.now, "backup_code.use", object_of(user.id),
             {{"left", backup.size()}});
        return {};
    }
    const auto no = use_code(txn, user.id, {tried.step, tried.now, object_of(user.id), tried.actor});
    if (auto fresh = find_user(txn, user.id)) user = *std::move(fresh);
    return no;
}

}  // namespace

std::string seal(const Sealer& sealer, const Challenge& challenge) {
    std::string text = std::to_string(challenge.made.time_since_epoch().count());
    text += challenge.password == Challenge::Password::kRight ? " right " : " wrong ";
    text += challenge.user.value();
    // As long for an unknown user as for one of ours.
    text.resize(std::max<size_t>(text.size() + 1, 80), '\0');
    const auto octets = base::as_bytes(text);
    return base::to_hex(base::as_bytes(sealer.seal(Secret{base::Bytes(octets.begin(), octets.end())})));
}

std::optional<Challenge> open_challenge(const Sealer& sealer, std::string_view text, const Policy& policy,
                                        base::Instant now) {
    if (text.size() > kMostChallenge) return {};
    const auto box = base::from_hex(text);
    if (!box) return {};
    const auto opened = sealer.unseal(base::as_text(*box));
    if (!opened) return {};
    std::string_view rest = base::as_text(opened->view());
    rest = rest.substr(0, rest.find('\0'));
    int64_t made = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), made);
    if (error != std::errc{}) return {};
    rest.remove_prefix(static_cast<size_t>(end - rest.data()));
    Challenge challenge;
    challenge.made = base::Instant{std::chrono::microseconds{made}};
    challenge.password =
        rest.starts_with(" right ") ? Challenge::Password::kRight : Challenge::Password::kWrong;
    if (!rest.starts_with(" right ") && !rest.starts_with(" wrong ")) return {};
    challenge.user = UserId{std::string(rest.substr(7))};
    if (now < challenge.made || now >= challenge.made + policy.challenge_lives) return {};
    return challenge;
}

const std::string& nobodys_hash() {
    static const std::string hash =
        "$argon2id$v=19$m=262144,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    return hash;
}

Refusal refuse_sign_in(store::Transaction& txn, const SignInTry& tried, std::string_view cause) {
    return refused(txn, tried, nullptr, cause, begin_again());
}

Answer<SignedIn> sign_in(store::Transaction& txn, const Policy& policy, const SignInTry& tried) {
    auto user = find_user(txn, tried.challenge.user);
    if (!user || user->status != UserStatus::kActive)
        return refused(txn, tried, user ? &*user : nullptr, "user", wrong_credentials());
    if (tried.challenge.password == Challenge::Password::kWrong)
        return wrong_password(txn, policy, tried, *std::move(user));
    if (user->password_tries.locked(tried.now))
        return refused(txn, tried, &*user, "account-locked", wrong_credentials());
    if (tried.challenge.made < std::max(user->last_sign_in, user->password.changed_at))
        return refused(txn, tried, &*user, "challenge", begin_again());
    const bool temporary = user->password.kind == Password::Kind::kTemporary;
    if (temporary && tried.now >= user->password.good_until)
        return refused(txn, tried, &*user, "temporary-password",
                       {RefusalCode::kCredentials,
                        "Your temporary password is no longer good. Ask your administrator for a new one."});
    SignedIn signed_in{*std::move(user), tried.session};
    if (auto no = use_second_factor(txn, tried, signed_in.user, signed_in.session)) {
        if (no->code != RefusalCode::kLocked) no->text = wrong_credentials().text;  // which of them: not said
        return refused(txn, tried, &signed_in.user, to_string(no->code), *no);
    }
    signed_in.user.password_tries = {};
    signed_in.user.last_sign_in = tried.now;
    ++signed_in.user.sign_ins;
    put_user(txn, signed_in.user);
    signed_in.session.user = signed_in.user.id;
    signed_in.session.signed_in = signed_in.session.last_used = tried.now;
    put_session(txn, tried.token_hash, signed_in.session);
    note(txn, actor_as(tried.actor, signed_in.user), tried.now, "session.begin", object_of(signed_in.user.id),
         {{"with", to_string(signed_in.session.with)}});
    return signed_in;
}

std::string_view to_string(Duty duty) {
    switch (duty) {
        case Duty::kChangePassword:
            return "change-password";
        case Duty::kSetUpSecondFactor:
            return "set-up-totp";
    }
    return "unknown";
}

std::optional<Duty> duty_of(const User& user, const Policy& policy) {
    if (user.password.kind == Password::Kind::kTemporary) return Duty::kChangePassword;
    if (!user.second.enabled() && policy.second_factor == Policy::SecondFactor::kWanted)
        return Duty::kSetUpSecondFactor;
    return {};
}

}  // namespace auth
