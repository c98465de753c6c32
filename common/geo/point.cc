// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/geo/point.h"

#include <charconv>
#include <cstdlib>

namespace geo {
namespace {

std::string degrees_text(int32_t value) {
    const int64_t size = std::abs(int64_t{value});
    std::string fraction = std::to_string(size % kDegree);
    fraction.insert(0, 7 - fraction.size(), '0');
    while (fraction.size() > 1 && fraction.back() == '0') fraction.pop_back();
    return (value < 0 ? "-" : "") + std::to_string(size / kDegree) + "." + fraction;
}

}  // namespace

bool on_globe(const Point& point) {
    return std::abs(int64_t{point.lat_e7}) <= kLatitudeMost &&
           std::abs(int64_t{point.lon_e7}) <= kLongitudeMost;
}

std::string text_of(const Point& point) {
    return degrees_text(point.lat_e7) + ", " + degrees_text(point.lon_e7);
}

std::optional<int32_t> parse_degrees(std::string_view text, int32_t most) {
    constexpr std::string_view kDigits = "0123456789";
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const size_t dot = text.find('.');
    const std::string_view whole = text.substr(0, dot);
    std::string fraction{dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1)};
    if (whole.empty() || whole.size() > 3 || fraction.size() > 12) return std::nullopt;
    if (whole.find_first_not_of(kDigits) != std::string_view::npos) return std::nullopt;
    if (fraction.find_first_not_of(kDigits) != std::string::npos) return std::nullopt;
    fraction.resize(7, '0');
    int64_t degrees = 0;
    int64_t parts = 0;
    std::from_chars(whole.data(), whole.data() + whole.size(), degrees);
    std::from_chars(fraction.data(), fraction.data() + fraction.size(), parts);
    const int64_t value = degrees * kDegree + parts;
    if (value > most) return std::nullopt;
    return static_cast<int32_t>(negative ? -value : value);
}

}  // namespace geo
