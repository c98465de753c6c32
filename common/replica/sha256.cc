// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/sha256.h"

#include <openssl/evp.h>

#include <cassert>

namespace replica {

void Sha256::Free::operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    assert(context_ != nullptr);  // out of memory
    begin();
}

void Sha256::begin() {
    const int begun = EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
    assert(begun == 1);
    (void)begun;
}

void Sha256::add(base::ByteView octets) { EVP_DigestUpdate(context_.get(), octets.data(), octets.size()); }

Digest Sha256::finish() {
    Digest digest{};
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    begin();
    return digest;
}

Digest Sha256::of(base::ByteView octets) {
    Sha256 sha;
    sha.add(octets);
    return sha.finish();
}

}  // namespace replica
