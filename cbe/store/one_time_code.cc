// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/one_time_code.h"

#include "cbe/store/user_record.h"

namespace cbe {
namespace {

Refusal refusal_of(auth::CodeVerdict verdict) {
    switch (verdict) {
        case auth::CodeVerdict::kAccepted:
        case auth::CodeVerdict::kWrong:
            return {RefusalCode::kTotpWrong,
                    "Nothing was changed: that is not the current code. Check the clock of your device and "
                    "type the "
                    "code that it shows now.",
                    {}};
        case auth::CodeVerdict::kReplayed:
            return {RefusalCode::kTotpReplayed, "That code was already used. Wait for the next one.", {}};
        case auth::CodeVerdict::kLocked:
        case auth::CodeVerdict::kNowLocked:
            return {RefusalCode::kLocked,
                    "Nothing was changed: five wrong codes were given, so your decisions are locked for 15 "
                    "minutes. Ask "
                    "another officer, or wait.",
                    {}};
    }
    return {RefusalCode::kTotpWrong, "", {}};
}

}  // namespace

std::optional<Refusal> use_code(store::Transaction& txn, const UserId& user,
                                std::optional<auth::TotpStep> step, base::Instant now) {
    auto found = find_user(txn, user);
    if (!found)
        return Refusal{RefusalCode::kPermission, "Nothing was changed: your account no longer exists.", {}};
    const auth::CodeJudgement judged = auth::judge(found->codes, step, now);
    if (judged.guard != found->codes) {
        found->codes = judged.guard;
        put_user(txn, *found);
    }
    if (judged.verdict == auth::CodeVerdict::kAccepted) return {};
    return refusal_of(judged.verdict);
}

}  // namespace cbe
