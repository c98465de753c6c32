// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/refusal.h"

namespace cbe {

std::string_view to_string(RefusalCode code) {
    switch (code) {
        case RefusalCode::kPermission:
            return "permission";
        case RefusalCode::kContributor:
            return "contributor";
        case RefusalCode::kReturnedByYou:
            return "returned-by-you";
        case RefusalCode::kTotpWrong:
            return "totp-wrong";
        case RefusalCode::kTotpReplayed:
            return "totp-replayed";
        case RefusalCode::kLocked:
            return "locked";
        case RefusalCode::kNotFound:
            return "not-found";
        case RefusalCode::kStatus:
            return "status";
        case RefusalCode::kUpdateOutdated:
            return "update-outdated";
        case RefusalCode::kVersionConflict:
            return "version-conflict";
        case RefusalCode::kDigestChanged:
            return "digest-changed";
        case RefusalCode::kTooLate:
            return "too-late";
        case RefusalCode::kNoApprover:
            return "no-approver";
        case RefusalCode::kCodesExhausted:
            return "codes-exhausted";
        case RefusalCode::kMode:
            return "mode";
        case RefusalCode::kNotComplete:
            return "not-complete";
        case RefusalCode::kInvalid:
            return "invalid";
        case RefusalCode::kText:
            return "text";
        case RefusalCode::kUnknownCell:
            return "unknown-cell";
        case RefusalCode::kIdempotencyKeyReused:
            return "idempotency-key-reused";
    }
    return "unknown";
}

}  // namespace cbe
