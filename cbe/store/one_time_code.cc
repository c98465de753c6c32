// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/one_time_code.h"

#include <nlohmann/json.hpp>

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

// A refused code, and the lock that it may have brought about.
void note_refused(store::Transaction& txn, const User& user, auth::CodeVerdict verdict, const CodeUse& use) {
    const auto append = [&](const char* action, nlohmann::json after) {
        audit::append(txn, audit_of(action, use.object, user.person, use.now, use.origin, std::move(after)));
    };
    append("code.refuse", {{"verdict", auth::to_string(verdict)}});
    if (verdict == auth::CodeVerdict::kNowLocked)
        append("decisions.lock", {{"until", base::to_rfc3339(user.codes.locked_until)}});
}

}  // namespace

std::optional<Refusal> use_code(store::Transaction& txn, const UserId& user, const CodeUse& use) {
    auto found = find_user(txn, user);
    if (!found)
        return Refusal{RefusalCode::kPermission, "Nothing was changed: your account no longer exists.", {}};
    const auth::CodeJudgement judged = auth::judge(found->codes, use.step, use.now);
    if (judged.guard != found->codes) {
        found->codes = judged.guard;
        put_user(txn, *found);
    }
    if (judged.verdict == auth::CodeVerdict::kAccepted) return {};
    note_refused(txn, *found, judged.verdict, use);
    return refusal_of(judged.verdict);
}

}  // namespace cbe
