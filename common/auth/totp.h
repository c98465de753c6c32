// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One-time codes by time: RFC 6238 with SHA-1, 6 digits, 30-second steps.
//
// A code is good in its own step and the one before and after (clocks differ). Each step is accepted once:
// the caller keeps the last accepted step of each user and refuses an equal or older one; see code_guard.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/auth/secret.h"
#include "common/base/result.h"
#include "common/time/clock.h"

namespace auth {

constexpr size_t kTotpSecretOctets = 20;  // RFC 4226 §4, R6: 160 bits recommended

using TotpStep = int64_t;  // 30-second steps since 1970

TotpStep totp_step(base::Instant now);

// The six digits of a step; for whoever holds the secret (tests, the demo's own officers).
std::string totp_code(const Secret& secret, TotpStep step);
inline std::string totp_code(const Secret& secret, base::Instant now) {
    return totp_code(secret, totp_step(now));
}

// The step that `code` belongs to, among the current one and its neighbours; none when it is wrong.
std::optional<TotpStep> matching_step(const Secret& secret, std::string_view code, base::Instant now);

// RFC 4648 base 32 without padding, as authenticator applications take it; decoding skips spaces.
std::string to_base32(const Secret& secret);
base::Result<Secret> from_base32(std::string_view text);

// otpauth://totp/ISSUER:ACCOUNT?secret=…&issuer=ISSUER, for the QR code.
std::string otpauth_uri(std::string_view issuer, std::string_view account, const Secret& secret);

}  // namespace auth
