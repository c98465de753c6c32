// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Shapes as rings in the plane that GEOS calculates in: x is longitude and y latitude, both in 1e-7 degree
// (integers are exact in a double). x goes on beyond +-180 degrees where a shape crosses that meridian, so no
// line jumps.
//
// Curves become straight lines outside them, never inside: what a circle covers, its outline covers too.
// Pure.
#pragma once

#include <vector>

#include "common/geo/footprint.h"

namespace geo {

struct Position {
    double x = 0;
    double y = 0;
};

inline constexpr double kTurn = 360.0 * kDegree;

struct Outline {
    std::vector<Position> outer;
    std::vector<std::vector<Position>> holes;
};

struct Box {
    double min_x = 0;
    double min_y = 0;
    double max_x = 0;
    double max_y = 0;
    bool overlaps(const Box& other) const;
    bool has(const Position& position) const;
};

inline Position position_of(const Point& point) {
    return {static_cast<double>(point.lon_e7), static_cast<double>(point.lat_e7)};
}
Position moved(Position position, double by_x);

// Where one comes to from `from`, going `metres` along the geodesic that starts at `azimuth` (radians,
// clockwise from north). On the WGS 84 ellipsoid, to a millimetre (T. Vincenty's direct solution). REQUIRES
// not from a pole.
Position destination(Position from, double azimuth, double metres);

// The longitudes of a ring, each next to the one before.
std::vector<Position> unrolled(const Ring& ring);

// REQUIRES a checked shape. Circles: at most 0.04 % too large (footprints: 0.9 %).
Outline outline_of(const Shape& shape);
Outline outline_of(const Footprint& footprint);
Box box_of(const Outline& outline);
// Holds the footprint; quick, and somewhat too large.
Box box_around(const Footprint& footprint);

}  // namespace geo
