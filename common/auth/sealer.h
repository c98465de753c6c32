// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Secrets at rest: sealed with a key that does not lie in the store (libsodium's secretbox: XSalsa20 and
// Poly1305, a random nonce before each box).
#pragma once

#include <string>
#include <string_view>

#include "common/auth/secret.h"
#include "common/base/result.h"

namespace auth {

class Sealer {
 public:
    // The key file has 32 octets, mode 0600 or a credential of systemd. open_or_create() makes it when it is
    // absent.
    static base::Result<Sealer> open(const std::string& key_file);
    static base::Result<Sealer> open_or_create(const std::string& key_file);
    explicit Sealer(Secret key) : key_(std::move(key)) {}

    std::string seal(const Secret& secret) const;
    // kCorrupt: sealed with another key, or changed.
    base::Result<Secret> unseal(std::string_view box) const;

    // Of short secrets (backup codes) that are only compared: the same text gives the same hash, and nobody
    // without the key can try texts out. Hexadecimal.
    std::string keyed_hash(std::string_view text) const;

 private:
    Secret key_;
};

}  // namespace auth
