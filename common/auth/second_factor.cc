// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/second_factor.h"

#include <nlohmann/json.hpp>

#include "common/auth/password.h"
#include "common/auth/people.h"

namespace auth {
namespace {

constexpr size_t kBackupLetters = 10;

std::string bare(std::string_view code) {
    std::string out;
    for (const char c : folded(code))
        if (c != ' ' && c != '-') out += c;
    return out;
}

Refusal refusal_of(CodeVerdict verdict, const CodeGuard& guard, base::Instant now) {
    switch (verdict) {
        case CodeVerdict::kAccepted:
        case CodeVerdict::kWrong:
            return {RefusalCode::kCodeWrong,
                    "Nothing was changed: that is not the current code. Check the clock of your device and "
                    "type the code that it shows now."};
        case CodeVerdict::kReplayed:
            return {RefusalCode::kCodeReplayed, "That code was already used. Wait for the next one."};
        case CodeVerdict::kLocked:
        case CodeVerdict::kNowLocked:
            break;
    }
    const auto left = std::chrono::ceil<std::chrono::minutes>(guard.tries.locked_until - now);
    return {RefusalCode::kLocked,
            "Nothing was changed: five wrong codes were given, so your decisions are locked for " +
                std::to_string(left.count()) + " minutes. Ask another officer, or wait."};
}

// A refused code, and the lock that it may have brought about.
void note_refused(store::Transaction& txn, const User& user, CodeVerdict verdict, const CodeUse& use) {
    const Actor actor = actor_as(use.actor, user);
    note(txn, actor, use.now, "code.refuse", use.object, {{"verdict", to_string(verdict)}});
    if (verdict == CodeVerdict::kNowLocked)
        note(txn, actor, use.now, "decisions.lock", use.object,
             {{"until", base::to_rfc3339(user.second.codes.tries.locked_until)}});
}

}  // namespace

std::optional<TotpStep> step_of(const Sealer& sealer, const User& user, std::string_view code,
                                base::Instant now) {
    if (!user.second.enabled()) return {};
    const auto secret = sealer.unseal(user.second.sealed);
    return secret ? matching_step(*secret, code, now) : std::nullopt;
}

std::optional<Refusal> use_code(store::Transaction& txn, const UserId& id, const CodeUse& use) {
    auto user = find_user(txn, id);
    if (!user)
        return Refusal{RefusalCode::kPermission, "Nothing was changed: your account no longer exists."};
    const CodeJudgement judged = judge(user->second.codes, use.step, use.now);
    if (judged.guard != user->second.codes) {
        user->second.codes = judged.guard;
        put_user(txn, *user);
    }
    if (judged.verdict == CodeVerdict::kAccepted) return {};
    note_refused(txn, *user, judged.verdict, use);
    Refusal refusal = refusal_of(judged.verdict, user->second.codes, use.now);
    refusal.user = id.value();
    return refusal;
}

std::vector<std::string> new_backup_codes() {
    std::vector<std::string> codes;
    for (size_t i = 0; i < kBackupCodes; ++i) {
        const std::string letters = random_letters(kBackupLetters);
        codes.push_back(letters.substr(0, kBackupLetters / 2) + '-' + letters.substr(kBackupLetters / 2));
    }
    return codes;
}

std::string backup_hash(const Sealer& sealer, const UserId& user, std::string_view code) {
    return sealer.keyed_hash("backup " + user.value() + " " + bare(code));
}

bool looks_like_backup_code(std::string_view text) { return bare(text).size() == kBackupLetters; }

}  // namespace auth
