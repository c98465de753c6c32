// SPDX-License-Identifier: AGPL-3.0-or-later
//
// UTF-8 (RFC 3629) as UTF-16 code units: how JCS sorts names, and how a browser counts characters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace json {

// Nothing when `text` is not well-formed UTF-8 (overlong forms and surrogates are not).
std::optional<std::u16string> to_utf16(std::string_view text);

// Code points of well-formed UTF-8; other input counts octets that don't continue a character.
size_t code_points(std::string_view text);

}  // namespace json
