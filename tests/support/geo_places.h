// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Known places and the distance between two points, for the tests of common/geo and of what stands on it.
#pragma once

#include <cmath>
#include <numbers>

#include "common/geo/shape.h"

namespace test {

inline geo::Point at(double lat, double lon) {
    return {static_cast<int32_t>(std::lround(lat * geo::kDegree)),
            static_cast<int32_t>(std::lround(lon * geo::kDegree))};
}

inline geo::Polygon rectangle(double south, double west, double north, double east) {
    return {{at(south, west), at(south, east), at(north, east), at(north, west), at(south, west)}, {}};
}

// Metres along the ground, another way than the code under test: the chord between two points of the WGS 84
// ellipsoid, bent to the globe. To some centimetres within 100 km.
inline double metres_between(const geo::Point& a, const geo::Point& b) {
    struct Vector {
        double x, y, z;
    };
    const auto place = [](const geo::Point& point) {
        constexpr double kEquator_m = 6'378'137.0;
        constexpr double kEccentricity2 = 0.00669437999014;
        const double lat = point.lat_e7 / 1e7 * std::numbers::pi / 180;
        const double lon = point.lon_e7 / 1e7 * std::numbers::pi / 180;
        const double n = kEquator_m / std::sqrt(1 - kEccentricity2 * std::sin(lat) * std::sin(lat));
        return Vector{n * std::cos(lat) * std::cos(lon), n * std::cos(lat) * std::sin(lon),
                      n * (1 - kEccentricity2) * std::sin(lat)};
    };
    const Vector p = place(a);
    const Vector q = place(b);
    const double chord = std::hypot(p.x - q.x, p.y - q.y, p.z - q.z);
    constexpr double kGlobe_m = 6'371'000;
    return 2 * kGlobe_m * std::asin(chord / 2 / kGlobe_m);
}

inline const geo::Point kLisbon = at(38.7077, -9.1366);  // Praca do Comercio
inline const geo::Point kLisbonAirport = at(38.7742, -9.1342);
inline const geo::Point kAlmada = at(38.6790, -9.1569);     // across the Tagus
inline const geo::Point kSuva = at(-18.1416, 178.4419);     // Fiji, west of the 180th meridian
inline const geo::Point kLakeba = at(-18.2333, -178.8000);  // Fiji, east of it
inline const geo::Point kTongatapu = at(-21.1393, -175.2049);
inline const geo::Point kLongyearbyen = at(78.2232, 15.6267);  // Svalbard
inline const geo::Point kBarentsburg = at(78.0648, 14.2335);   // 36 km from there
inline const geo::Point kNyAlesund = at(78.9235, 11.9099);     // 112 km

}  // namespace test
