// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/geo/outline.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace geo {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kRadian = 180.0 / kPi * kDegree;  // in 1e-7 degree

// WGS 84.
constexpr double kEquator_m = 6'378'137.0;
constexpr double kFlattening = 1 / 298.257223563;
constexpr double kPole_m = kEquator_m * (1 - kFlattening);
// The least radius of curvature anywhere (north-south at the equator): angles made with it are never too
// small.
constexpr double kLeast_m = 6'335'439.0;

constexpr int kCircleSteps = 128;
constexpr int kFootprintSteps = 24;  // of a whole circle: how far a cell reaches is an estimate anyway

// Reduced latitude and the rest of one geodesic: names as in Vincenty's paper (Survey Review XXIII, 176).
struct Geodesic {
    double sin_u1 = 0;
    double cos_u1 = 0;
    double sigma = 0;
    double cos_2sigma_m = 0;
    double sin_alpha = 0;
    double cos2_alpha = 0;
};

Geodesic solve(double latitude, double azimuth, double metres) {
    Geodesic way;
    const double tan_u1 = (1 - kFlattening) * std::tan(latitude);
    way.cos_u1 = 1 / std::sqrt(1 + tan_u1 * tan_u1);
    way.sin_u1 = tan_u1 * way.cos_u1;
    const double sigma_1 = std::atan2(tan_u1, std::cos(azimuth));
    way.sin_alpha = way.cos_u1 * std::sin(azimuth);
    way.cos2_alpha = 1 - way.sin_alpha * way.sin_alpha;
    const double u2 = way.cos2_alpha * (kEquator_m * kEquator_m - kPole_m * kPole_m) / (kPole_m * kPole_m);
    const double a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
    const double b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
    const double first = metres / (kPole_m * a);
    way.sigma = first;
    for (int round = 0; round < 4; ++round) {  // two are enough for a millimetre within 500 km
        way.cos_2sigma_m = std::cos(2 * sigma_1 + way.sigma);
        const double c2 = way.cos_2sigma_m * way.cos_2sigma_m;
        const double sin_s = std::sin(way.sigma);
        way.sigma = first + b * sin_s *
                                (way.cos_2sigma_m +
                                 b / 4 *
                                     (std::cos(way.sigma) * (-1 + 2 * c2) -
                                      b / 6 * way.cos_2sigma_m * (-3 + 4 * sin_s * sin_s) * (-3 + 4 * c2)));
    }
    way.cos_2sigma_m = std::cos(2 * sigma_1 + way.sigma);
    return way;
}

// How far out the corners of an arc must stand so that its chords, straight in latitude and longitude,
// nowhere come inside it: the chord of a circle of radius r is r*cos(step/2) from the middle, and a line
// along a parallel sags from the geodesic by up to L^2*tan(latitude)/8R.
double corner_distance(Position centre, double radius_m, double step) {
    const double farthest = std::abs(centre.y) / kRadian + radius_m / kLeast_m;
    const double chord = 2 * radius_m * std::tan(step / 2);
    const double sag = 1.1 * chord * chord * std::tan(std::min(farthest, 89.5 / 180 * kPi)) / (8 * kLeast_m);
    return (radius_m + sag + 0.02) / std::cos(step / 2);
}

Outline circle(const Circle& shape, int steps) {
    const Position centre = position_of(shape.centre);
    const double step = 2 * kPi / steps;
    const double distance = corner_distance(centre, shape.radius_m, step);
    Outline outline;
    for (int i = 0; i < steps; ++i) outline.outer.push_back(destination(centre, i * step, distance));
    outline.outer.push_back(outline.outer.front());
    return outline;
}

Outline sector(const Sector& shape) {
    const Position centre = position_of(shape.centre);
    const double width = shape.width_deg * kPi / 180;
    const int steps = std::max(1, static_cast<int>(std::ceil(shape.width_deg * kFootprintSteps / 360.0)));
    const double step = width / steps;
    const double first = shape.azimuth_deg * kPi / 180 - width / 2;
    const double distance = corner_distance(centre, shape.range_m, step);
    Outline outline;
    outline.outer.push_back(centre);
    for (int i = 0; i <= steps; ++i) outline.outer.push_back(destination(centre, first + i * step, distance));
    outline.outer.push_back(centre);
    return outline;
}

Outline polygon(const Polygon& shape) {
    Outline outline;
    outline.outer = unrolled(shape.outer);
    const Box box = box_of(outline);
    for (const Ring& ring : shape.holes) {
        std::vector<Position> hole = unrolled(ring);
        // The first point may stand a turn away from where the outer ring was unrolled to.
        const double by = hole.front().x < box.min_x ? kTurn : hole.front().x > box.max_x ? -kTurn : 0;
        for (Position& position : hole) position = moved(position, by);
        outline.holes.push_back(std::move(hole));
    }
    return outline;
}

// Of the corners of a footprint, wherever they stand on their circle.
Box around(Position centre, double metres) {
    const double angle = corner_distance(centre, metres, 2 * kPi / kFootprintSteps) / kLeast_m;
    const double high = angle * kRadian;
    const double slope = std::sin(angle) / std::cos(centre.y / kRadian);
    const double wide = slope >= 1 ? kTurn : std::asin(slope) * kRadian;
    return {centre.x - wide, centre.y - high, centre.x + wide, centre.y + high};
}

}  // namespace

bool Box::overlaps(const Box& other) const {
    return min_x <= other.max_x && other.min_x <= max_x && min_y <= other.max_y && other.min_y <= max_y;
}

bool Box::has(const Position& position) const {
    return position.x >= min_x && position.x <= max_x && position.y >= min_y && position.y <= max_y;
}

Position moved(Position position, double by_x) { return {position.x + by_x, position.y}; }

Position destination(Position from, double azimuth, double metres) {
    const Geodesic way = solve(from.y / kRadian, azimuth, metres);
    const double sin_s = std::sin(way.sigma);
    const double cos_s = std::cos(way.sigma);
    const double cos_az = std::cos(azimuth);
    const double across = way.sin_u1 * sin_s - way.cos_u1 * cos_s * cos_az;
    const double latitude =
        std::atan2(way.sin_u1 * cos_s + way.cos_u1 * sin_s * cos_az,
                   (1 - kFlattening) * std::sqrt(way.sin_alpha * way.sin_alpha + across * across));
    const double lambda =
        std::atan2(sin_s * std::sin(azimuth), way.cos_u1 * cos_s - way.sin_u1 * sin_s * cos_az);
    const double c = kFlattening / 16 * way.cos2_alpha * (4 + kFlattening * (4 - 3 * way.cos2_alpha));
    const double c2 = way.cos_2sigma_m * way.cos_2sigma_m;
    const double turned =
        lambda - (1 - c) * kFlattening * way.sin_alpha *
                     (way.sigma + c * sin_s * (way.cos_2sigma_m + c * cos_s * (-1 + 2 * c2)));
    return {from.x + turned * kRadian, latitude * kRadian};
}

std::vector<Position> unrolled(const Ring& ring) {
    std::vector<Position> positions;
    positions.reserve(ring.size());
    for (const Point& point : ring) {
        Position next = position_of(point);
        // remainder(): the shorter way, from -180 to 180 degrees.
        if (!positions.empty())
            next.x = positions.back().x + std::remainder(next.x - positions.back().x, kTurn);
        positions.push_back(next);
    }
    return positions;
}

Outline outline_of(const Shape& shape) {
    if (const auto* round = std::get_if<Circle>(&shape)) return circle(*round, kCircleSteps);
    return polygon(std::get<Polygon>(shape));
}

Outline outline_of(const Footprint& footprint) {
    if (const auto* round = std::get_if<Circle>(&footprint)) return circle(*round, kFootprintSteps);
    if (const auto* beam = std::get_if<Sector>(&footprint)) return sector(*beam);
    if (const auto* drawn = std::get_if<Polygon>(&footprint)) return polygon(*drawn);
    const Position site = position_of(std::get<Point>(footprint));
    return {{site, site, site, site}, {}};
}

Box box_of(const Outline& outline) {
    constexpr double kFar = std::numeric_limits<double>::max();
    Box box{kFar, kFar, -kFar, -kFar};
    for (const Position& position : outline.outer) {
        box.min_x = std::min(box.min_x, position.x);
        box.max_x = std::max(box.max_x, position.x);
        box.min_y = std::min(box.min_y, position.y);
        box.max_y = std::max(box.max_y, position.y);
    }
    return box;
}

Box box_around(const Footprint& footprint) {
    if (const auto* round = std::get_if<Circle>(&footprint))
        return around(position_of(round->centre), round->radius_m);
    if (const auto* beam = std::get_if<Sector>(&footprint))
        return around(position_of(beam->centre), beam->range_m);
    return box_of(outline_of(footprint));
}

}  // namespace geo
