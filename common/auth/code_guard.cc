// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/code_guard.h"

namespace auth {

std::string_view to_string(CodeVerdict verdict) {
    switch (verdict) {
        case CodeVerdict::kAccepted:
            return "accepted";
        case CodeVerdict::kWrong:
            return "totp";
        case CodeVerdict::kReplayed:
            return "replay";
        case CodeVerdict::kLocked:
            return "locked";
        case CodeVerdict::kNowLocked:
            return "locked";
    }
    return "unknown";
}

CodeJudgement judge(const CodeGuard& guard, std::optional<TotpStep> step, base::Instant now) {
    CodeGuard after = guard;
    if (now < guard.locked_until) return {CodeVerdict::kLocked, after};
    if (step && *step > guard.last_step) {
        after = {*step, 0, {}};
        return {CodeVerdict::kAccepted, after};
    }
    ++after.wrong;
    if (after.wrong >= kWrongCodesToLock) {
        after.wrong = 0;
        after.locked_until = now + kCodeLock;
        return {CodeVerdict::kNowLocked, after};
    }
    return {step ? CodeVerdict::kReplayed : CodeVerdict::kWrong, after};
}

}  // namespace auth
