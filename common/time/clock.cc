// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/time/clock.h"

#include <cstdint>
#include <cstdio>

namespace base {
namespace {

using std::chrono::microseconds;

// Reads exactly `count` digits at `at`; -1 when they are not there.
int digits(std::string_view text, size_t at, size_t count) {
    if (at > text.size() || count > text.size() - at) return -1;
    int value = 0;
    for (size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

// "Z", "+02:00" or "+0200" at the end; false when it is none of them.
bool parse_offset(std::string_view text, std::chrono::minutes& offset) {
    offset = std::chrono::minutes{0};
    if (text == "Z" || text == "z") return true;
    if (text.size() != 5 && text.size() != 6) return false;
    if (text[0] != '+' && text[0] != '-') return false;
    if (text.size() == 6 && text[3] != ':') return false;
    const int hours = digits(text, 1, 2);
    const int minutes = digits(text, text.size() - 2, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return false;
    offset = std::chrono::minutes{hours * 60 + minutes};
    if (text[0] == '-') offset = -offset;
    return true;
}

}  // namespace

Instant SystemClock::now() const {
    return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
}

Ticks SystemClock::ticks() const {
    return std::chrono::time_point_cast<microseconds>(std::chrono::steady_clock::now());
}

std::string to_rfc3339(Instant instant) {
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{instant - day};
    char text[64];
    int length =
        std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                      static_cast<int>(time.seconds().count()));
    if (time.subseconds().count() != 0)
        length += std::snprintf(text + length, sizeof text - static_cast<size_t>(length), ".%06d",
                                static_cast<int>(time.subseconds().count()));
    return std::string(text, static_cast<size_t>(length)) + "Z";
}

Result<Instant> parse_rfc3339(std::string_view text) {
    const auto wrong = [&] {
        return invalid("\"" + std::string(text.substr(0, 40)) +
                       "\" is not a time; write it as 2026-11-21T10:00:00Z or with an offset such as +02:00");
    };
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't') ||
        text[13] != ':' || text[16] != ':')
        return wrong();
    const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    if (year < 0 || month < 1 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 59)
        return wrong();
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return wrong();
    size_t at = 19;
    int64_t fraction = 0;
    if (text[at] == '.') {
        size_t count = 0;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++count)
            if (count < 6) fraction = fraction * 10 + (text[at] - '0');
        if (count == 0 || count > 9) return wrong();
        for (; count < 6; ++count) fraction *= 10;
    }
    std::chrono::minutes offset{0};
    if (!parse_offset(text.substr(at), offset)) return wrong();
    return Instant{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second} + microseconds{fraction} - offset;
}

}  // namespace base
