// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The canonical form of a JSON value (JCS, RFC 8785): the same value gives the same octets everywhere, so its
// SHA-256 can be what an officer approves.
//
// Narrower than the RFC on purpose: a number with a fraction or beyond 2^53-1 is refused instead of being
// formatted, because nothing we sign needs one (coordinates are integers of 1e-7 degree) and rounding
// differs between languages.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace json {

// Members sorted by the UTF-16 code units of their names, no white space, shortest escapes.
base::Result<std::string> canonical(const nlohmann::json& value);

// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view octets);

// sha256_hex(canonical(value)).
base::Result<std::string> digest(const nlohmann::json& value);

}  // namespace json
