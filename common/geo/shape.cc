// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/geo/shape.h"

#include <cmath>
#include <optional>

#include "common/geo/geos.h"

namespace geo {
namespace {

using base::invalid;
using Verdict = std::optional<base::Error>;  // none: nothing wrong

constexpr double kMetreInAngle = 180.0 / 3.14159265358979 * kDegree / 6'335'439.0;  // the most anywhere

Verdict check_point(const Point& point) {
    if (!on_globe(point)) return invalid("the point " + text_of(point) + " is not on the globe");
    if (std::abs(point.lat_e7) > kReachMost)
        return invalid("the point " + text_of(point) + " is less than one degree from a pole");
    return {};
}

// Each line must have one shorter way, and the ring must come back to where it began, not a turn further.
Verdict check_turns(const Ring& ring) {
    for (size_t i = 1; i < ring.size(); ++i)
        if (std::abs(int64_t{ring[i].lon_e7} - ring[i - 1].lon_e7) == kLongitudeMost)
            return invalid("the line from " + text_of(ring[i - 1]) + " to " + text_of(ring[i]) +
                           " goes half round the globe, east or west: put a point between them");
    const auto positions = unrolled(ring);
    if (positions.back().x != positions.front().x) return invalid("the outline goes round a pole");
    return {};
}

Verdict check_ring(const Ring& ring) {
    if (ring.size() < 4)
        return invalid("a ring has at least 4 points (the last is the first again); this has " +
                       std::to_string(ring.size()));
    if (ring.front() != ring.back())
        return invalid("the ring is open: it begins at " + text_of(ring.front()) + " and ends at " +
                       text_of(ring.back()));
    for (const Point& point : ring)
        if (auto wrong = check_point(point)) return wrong;
    return check_turns(ring);
}

}  // namespace

base::Result<void> check(const Polygon& polygon) {
    size_t vertices = polygon.outer.size();
    for (const Ring& hole : polygon.holes) vertices += hole.size();
    if (vertices > kVerticesMax)
        return invalid("the polygon has " + std::to_string(vertices) + " points; " +
                       std::to_string(kVerticesMax) + " are the most");
    if (const auto wrong = check_ring(polygon.outer)) return *wrong;
    for (size_t i = 0; i < polygon.holes.size(); ++i)
        if (const auto wrong = check_ring(polygon.holes[i]))
            return wrong->within("hole " + std::to_string(i + 1));
    const Outline outline = outline_of(Shape{polygon});
    const Box box = box_of(outline);
    if (box.max_x - box.min_x >= kTurn / 2) return invalid("the polygon is 180 degrees wide or more");
    const Geos geos;
    const auto geometry = geos.polygon(outline);
    if (!geometry) return geos.failure("make the polygon");
    return geos.check_valid(geometry.get());
}

base::Result<void> check(const Circle& circle) {
    if (const auto wrong = check_point(circle.centre)) return *wrong;
    if (circle.radius_m == 0 || circle.radius_m > kRadiusMost_m)
        return invalid("a radius of " + std::to_string(circle.radius_m) + " m is outside 1 to " +
                       std::to_string(kRadiusMost_m) + " m");
    if (std::abs(circle.centre.lat_e7) + circle.radius_m * kMetreInAngle > kReachMost)
        return invalid("the circle round " + text_of(circle.centre) +
                       " comes nearer than one degree to a pole");
    return {};
}

base::Result<void> check(const Shape& shape) {
    return std::visit([](const auto& one) { return check(one); }, shape);
}

}  // namespace geo
