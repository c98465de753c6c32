// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/token.h"

#include <sodium.h>

#include <array>

#include "common/auth/secret.h"
#include "common/base/bytes.h"

namespace auth {

std::string new_token() { return base::to_hex(Secret::random(32).view()); }

std::string token_hash(std::string_view token) {
    std::array<uint8_t, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), base::as_bytes(token).data(), token.size());
    return base::to_hex(hash);
}

std::string derived_token(std::string_view token, std::string_view purpose) {
    const std::string key = token_hash(token);
    std::array<uint8_t, crypto_generichash_BYTES> hash{};
    crypto_generichash(hash.data(), hash.size(), base::as_bytes(purpose).data(), purpose.size(),
                       base::as_bytes(key).data(), key.size());
    return base::to_hex(hash);
}

}  // namespace auth
