// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A user's one-time codes and backup codes, judged inside the transaction of what they are for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/auth/note.h"
#include "common/auth/refusal.h"
#include "common/auth/sealer.h"
#include "common/auth/user.h"
#include "common/store/store.h"

namespace auth {

// What a code that somebody typed belongs to, found outside the transaction: unsealing is not the store
// thread's work. None: to nothing.
std::optional<TotpStep> step_of(const Sealer& sealer, const User& user, std::string_view code,
                                base::Instant now);

struct CodeUse {
    std::optional<TotpStep> step;
    base::Instant now{};
    std::string object;  // what it was for: "alert/…", "user/…"
    Actor actor;
};

// Writes the new state of the user's codes, whatever the verdict, and an audit record of each that is not
// good. None: accepted.
std::optional<Refusal> use_code(store::Transaction& txn, const UserId& user, const CodeUse& use);

// Ten, of ten letters and digits each (50 bits); shown once.
inline constexpr size_t kBackupCodes = 10;
std::vector<std::string> new_backup_codes();
// What is kept of one: a hash that cannot be tried out without the sealer's key. Spaces, dashes and case do
// not matter.
std::string backup_hash(const Sealer& sealer, const UserId& user, std::string_view code);
// Ten letters or digits: what is typed where a one-time code is asked for may be one.
bool looks_like_backup_code(std::string_view text);

}  // namespace auth
