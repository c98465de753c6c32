// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Signing in, in two steps: name and password, then a code. The first answers alike for right and wrong
// passwords and for unknown names, and takes as long; only both together are right or wrong.
//
//     begin ─▶ challenge ─▶ finish ─▶ session          begin ─▶ session: the password was right, and there is
//                  │           │                                no second factor to ask for yet
//                  └ 5 minutes └▶ refused; a wrong password or code counts towards a lock
//
// A challenge is sealed and carries what was found out (which user, right or wrong), so no node keeps it: a
// restart or another leader between the steps changes nothing. It opens one session: one that was made before
// the user's last sign-in is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/auth/note.h"
#include "common/auth/policy.h"
#include "common/auth/refusal.h"
#include "common/auth/sealer.h"
#include "common/auth/session.h"
#include "common/auth/user.h"
#include "common/store/store.h"

namespace auth {

struct Challenge {
    enum class Password { kRight, kWrong };
    UserId user;  // empty: there is no such user
    Password password = Password::kWrong;
    base::Instant made{};
};
std::string seal(const Sealer& sealer, const Challenge& challenge);  // hexadecimal
// None: not ours, or too old.
std::optional<Challenge> open_challenge(const Sealer& sealer, std::string_view text, const Policy& policy,
                                        base::Instant now);

// Of no password: what the password of an unknown user is compared with, so that it takes as long.
const std::string& nobodys_hash();

// What came with a sign-in, found out before its transaction.
struct SignInTry {
    Challenge challenge;
    std::optional<TotpStep> step;  // of the code that was typed
    std::string backup_hash;       // of the backup code that was typed instead; or empty
    std::string token_hash;        // of the session that is to begin
    Session session;               // with `id`, `address` and `agent`
    base::Instant now{};
    Actor actor;
};
// Every refusal is written: in the audit log, and towards a lock.
struct SignedIn {
    User user;
    Session session;
};
Answer<SignedIn> sign_in(store::Transaction& txn, const Policy& policy, const SignInTry& tried);
// Of a challenge that cannot be opened.
Refusal refuse_sign_in(store::Transaction& txn, const SignInTry& tried, std::string_view cause);

// What a user must do before anything else.
enum class Duty { kChangePassword, kSetUpSecondFactor };
std::string_view to_string(Duty duty);  // "change-password"
std::optional<Duty> duty_of(const User& user, const Policy& policy);

}  // namespace auth
