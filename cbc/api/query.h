// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Numbers in the query of a request.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "common/http/message.h"

namespace cbc {

// A whole number within bounds; none when it is there and wrong.
std::optional<size_t> query_number(const http::Request& request, std::string_view name, size_t otherwise,
                                   size_t most);
http::Response bad_query(std::string_view name, size_t most);

}  // namespace cbc
