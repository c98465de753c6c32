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

std::string random_letters(size_t count) {
    constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";  // 32, so no bias
    static_assert(kLetters.size() == 32);
    std::string out(count, ' ');
    base::random_bytes(out.data(), out.size());
    for (char& c : out) c = kLetters[static_cast<uint8_t>(c) % kLetters.size()];
    return out;
}

std::string random_password() {
    const std::string letters = random_letters(20);
    std::string out = letters.substr(0, 4);
    for (size_t at = 4; at < letters.size(); at += 4) out += '-' + letters.substr(at, 4);
    return out;
}

std::string temporary_password() { return random_letters(12); }

}  // namespace auth
