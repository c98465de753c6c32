// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/head_parser.h"

#include <algorithm>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <limits>

#include "common/http/target.h"

namespace http {
namespace {

namespace beast = boost::beast;
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr size_t kFieldLimit = 100;

using Fields = std::vector<std::pair<std::string, std::string>>;

Refusal bad(std::string code, std::string text) { return {400, std::move(code), std::move(text)}; }

std::optional<Method> method_of(beast::http::verb verb) {
    switch (verb) {
        case beast::http::verb::get:
            return Method::kGet;
        case beast::http::verb::head:
            return Method::kHead;
        case beast::http::verb::post:
            return Method::kPost;
        case beast::http::verb::put:
            return Method::kPut;
        case beast::http::verb::patch:
            return Method::kPatch;
        case beast::http::verb::delete_:
            return Method::kDelete;
        default:  // the library's enumeration has thirty more
            return std::nullopt;
    }
}

std::string lower(beast::string_view text) {
    std::string out(text.data(), text.size());
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

size_t count_of(const Fields& fields, std::string_view name) {
    return static_cast<size_t>(
        std::count_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; }));
}

// How long the body is. Anything that a proxy before us could read in another way is refused.
std::optional<Refusal> frame_body(Head& head) {
    const Request& request = head.request;
    const auto length = request.header("content-length");
    const auto coding = request.header("transfer-encoding");
    if (length && coding)
        return bad("ambiguous-length", "Content-Length and Transfer-Encoding must not come together.");
    if (coding) {
        if (head.minor_version == 0) return bad("ambiguous-length", "HTTP/1.0 has no Transfer-Encoding.");
        if (count_of(request.headers, "transfer-encoding") > 1 || lower(*coding) != "chunked")
            return Refusal{501, "unknown-transfer-encoding",
                           "The only Transfer-Encoding taken is \"chunked\"."};
        head.body = BodyKind::kChunked;
        return std::nullopt;
    }
    if (!length) return std::nullopt;
    const bool digits =
        !length->empty() && length->size() <= 18 &&
        std::all_of(length->begin(), length->end(), [](char c) { return c >= '0' && c <= '9'; });
    if (count_of(request.headers, "content-length") > 1 || !digits)
        return bad("bad-content-length", "Content-Length must be one decimal number.");
    head.content_length = std::stoull(*length);
    head.body = head.content_length > 0 ? BodyKind::kLength : BodyKind::kNone;
    return std::nullopt;
}

std::optional<Refusal> check_fields(Head& head) {
    const Request& request = head.request;
    const size_t hosts = count_of(request.headers, "host");
    if (hosts > 1 || (hosts == 0 && head.minor_version > 0))
        return bad("bad-host", "A request carries exactly one Host field.");
    if (const auto expected = request.header("expect")) {
        if (lower(*expected) != "100-continue")
            return Refusal{417, "unknown-expectation", "The only Expect taken is \"100-continue\"."};
        // RFC 9110 §10.1.1: from HTTP/1.0 it is ignored.
        if (head.minor_version > 0) head.expectation = Expectation::kContinue;
    }
    return frame_body(head);
}

}  // namespace

std::optional<size_t> find_head_end(std::string_view octets) {
    const size_t at = octets.find(kHeadEnd);
    if (at == std::string_view::npos) return std::nullopt;
    return at + kHeadEnd.size();
}

base::Result<Head, Refusal> parse_head(std::string_view octets) {
    beast::http::request_parser<beast::http::empty_body> parser;
    parser.eager(false);  // stop after the head
    parser.skip(true);    // bodies are framed by frame_body and read by BodyReader
    parser.header_limit(static_cast<uint32_t>(octets.size() + 1));
    parser.body_limit(std::numeric_limits<uint64_t>::max());
    beast::error_code error;
    size_t used = 0;
    while (!error && !parser.is_header_done() && used < octets.size())
        used += parser.put({octets.data() + used, octets.size() - used}, error);
    if (error == beast::http::error::bad_version)
        return bad("bad-version", "The version must be HTTP/1.1 or HTTP/1.0.");
    if (error == beast::http::error::bad_content_length || error == beast::http::error::bad_transfer_encoding)
        return bad("bad-content-length",
                   "Content-Length must be one decimal number, without a Transfer-Encoding beside it.");
    if (error || !parser.is_header_done() || used != octets.size())
        return bad("bad-request", "The request's head is not HTTP/1.1: " + error.message() + ".");

    const auto& message = parser.get();
    const auto method = method_of(message.method());
    if (!method)
        return Refusal{501, "unknown-method", "The method must be GET, HEAD, POST, PUT, PATCH or DELETE."};
    Head head;
    head.request.method = *method;
    head.minor_version = message.version() == 10 ? 0 : 1;
    head.keep_alive = message.keep_alive() ? KeepAlive::kYes : KeepAlive::kNo;
    for (const auto& field : message) {
        if (head.request.headers.size() >= kFieldLimit)
            return Refusal{431, "too-many-fields", "A request may carry 100 header fields."};
        head.request.headers.emplace_back(lower(field.name_string()), field.value());
    }
    auto target = parse_target({message.target().data(), message.target().size()});
    if (!target) return target.error();
    head.request.path = std::move(target->path);
    head.request.query = std::move(target->query);
    if (auto refused = check_fields(head)) return *refused;
    return head;
}

}  // namespace http
