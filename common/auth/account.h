// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What people do to their own accounts: a new password, a second factor, backup codes; and what they do with
// a link that was sent to them: accept an invitation, or set a password that they forgot.
//
// A link carries a token that only its row's hash knows here. It is good once and for a time; a new one ends
// the one before. What is slow (hashing) or random is done before and comes in as values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/auth/note.h"
#include "common/auth/policy.h"
#include "common/auth/refusal.h"
#include "common/auth/session.h"
#include "common/auth/user.h"

namespace auth {

struct Link {
    enum class For { kInvitation, kPassword };
    For what = For::kInvitation;
    UserId user;
    base::Instant expires_at{};
};
// None: there is no such link, or its time is over.
std::optional<Link> find_link(const store::Reader& reader, std::string_view token, base::Instant now);
// Ends those of the user for the same thing.
void put_link(store::Transaction& txn, std::string_view token_hash, const Link& link);

// None: it will do. Length in characters; not the user's own name; not one of the commonest.
std::optional<Refusal> judge_password(const Policy& policy, const User& user, std::string_view password);
// Is it one of the last few? Slow: one comparison each.
bool used_before(const User& user, std::string_view password);

struct Change {
    Actor actor;
    base::Instant now{};
};
// After the current one was compared; ends the other sessions. `based_on`: the hash that was compared.
Answer<User> change_password(store::Transaction& txn, const Policy& policy, const Change& change,
                             const UserId& id, std::string_view based_on, const std::string& hash,
                             std::string_view session_token_hash);
// The current password was wrong: counts as at signing in.
Refusal wrong_current_password(store::Transaction& txn, const Policy& policy, const Change& change,
                               const UserId& id);

// A new secret, shown but not yet in use. Who has one already gives a code of it (`step`).
Answer<User> begin_second_factor(store::Transaction& txn, const Change& change, const UserId& id,
                                 const std::string& sealed, std::optional<TotpStep> step);
// With a code of the new secret; from now on it is asked for. `backup`: hashes of the backup codes.
Answer<User> confirm_second_factor(store::Transaction& txn, const Change& change, const UserId& id,
                                   const std::string& sealed, std::optional<TotpStep> step,
                                   const std::vector<std::string>& backup);
Answer<User> replace_backup_codes(store::Transaction& txn, const Change& change, const UserId& id,
                                  std::optional<TotpStep> step, const std::vector<std::string>& backup);

// With a link for a password; every session ends. The second factor stays.
Answer<User> reset_password(store::Transaction& txn, const Policy& policy, const Change& change,
                            std::string_view token, const std::string& hash);
// Shows the invited a new secret. Asking again shows another one.
Answer<User> open_invitation(store::Transaction& txn, const Change& change, std::string_view token,
                             const std::string& sealed);
// Password and a code of the secret that was shown: the account is active.
Answer<User> accept_invitation(store::Transaction& txn, const Policy& policy, const Change& change,
                               std::string_view token, const std::string& hash, const std::string& sealed,
                               std::optional<TotpStep> step, const std::vector<std::string>& backup);

}  // namespace auth
