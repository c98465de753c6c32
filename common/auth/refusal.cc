// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/refusal.h"

namespace auth {

std::string_view to_string(RefusalCode code) {
    switch (code) {
        case RefusalCode::kCredentials:
            return "credentials";
        case RefusalCode::kCodeWrong:
            return "totp-wrong";
        case RefusalCode::kCodeReplayed:
            return "totp-replayed";
        case RefusalCode::kLocked:
            return "locked";
        case RefusalCode::kPermission:
            return "permission";
        case RefusalCode::kNotFound:
            return "not-found";
        case RefusalCode::kTaken:
            return "taken";
        case RefusalCode::kInvalid:
            return "invalid";
        case RefusalCode::kPassword:
            return "password";
        case RefusalCode::kStatus:
            return "status";
        case RefusalCode::kVersion:
            return "version-conflict";
        case RefusalCode::kOwnRequest:
            return "own-request";
        case RefusalCode::kExpired:
            return "expired";
        case RefusalCode::kLastAdministrator:
            return "last-administrator";
        case RefusalCode::kUnreadable:
            return "internal";
        case RefusalCode::kKeyReused:
            return "idempotency-key-reused";
    }
    return "unknown";
}

bool is_written(RefusalCode code) {
    return code == RefusalCode::kCredentials || code == RefusalCode::kCodeWrong ||
           code == RefusalCode::kCodeReplayed || code == RefusalCode::kLocked;
}

}  // namespace auth
