// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What an officer draws: polygons and circles.
//
// The lines of a polygon are straight in latitude and longitude, as in GeoJSON (RFC 7946 §3.1.1) and
// CAP 1.2, and each goes the shorter way round the globe, so one that crosses the 180th meridian needs no
// cutting by whoever draws it. Its border belongs to it. A circle is true on the ground (WGS 84).
//
// A shape is checked before anything is made of it: nothing is mended, and nothing is ever taken for larger
// than it was drawn. Pure; any thread.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "common/base/result.h"
#include "common/geo/point.h"

namespace geo {

using Ring = std::vector<Point>;  // the last point is the first again

struct Polygon {
    Ring outer;
    std::vector<Ring> holes;
    friend bool operator==(const Polygon&, const Polygon&) = default;
};

struct Circle {
    Point centre;
    uint32_t radius_m = 0;
    friend bool operator==(const Circle&, const Circle&) = default;
};

using Shape = std::variant<Polygon, Circle>;

inline constexpr size_t kVerticesMax = 1'000;  // of one polygon, holes and closing points included
inline constexpr uint32_t kRadiusMost_m = 500'000;
inline constexpr int32_t kReachMost =
    89 * kDegree;  // no shape comes nearer to a pole: "inside" means nothing there

// The first mistake as a sentence: a ring that is open, crosses itself or goes round a pole, a hole outside,
// a polygon that is too large, a coordinate off the globe.
base::Result<void> check(const Polygon& polygon);
base::Result<void> check(const Circle& circle);
base::Result<void> check(const Shape& shape);

}  // namespace geo
