// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The request target: path and query, decoded (RFC 9112 §3.2, RFC 3986 §2.1).
//
// A path that could be read in two ways is refused instead of being cleaned: encoded slashes and
// backslashes, control characters, "." and ".." as segments.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/http/refusal.h"

namespace http {

struct Target {
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;
};

base::Result<Target, Refusal> parse_target(std::string_view target);

}  // namespace http
