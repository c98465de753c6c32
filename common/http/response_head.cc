// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/response_head.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace http {
namespace {

using namespace std::string_view_literals;

// What each response carries unless its handler says otherwise. The strict policy for pages is set by
// StaticFiles; an API answer is not a page and may load nothing.
constexpr std::array kDefaults{
    std::pair{"x-content-type-options"sv, "nosniff"sv},
    std::pair{"referrer-policy"sv, "no-referrer"sv},
    std::pair{"content-security-policy"sv, "default-src 'none'; frame-ancestors 'none'"sv},
    std::pair{"cross-origin-resource-policy"sv, "same-origin"sv},
    std::pair{"cross-origin-opener-policy"sv, "same-origin"sv},
    std::pair{"cache-control"sv, "no-store"sv},
};
// Fields that the connection decides.
constexpr std::array kOwn{"content-length"sv, "transfer-encoding"sv, "connection"sv, "date"sv};

bool has(const Response& response, std::string_view name) {
    return std::any_of(response.headers.begin(), response.headers.end(),
                       [&](const auto& field) { return field.first == name; });
}

// A line break inside a value would let whoever chose the value write fields of his own.
void add(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ");
    for (const char c : value)
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t') out += c;
    out += "\r\n";
}

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

const std::string& body_of(const Response& response) {
    return response.shared_body ? *response.shared_body : response.body;
}

std::string http_date(base::Instant instant) {
    const std::time_t seconds =
        std::chrono::duration_cast<std::chrono::seconds>(instant.time_since_epoch()).count();
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 40> text{};
    const size_t length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text.data(), length};
}

std::string response_head(const Response& response, const ResponseContext& context) {
    std::string out;
    out.reserve(512);
    out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    out.append(reason_phrase(response.status)).append("\r\n");
    add(out, "date", http_date(context.now));
    for (const auto& [name, value] : response.headers) {
        if (std::find(kOwn.begin(), kOwn.end(), name) == kOwn.end()) add(out, name, value);
    }
    for (const auto& [name, value] : kDefaults)
        if (!has(response, name)) add(out, name, value);
    if (context.channel == Channel::kTls) add(out, "strict-transport-security", "max-age=31536000");
    if (!context.request_id.empty()) add(out, "x-request-id", context.request_id);
    switch (context.framing) {
        case Framing::kLength:
            if (may_have_body(response.status))
                add(out, "content-length", std::to_string(body_of(response).size()));
            break;
        case Framing::kChunked:
            add(out, "transfer-encoding", "chunked");
            break;
        case Framing::kUntilClose:
            break;
    }
    if (context.keep_alive == KeepAlive::kNo) add(out, "connection", "close");
    return out += "\r\n";
}

}  // namespace http
