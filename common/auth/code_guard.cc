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
    if (guard.tries.locked(now)) return {CodeVerdict::kLocked, guard};
    if (step && *step > guard.last_step) return {CodeVerdict::kAccepted, {*step, {}}};
    const CodeGuard after{guard.last_step, after_wrong(guard.tries, kCodeLimits, now)};
    if (after.tries.locked(now)) return {CodeVerdict::kNowLocked, after};
    return {step ? CodeVerdict::kReplayed : CodeVerdict::kWrong, after};
}

}  // namespace auth
