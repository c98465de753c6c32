// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What stands between a user and his one-time codes: each step once, and a lock after five wrong codes.
//
// Pure: the state is a value that the caller keeps with the user and changes in the same transaction as what
// the code was for; the matching step comes from matching_step().
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/auth/totp.h"
#include "common/time/clock.h"

namespace auth {

constexpr uint32_t kWrongCodesToLock = 5;
constexpr std::chrono::minutes kCodeLock{15};

struct CodeGuard {
    TotpStep last_step = 0;  // the newest step that was accepted
    uint32_t wrong = 0;      // in a row
    base::Instant locked_until{};

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
