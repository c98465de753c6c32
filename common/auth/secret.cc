// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/secret.h"

#include <sodium.h>

#include "common/base/uuid.h"

namespace auth {

Secret Secret::random(size_t octets) {
    base::Bytes bytes(octets);
    base::random_bytes(bytes.data(), bytes.size());
    return Secret{std::move(bytes)};
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    wipe();
    octets_ = std::move(other.octets_);
    return *this;
}

Secret::~Secret() { wipe(); }

void Secret::wipe() {
    if (!octets_.empty()) sodium_memzero(octets_.data(), octets_.size());
}

bool equal_constant_time(std::string_view left, std::string_view right) {
    return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace auth
