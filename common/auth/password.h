// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Passwords: Argon2id by libsodium. Slow on purpose (about a second and 256 MiB at moderate cost): always on
// a WorkPool, never on the loop.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace auth {

// kModerate is what is used. kLight (64 MiB) is for the many throw-away users of tests.
enum class PasswordCost { kModerate, kLight };

// The hash carries its algorithm, cost and salt ("$argon2id$v=19$m=…"). kLimit when there is no memory for
// it.
base::Result<std::string> hash_password(std::string_view password,
                                        PasswordCost cost = PasswordCost::kModerate);

bool password_matches(const std::string& hash, std::string_view password);

// Letters and digits that cannot be mistaken for others, five random bits each.
std::string random_letters(size_t count);

// A password for a person to type: five groups of four characters that cannot be mistaken, 100 bits.
std::string random_password();
// One that an administrator reads out once: 12 characters of the same letters, 60 bits.
std::string temporary_password();

}  // namespace auth
