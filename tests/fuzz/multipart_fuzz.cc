// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any octets as a multipart body; the first line is the content type. What was read is built and read again:
// the same parts must come out.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "common/http/multipart.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view octets(reinterpret_cast<const char*>(data), size);
    const size_t line = std::min(octets.find('\n'), octets.size());
    const std::string_view type = octets.substr(0, line);
    const std::string_view body = octets.substr(std::min(line + 1, octets.size()));
    const auto parts = http::parse_multipart(type, body);
    if (!parts) {
        if (parts.error().text.empty()) std::abort();
        return 0;
    }
    size_t held = 0;
    for (const http::Part& part : *parts) {
        held += part.body.size();
        if (part.id.starts_with('<')) return 0;  // it would lose another pair of brackets
    }
    if (held > body.size()) std::abort();
    const auto built = http::build_related(*parts);
    const auto again = http::parse_multipart(built.content_type, built.body);
    if (!again || *again != *parts) std::abort();
    return 0;
}
