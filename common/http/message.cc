// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/message.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "common/json/parse.h"

namespace http {
namespace {

std::optional<std::string> first_of(const std::vector<std::pair<std::string, std::string>>& list,
                                    std::string_view name) {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const auto& entry) { return entry.first == name; });
    if (found == list.end()) return std::nullopt;
    return found->second;
}

}  // namespace

std::string_view to_string(Method method) {
    switch (method) {
        case Method::kGet:
            return "GET";
        case Method::kHead:
            return "HEAD";
        case Method::kPost:
            return "POST";
        case Method::kPut:
            return "PUT";
        case Method::kPatch:
            return "PATCH";
        case Method::kDelete:
            return "DELETE";
    }
    return "UNKNOWN";
}

std::string_view reason_phrase(int status) {
    static constexpr std::array<std::pair<int, std::string_view>, 31> kPhrases{{
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
    }};
    const auto* const found = std::find_if(kPhrases.begin(), kPhrases.end(),
                                           [&](const auto& entry) { return entry.first == status; });
    return found == kPhrases.end() ? std::string_view("Status") : found->second;
}

std::optional<std::string> Request::header(std::string_view name) const { return first_of(headers, name); }

std::optional<std::string> Request::query_value(std::string_view name) const { return first_of(query, name); }

// RFC 6265 §5.4: "name=value; name=value".
std::optional<std::string> Request::cookie(std::string_view name) const {
    const auto line = header("cookie");
    if (!line) return std::nullopt;
    std::string_view rest = *line;
    while (!rest.empty()) {
        const size_t end = std::min(rest.find(';'), rest.size());
        std::string_view pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
        const size_t equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name)
            return std::string(pair.substr(equals + 1));
    }
    return std::nullopt;
}

const std::string& Request::parameter(std::string_view name) const {
    static const std::string kNone;
    const auto found = parameters.find(std::string(name));
    return found == parameters.end() ? kNone : found->second;
}

Response Response::json(int status, std::string body) {
    return {status, {{"content-type", "application/json"}}, std::move(body), nullptr};
}

Response Response::text(int status, std::string body) {
    return {status, {{"content-type", "text/plain; charset=utf-8"}}, std::move(body), nullptr};
}

Response Response::empty(int status) { return {status, {}, {}, nullptr}; }

Response Response::problem(int status, std::string_view code, std::string_view detail) {
    const nlohmann::json body{{"type", "about:blank"},
                              {"title", reason_phrase(status)},
                              {"status", status},
                              {"code", code},
                              {"detail", detail}};
    return {status, {{"content-type", "application/problem+json"}}, json::dump(body), nullptr};
}

Response&& Response::with_header(std::string name, std::string value) && {
    headers.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
}

}  // namespace http
