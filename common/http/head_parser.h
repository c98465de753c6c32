// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The head of a request, from its octets to values, and the rules that keep two readers of one connection
// from seeing different requests in it (request smuggling; RFC 9112 §6.3, §11.2).
//
// Pure. Boost.Beast parses; its .cc is the only file that includes boost. It is given whole heads only: fed
// piece by piece, and with chunked bodies, 1.74 has assertions that a peer can reach.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/result.h"
#include "common/http/message.h"
#include "common/http/refusal.h"

namespace http {

enum class BodyKind { kNone, kLength, kChunked };
enum class KeepAlive { kYes, kNo };
enum class Expectation { kNone, kContinue };

struct Head {
    Request request;  // without body, peer and request_id
    BodyKind body = BodyKind::kNone;
    uint64_t content_length = 0;
    KeepAlive keep_alive = KeepAlive::kYes;
    Expectation expectation = Expectation::kNone;
    int minor_version = 1;
};

// Octets up to and with the empty line that ends the head; nothing: not all there.
std::optional<size_t> find_head_end(std::string_view octets);

// `octets` is exactly one head, as find_head_end measured it.
base::Result<Head, Refusal> parse_head(std::string_view octets);

}  // namespace http
