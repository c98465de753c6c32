// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/log/format.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace logs {
namespace {

constexpr size_t kValueMax = 2048;  // octets of one value; a line stays a line

std::string_view shortened(std::string_view value) { return value.substr(0, kValueMax); }

bool plain(char c) {
    return c > ' ' && c != '"' && c != '=' && c != '\\' &&
           c != 0x7f;  // UTF-8 beyond ASCII is negative: quoted
}

// As it is when that is unambiguous, else in quotes with control characters escaped.
std::string quoted_if_needed(std::string_view value) {
    value = shortened(value);
    if (!value.empty() && std::all_of(value.begin(), value.end(), plain)) return std::string(value);
    std::string out = "\"";
    for (const char c : value) {
        const auto octet = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (octet < 0x20 || octet == 0x7f) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\x%02x", octet);
            out += escape;
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string message(const Line& line) {
    std::string text(line.event);
    for (const auto fields : {line.own, line.more})
        for (const Field& field : fields) text += ' ' + field.name + '=' + quoted_if_needed(field.value);
    return text;
}

// syslog's numbers (RFC 5424 §6.2.1).
int priority(Level level) {
    switch (level) {
        case Level::kError:
            return 3;
        case Level::kWarning:
            return 4;
        case Level::kNotice:
            return 5;
        case Level::kInfo:
            return 6;
        case Level::kDebug:
            return 7;
    }
    return 3;
}

// One identifier per event name: a version 8 UUID (RFC 9562 §5.8) of the name's two FNV-1a hashes.
std::string message_id(std::string_view event) {
    std::array<uint64_t, 2> hash{0xcbf29ce484222325u, 0x84222325cbf29ce4u};
    for (const char c : event)
        for (uint64_t& half : hash) half = (half ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    hash[0] = (hash[0] & ~uint64_t{0xf000}) | 0x8000;
    hash[1] = (hash[1] & ~(uint64_t{3} << 62)) | uint64_t{1} << 63;
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(hash[0]),
                  static_cast<unsigned long long>(hash[1]));
    return text;
}

std::string journal_name(std::string_view name) {
    std::string out = "FAROL_";
    for (const char c : name) {
        const bool letter = c >= 'a' && c <= 'z';
        const bool kept = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
        out += letter ? static_cast<char>(c - 'a' + 'A') : kept ? c : '_';
    }
    return out.substr(0, 64);
}

}  // namespace

std::string text_line(const Line& line) {
    return base::to_rfc3339(line.time) + ' ' + std::string(to_string(line.level)) + ' ' + message(line) +
           '\n';
}

std::string json_line(const Line& line) {
    nlohmann::ordered_json object{{"time", base::to_rfc3339(line.time)},
                                  {"level", to_string(line.level)},
                                  {"daemon", line.daemon},
                                  {"event", line.event}};
    for (const auto fields : {line.own, line.more})
        for (const Field& field : fields) object[field.name] = shortened(field.value);
    return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

std::vector<std::string> journal_fields(const Line& line) {
    std::vector<std::string> out{"PRIORITY=" + std::to_string(priority(line.level)),
                                 "MESSAGE=" + message(line), "MESSAGE_ID=" + message_id(line.event),
                                 "FAROL_DAEMON=" + std::string(line.daemon),
                                 "FAROL_EVENT=" + std::string(line.event)};
    for (const auto fields : {line.own, line.more})
        for (const Field& field : fields)
            out.push_back(journal_name(field.name) + '=' + std::string(shortened(field.value)));
    return out;
}

}  // namespace logs
