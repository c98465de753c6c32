// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Bearer secrets that we hand out: session cookies, challenges, CSRF tokens. The store keeps only their
// hashes, so that whoever reads a copy of the store cannot use them.
#pragma once

#include <string>
#include <string_view>

namespace auth {

// 256 random bits in lower-case hexadecimal.
std::string new_token();

// SHA-256 in lower-case hexadecimal. A token is random, so no salt and no slow hash.
std::string token_hash(std::string_view token);

// A second token that only the holder of the first can know, without keeping it anywhere: a keyed hash of
// `token` for `purpose` ("csrf").
std::string derived_token(std::string_view token, std::string_view purpose);

}  // namespace auth
