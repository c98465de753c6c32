// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/target.h"

#include <algorithm>
#include <optional>

namespace http {
namespace {

constexpr size_t kQueryLimit = 100;

Refusal bad(std::string text) { return {400, "bad-target", std::move(text)}; }

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

enum class Plus { kLiteral, kSpace };

std::optional<std::string> decode(std::string_view text, Plus plus) {
    std::string out;
    out.reserve(text.size());
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus == Plus::kSpace) {
            out += ' ';
        } else if (text[i] == '%') {
            if (text.size() - i < 3) return std::nullopt;
            const int high = hex_value(text[i + 1]);
            const int low = hex_value(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

bool has_control(std::string_view text) {
    for (const char c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
    return false;
}

// "http://host/path" counts as "/path" (RFC 9112 §3.2.2).
std::string_view without_authority(std::string_view target) {
    const size_t scheme = target.find("://");
    if (scheme == std::string_view::npos || target.starts_with('/')) return target;
    const size_t path = target.find('/', scheme + 3);
    return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

std::optional<Refusal> check_path(std::string_view path) {
    if (has_control(path) || path.find('\\') != std::string_view::npos)
        return bad("The path has a control character or a backslash in it.");
    for (size_t at = 0; at < path.size();) {
        const size_t end = std::min(path.find('/', at + 1), path.size());
        const std::string_view segment = path.substr(at + 1, end - at - 1);
        if (segment == "." || segment == "..") return bad("The path has \".\" or \"..\" as a segment.");
        at = end;
    }
    return std::nullopt;
}

}  // namespace

base::Result<Target, Refusal> parse_target(std::string_view target) {
    target = without_authority(target);
    if (!target.starts_with('/')) return bad("The request target must begin with \"/\".");
    const size_t mark = std::min(target.find('?'), target.size());
    std::string_view raw_path = target.substr(0, mark);
    for (const std::string_view separator : {"%2f", "%2F", "%5c", "%5C"}) {
        if (raw_path.find(separator) != std::string_view::npos)
            return bad("An encoded slash or backslash in the path is not accepted.");
    }
    auto path = decode(raw_path, Plus::kLiteral);
    if (!path) return bad("The path has a \"%\" that is not followed by two hexadecimal digits.");
    if (auto refused = check_path(*path)) return *refused;

    Target out{std::move(*path), {}};
    std::string_view rest = target.substr(std::min(mark + 1, target.size()));
    while (!rest.empty()) {
        const size_t end = std::min(rest.find('&'), rest.size());
        const std::string_view pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (pair.empty()) continue;
        const size_t equals = std::min(pair.find('='), pair.size());
        auto name = decode(pair.substr(0, equals), Plus::kSpace);
        auto value = decode(pair.substr(std::min(equals + 1, pair.size())), Plus::kSpace);
        if (!name || !value)
            return bad("The query has a \"%\" that is not followed by two hexadecimal digits.");
        if (out.query.size() >= kQueryLimit) return bad("The query has more than 100 parameters.");
        out.query.emplace_back(std::move(*name), std::move(*value));
    }
    return out;
}

}  // namespace http
