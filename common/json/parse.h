// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reading JSON from outside, within bounds: nesting, number of values, no member twice (RFC 8259 leaves that
// open, and two readers would then see two different alerts).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace json {

struct Limits {
    size_t depth = 32;
    size_t values = 1'000'000;  // numbers, strings, objects ... in all
};

// kInvalid with a sentence that says where: "JSON, line 3, column 14: …"; kLimit beyond a limit.
base::Result<nlohmann::json> parse(std::string_view text, const Limits& limits = {});

// Serialises our own value; text that is not UTF-8 is shown with replacement characters instead of failing.
std::string dump(const nlohmann::json& value);

}  // namespace json
