// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The octets before a response's body: status line, the handler's fields, and the fields that every response
// of ours carries (security, request id, date, length).
#pragma once

#include <string>

#include "common/http/head_parser.h"
#include "common/http/message.h"
#include "common/time/clock.h"

namespace http {

enum class Channel { kPlain, kTls };
enum class Framing { kLength, kChunked, kUntilClose };

struct ResponseContext {
    KeepAlive keep_alive = KeepAlive::kYes;
    Framing framing = Framing::kLength;
    Channel channel = Channel::kPlain;
    std::string request_id;  // empty: the request was never understood
    base::Instant now;
};

const std::string& body_of(const Response& response);

std::string response_head(const Response& response, const ResponseContext& context);

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7).
std::string http_date(base::Instant instant);

}  // namespace http
