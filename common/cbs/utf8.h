// SPDX-License-Identifier: AGPL-3.0-or-later
//
// UTF-8 to characters and back, strictly: overlong forms, surrogates and cut sequences are refused. RFC 3629.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace cbs {

base::Result<std::u32string> from_utf8(std::string_view text);
// REQUIRES scalar values; anything else is written as U+FFFD.
std::string to_utf8(std::u32string_view characters);

}  // namespace cbs
