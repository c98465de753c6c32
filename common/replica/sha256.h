// SPDX-License-Identifier: AGPL-3.0-or-later
//
// SHA-256 (FIPS 180-4) of octets that come piece by piece. OpenSSL's, which uses the processor's instructions
// for it where there are any: gigabytes go through here.
#pragma once

#include <array>
#include <memory>

#include "common/base/bytes.h"

typedef struct evp_md_ctx_st EVP_MD_CTX;

namespace replica {

using Digest = std::array<uint8_t, 32>;

class Sha256 {
 public:
    Sha256();
    void add(base::ByteView octets);
    Digest finish();  // and begins anew
    static Digest of(base::ByteView octets);

 private:
    struct Free {
        void operator()(EVP_MD_CTX* context) const;
    };
    void begin();
    std::unique_ptr<EVP_MD_CTX, Free> context_;
};

}  // namespace replica
