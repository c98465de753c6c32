// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/geo/shape_json.h"

#include <nlohmann/json.hpp>

namespace geo {
namespace {

Point read_point(json::Object& in) {
    const int64_t lat = in.integer("lat_e7", {.min = -kLatitudeMost, .max = kLatitudeMost});
    const int64_t lon = in.integer("lon_e7", {.min = -kLongitudeMost, .max = kLongitudeMost});
    return {static_cast<int32_t>(lat), static_cast<int32_t>(lon)};
}

Ring read_ring(json::Object& in) {
    Ring ring;
    in.objects("points", {.max = kVerticesMax, .min = 4}, [&](json::Object& one) {
        ring.push_back(read_point(one));
        one.no_others();
    });
    return ring;
}

nlohmann::json ring_json(const Ring& ring) {
    nlohmann::json points = nlohmann::json::array();
    for (const Point& point : ring) points.push_back({{"lat_e7", point.lat_e7}, {"lon_e7", point.lon_e7}});
    return points;
}

}  // namespace

Polygon read_polygon(json::Object& in) {
    const size_t before = in.problems();
    Polygon polygon;
    polygon.outer = read_ring(in);
    if (in.has("holes"))
        in.objects("holes", {.max = kVerticesMax / 4}, [&](json::Object& hole) {
            polygon.holes.push_back(read_ring(hole));
            hole.no_others();
        });
    in.no_others();
    if (in.problems() != before) return polygon;
    const auto good = check(polygon);
    if (!good) in.wrong("", "cannot be used: " + good.error().text);
    return polygon;
}

Circle read_circle(json::Object& in) {
    const size_t before = in.problems();
    Circle circle;
    circle.centre = read_point(in);
    circle.radius_m = static_cast<uint32_t>(in.integer("radius_m", {.min = 1, .max = kRadiusMost_m}));
    in.no_others();
    if (in.problems() != before) return circle;
    const auto good = check(circle);
    if (!good) in.wrong("", "cannot be used: " + good.error().text);
    return circle;
}

nlohmann::json to_json(const Polygon& polygon) {
    nlohmann::json out{{"points", ring_json(polygon.outer)}};
    for (const Ring& hole : polygon.holes) out["holes"].push_back({{"points", ring_json(hole)}});
    return out;
}

nlohmann::json to_json(const Circle& circle) {
    return {
        {"lat_e7", circle.centre.lat_e7}, {"lon_e7", circle.centre.lon_e7}, {"radius_m", circle.radius_m}};
}

}  // namespace geo
