// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A place on the ground: WGS 84 latitude and longitude as integers of 1e-7 degree (about a centimetre), so
// that two programs that compare or digest it mean the same.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace geo {

inline constexpr int32_t kDegree = 10'000'000;
inline constexpr int32_t kLatitudeMost = 90 * kDegree;
inline constexpr int32_t kLongitudeMost = 180 * kDegree;

struct Point {
    int32_t lat_e7 = 0;
    int32_t lon_e7 = 0;
    friend auto operator<=>(const Point&, const Point&) = default;
};

// Whether both coordinates are on the globe.
bool on_globe(const Point& point);

// "38.7223, -9.1393": latitude first.
std::string text_of(const Point& point);

// Decimal degrees ("-9.1393", at most 12 decimals, those after the seventh cut off) without floating point;
// none: not a number, or beyond `most` (in 1e-7 degree) either way.
std::optional<int32_t> parse_degrees(std::string_view text, int32_t most);

inline std::ostream& operator<<(std::ostream& out, const Point& point) { return out << text_of(point); }

}  // namespace geo
