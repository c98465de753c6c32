// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/multipart.h"

#include <algorithm>
#include <optional>

namespace http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr size_t kBoundaryMost = 70;  // RFC 2046 §5.1.1

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

std::string_view trimmed(std::string_view text) {
    const size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// A value of a parameter at the beginning of `rest`, which is moved behind it: a token or a quoted string.
std::string take_value(std::string_view& rest) {
    std::string out;
    if (!rest.starts_with('"')) {
        const size_t end = std::min(rest.find(';'), rest.size());
        out = trimmed(rest.substr(0, end));
        rest.remove_prefix(end);
        return out;
    }
    size_t at = 1;
    for (; at < rest.size() && rest[at] != '"'; ++at) {
        if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
        out += rest[at];
    }
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return out;
}

bool fits_as_boundary(std::string_view boundary) {
    return !boundary.empty() && boundary.size() <= kBoundaryMost && boundary.back() != ' ' &&
           std::all_of(boundary.begin(), boundary.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

struct Delimiter {
    size_t begin;  // of the line end before it
    size_t end;    // behind its own line end; of the last one, behind its "--"
    bool last;
};

// The next delimiter line at or after `from`. At the very beginning of a body it has no line end before it.
std::optional<Delimiter> find_delimiter(std::string_view body, size_t from, const std::string& mark) {
    const std::string with_line_end = std::string(kLineEnd) + mark;
    size_t begin = from;
    size_t behind = from + mark.size();
    if (from != 0 || !body.starts_with(mark)) {
        begin = body.find(with_line_end, from);
        behind = begin + with_line_end.size();
    }
    while (begin != std::string_view::npos) {
        const std::string_view rest = body.substr(behind);
        if (rest.starts_with("--")) return Delimiter{begin, behind + 2, true};
        const size_t padding = std::min(rest.find_first_not_of(" \t"), rest.size());
        if (rest.substr(padding).starts_with(kLineEnd))
            return Delimiter{begin, behind + padding + kLineEnd.size(), false};
        begin = body.find(with_line_end, begin + 1);
        behind = begin + with_line_end.size();
    }
    return std::nullopt;
}

base::Result<void> read_field(std::string_view line, Part& part) {
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return base::invalid("multipart: a line in the head of a part has no colon");
    const std::string name = lower(trimmed(line.substr(0, colon)));
    std::string_view value = trimmed(line.substr(colon + 1));
    if (name == "content-type") part.type = value;
    if (name != "content-id") return {};
    if (value.starts_with('<') && value.ends_with('>')) value = trimmed(value.substr(1, value.size() - 2));
    part.id = value;
    return {};
}

base::Result<Part> read_part(std::string_view octets, const MultipartLimits& limits) {
    Part part;
    size_t at = 0;
    std::string line;  // with the lines that go on from it (RFC 5322 §2.2.3)
    const auto finish = [&]() -> base::Result<void> {
        return line.empty() ? base::Result<void>{} : read_field(std::exchange(line, {}), part);
    };
    while (true) {
        const size_t end = octets.find(kLineEnd, at);
        // A head alone is a part too (RFC 2046 §5.1.1, "body-part").
        if (end == std::string_view::npos && at > 0 && at == octets.size()) {
            if (auto read = finish(); !read) return read.error();
            break;
        }
        if (end == std::string_view::npos)
            return base::invalid("multipart: a part has no empty line between its head and its body");
        if (end > limits.head_octets)
            return base::Error{base::ErrorKind::kLimit, "multipart: the head of a part is longer than " +
                                                            std::to_string(limits.head_octets) + " octets"};
        const std::string_view next = octets.substr(at, end - at);
        at = end + kLineEnd.size();
        if (!next.empty() && (next.front() == ' ' || next.front() == '\t')) {
            line += next;
            continue;
        }
        if (auto read = finish(); !read) return read.error();
        if (next.empty()) break;
        line = next;
    }
    part.body = octets.substr(at);
    return part;
}

}  // namespace

std::string media_type(std::string_view content_type) {
    return lower(trimmed(content_type.substr(0, content_type.find(';'))));
}

std::string media_parameter(std::string_view content_type, std::string_view name) {
    std::string_view rest = content_type.substr(std::min(content_type.find(';'), content_type.size()));
    while (rest.starts_with(';')) {
        rest.remove_prefix(1);
        const size_t equals = rest.find_first_of("=;");
        if (equals == std::string_view::npos) return {};
        const std::string found = lower(trimmed(rest.substr(0, equals)));
        rest.remove_prefix(equals);
        if (rest.front() == ';') continue;
        rest.remove_prefix(1);
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        std::string value = take_value(rest);
        if (found == name) return value;
        rest.remove_prefix(std::min(rest.find(';'), rest.size()));
    }
    return {};
}

Multipart build_related(const std::vector<Part>& parts) {
    std::string boundary = "farol";
    const auto occurs = [&](const Part& part) { return part.body.find(boundary) != std::string::npos; };
    for (int i = 1; std::any_of(parts.begin(), parts.end(), occurs); ++i)
        boundary = "farol-" + std::to_string(i);
    Multipart out;
    out.content_type = "multipart/related; boundary=" + boundary;
    if (!parts.empty()) out.content_type += "; type=\"" + media_type(parts.front().type) + "\"";
    for (const Part& part : parts) {
        out.body += "--" + boundary + "\r\n";
        if (!part.type.empty()) out.body += "Content-Type: " + part.type + "\r\n";
        if (!part.id.empty()) out.body += "Content-Id: " + part.id + "\r\n";
        out.body += "\r\n" + part.body + "\r\n";
    }
    out.body += "--" + boundary + "--\r\n";
    return out;
}

base::Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body,
                                                const MultipartLimits& limits) {
    if (!media_type(content_type).starts_with("multipart/"))
        return base::invalid("the body is not multipart");
    const std::string boundary = media_parameter(content_type, "boundary");
    if (!fits_as_boundary(boundary)) return base::invalid("multipart: the boundary is missing or not one");
    const std::string mark = "--" + boundary;
    std::vector<Part> parts;
    auto delimiter = find_delimiter(body, 0, mark);
    if (!delimiter) return base::invalid("multipart: no boundary in the body");
    while (!delimiter->last) {
        if (parts.size() == limits.parts)
            return base::Error{base::ErrorKind::kLimit,
                               "multipart: more than " + std::to_string(limits.parts) + " parts"};
        // The line end of one delimiter may be the one before the next, when a part is empty altogether.
        const size_t from = delimiter->end;
        const auto next = find_delimiter(body, from - kLineEnd.size(), mark);
        if (!next) return base::invalid("multipart: the body ends without its last boundary");
        const size_t size = next->begin > from ? next->begin - from : 0;
        auto part = read_part(body.substr(from, size), limits);
        if (!part) return part.error();
        parts.push_back(std::move(*part));
        delimiter = next;
    }
    return parts;
}

const Part* find_type(const std::vector<Part>& parts, std::string_view wanted) {
    const auto found = std::find_if(parts.begin(), parts.end(),
                                    [&](const Part& part) { return media_type(part.type) == wanted; });
    return found == parts.end() ? nullptr : &*found;
}

const Part* find_id(const std::vector<Part>& parts, std::string_view id) {
    const auto found =
        std::find_if(parts.begin(), parts.end(), [&](const Part& part) { return part.id == id; });
    return found == parts.end() ? nullptr : &*found;
}

}  // namespace http
