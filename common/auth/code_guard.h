// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What stands between a user and his one-time codes: each step once, and a lock after five wrong
// codes in a row: 15 minutes, then twice as long each time, four hours at most.
//
// Pure: the state is a value that the caller keeps with the user and changes in the same transaction as what
// the code was for; the matching step comes from matching_step().
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/auth/totp.h"
#include "common/auth/try_guard.h"
#include "common/time/clock.h"

namespace auth {

inline constexpr TryLimits kCodeLimits{
    .tries = 5, .first_lock = std::chrono::minutes{15}, .longest_lock = std::chrono::hours{4}};

struct CodeGuard {
    TotpStep last_step = 0;  // the newest step that was accepted
    TryGuard tries = {};

    friend bool operator==(const CodeGuard&, const CodeGuard&) = default;
};

enum class CodeVerdict { kAccepted, kWrong, kReplayed, kLocked, kNowLocked };
std::string_view to_string(CodeVerdict verdict);

struct CodeJudgement {
    CodeVerdict verdict;
    CodeGuard guard;  // to be kept, whatever the verdict
};

// `step`: what the code matched, if anything. kNowLocked: this wrong code was the fifth. A replayed code
// counts as wrong: who replays has read it somewhere.
CodeJudgement judge(const CodeGuard& guard, std::optional<TotpStep> step, base::Instant now);

}  // namespace auth
