// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Shapes as JSON, with every number an integer so that its RFC 8785 form, and the digest of it, is the same
// everywhere:
//
//     {"points": [{"lat_e7": 387223000, "lon_e7": -91393000}, ...], "holes": [{"points": [...]}]}     a
//     polygon
//     {"lat_e7": 387223000, "lon_e7": -91393000, "radius_m": 5000}                                    a
//     circle
//
// "holes" may be absent. A mistake, also one that geo::check() finds, is told in the problems of the object.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/geo/shape.h"
#include "common/json/object.h"

namespace geo {

Polygon read_polygon(json::Object& in);
Circle read_circle(json::Object& in);

nlohmann::json to_json(const Polygon& polygon);
nlohmann::json to_json(const Circle& circle);

}  // namespace geo
