// SPDX-License-Identifier: AGPL-3.0-or-later
//
// multipart/related bodies: a JSON document with binary parts beside it. RFC 2046 §5.1, RFC 2387.
//
// Pure. A part may hold any octets: what ends it is CR LF, "--" and the boundary, and then the end of that
// line or "--"; nothing less. Order means nothing, so parts are looked for by type and by Content-Id.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace http {

struct Part {
    std::string type;  // as its Content-Type says: "application/json; charset=utf-8"; empty: none
    std::string id;    // Content-Id without angle brackets; empty: none
    std::string body;
    friend bool operator==(const Part&, const Part&) = default;
};

struct Multipart {
    std::string content_type;  // with the boundary, for the request's head
    std::string body;
};

struct MultipartLimits {
    size_t parts = 16;
    size_t head_octets = 4096;  // of one part
};

// "application/json" of "Application/JSON; charset=utf-8": the media type alone, in lower case.
std::string media_type(std::string_view content_type);
// The parameter, unquoted; empty when there is none. `name` in lower case.
std::string media_parameter(std::string_view content_type, std::string_view name);

// The first part is the root (RFC 2387 §3.1). The boundary occurs in none of the parts.
Multipart build_related(const std::vector<Part>& parts);

// kInvalid with what is wrong; kLimit beyond a limit. The body's own size is the caller's to bound.
base::Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body,
                                                const MultipartLimits& limits = {});

// Null when there is none.
const Part* find_type(const std::vector<Part>& parts, std::string_view wanted_media_type);
const Part* find_id(const std::vector<Part>& parts, std::string_view id);

}  // namespace http
