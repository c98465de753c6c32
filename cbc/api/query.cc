// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/query.h"

#include <charconv>
#include <string>

namespace cbc {

std::optional<size_t> query_number(const http::Request& request, std::string_view name, size_t otherwise,
                                   size_t most) {
    const auto text = request.query_value(name);
    if (!text) return otherwise;
    size_t number = 0;
    const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (problem != std::errc{} || end != text->data() + text->size() || number > most) return std::nullopt;
    return number;
}

http::Response bad_query(std::string_view name, size_t most) {
    return http::Response::problem(
        400, "invalid-query",
        std::string(name) + " must be a whole number from 0 to " + std::to_string(most));
}

}  // namespace cbc
