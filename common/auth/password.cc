// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/password.h"

#include <sodium.h>

#include <array>

#include "common/base/uuid.h"

namespace auth {

base::Result<std::string> hash_password(std::string_view password, PasswordCost cost) {
    const auto operations = cost == PasswordCost::kModerate ? crypto_pwhash_argon2id_OPSLIMIT_MODERATE
                                                            : crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE;
    const auto memory = cost == PasswordCost::kModerate ? crypto_pwhash_argon2id_MEMLIMIT_MODERATE
                                                        : crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE;
    std::array<char, crypto_pwhash_argon2id_STRBYTES> hash{};
    if (crypto_pwhash_argon2id_str(hash.data(), password.data(), password.size(), operations, memory) != 0)
        return base::Error{base::ErrorKind::kLimit, "there is not enough memory to hash a password"};
    return std::string(hash.data());
}

bool password_matches(const std::string& hash, std::string_view password) {
    return crypto_pwhash_argon2id_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

std::string random_password() {
    constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";  // 32, so no bias
    static_assert(kLetters.size() == 32);
    std::array<uint8_t, 20> random{};
    base::random_bytes(random.data(), random.size());
    std::string out;
    for (size_t i = 0; i < random.size(); ++i) {
        if (i > 0 && i % 4 == 0) out += '-';
        out += kLetters[random[i] % kLetters.size()];
    }
    return out;
}

}  // namespace auth
