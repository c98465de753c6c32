// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/geo/shape.h"

#include <algorithm>

#include "common/geo/footprint.h"
#include "tests/support/geo_places.h"
#include "tests/support/test.h"

namespace {

using test::at;
using test::rectangle;

std::string wrong_with(const geo::Footprint& shape) {
    const auto good = geo::check(shape);
    return good ? "" : good.error().text;
}

std::string wrong_with(const geo::Polygon& polygon) {
    const auto good = geo::check(polygon);
    return good ? "" : good.error().text;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

geo::Polygon with_vertices(size_t count) {
    geo::Polygon polygon;
    for (size_t i = 0; i + 1 < count; ++i) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(count - 1);
        polygon.outer.push_back(at(10 + std::sin(angle), 10 + std::cos(angle)));
    }
    polygon.outer.push_back(polygon.outer.front());
    return polygon;
}

void a_polygon_may_be_drawn_either_way_round_and_have_holes() {
    geo::Polygon polygon = rectangle(38, -10, 39, -9);
    CHECK_EQ(wrong_with(polygon), "");
    std::reverse(polygon.outer.begin(), polygon.outer.end());
    polygon.holes.push_back(rectangle(38.2, -9.8, 38.4, -9.6).outer);
    polygon.holes.push_back(rectangle(38.6, -9.8, 38.8, -9.6).outer);
    CHECK_EQ(wrong_with(polygon), "");
}

void an_open_ring_is_refused() {
    geo::Polygon polygon = rectangle(38, -10, 39, -9);
    polygon.outer.back() = at(38.1, -10);
    CHECK_EQ(wrong_with(polygon), "the ring is open: it begins at 38.0, -10.0 and ends at 38.1, -10.0");
    polygon.outer = {at(1, 1), at(2, 2), at(1, 1)};
    CHECK_EQ(wrong_with(polygon), "a ring has at least 4 points (the last is the first again); this has 3");
    CHECK_EQ(wrong_with(geo::Polygon{}),
             "a ring has at least 4 points (the last is the first again); this has 0");
}

void a_line_that_crosses_another_is_told_with_its_place() {
    const geo::Polygon bow{{at(0, 0), at(2, 2), at(2, 0), at(0, 2), at(0, 0)}, {}};
    CHECK_EQ(wrong_with(bow), "the outline crosses or touches itself near 1.0, 1.0");
    const geo::Polygon flat{{at(0, 0), at(1, 1), at(2, 2), at(0, 0)}, {}};
    CHECK(!wrong_with(flat).empty());
    const geo::Polygon dot{{at(0, 0), at(0, 0), at(0, 0), at(0, 0)}, {}};
    CHECK(has(wrong_with(dot), "encloses nothing"));
}

void holes_must_lie_inside_and_apart() {
    geo::Polygon polygon = rectangle(0, 0, 10, 10);
    polygon.holes = {rectangle(20, 20, 21, 21).outer};
    CHECK(has(wrong_with(polygon), "a hole lies outside"));
    polygon.holes = {rectangle(1, 1, 5, 5).outer, rectangle(2, 2, 3, 3).outer};
    CHECK(has(wrong_with(polygon), "a hole lies inside another hole"));
    polygon.holes = {rectangle(5, 5, 12, 7).outer};
    CHECK(!wrong_with(polygon).empty());
    polygon.holes = {{at(1, 1), at(2, 2), at(1, 2)}};
    CHECK(has(wrong_with(polygon), "hole 1: a ring has at least 4 points"));
}

void a_thousand_points_are_the_most() {
    CHECK_EQ(wrong_with(with_vertices(geo::kVerticesMax)), "");
    CHECK_EQ(wrong_with(with_vertices(geo::kVerticesMax + 1)),
             "the polygon has 1001 points; 1000 are the most");
    geo::Polygon polygon = with_vertices(geo::kVerticesMax);
    polygon.holes.push_back(rectangle(10, 10, 10.1, 10.1).outer);
    CHECK(has(wrong_with(polygon), "1005 points"));
}

void coordinates_off_the_globe_and_at_the_poles_are_refused() {
    geo::Polygon polygon = rectangle(38, -10, 39, -9);
    polygon.outer[1].lon_e7 = geo::kLongitudeMost + 1;
    CHECK(has(wrong_with(polygon), "is not on the globe"));
    CHECK(has(wrong_with(rectangle(80, 0, 89.5, 10)), "less than one degree from a pole"));
    const geo::Polygon round_the_pole{{at(80, 0), at(80, 100), at(80, -160), at(80, -60), at(80, 0)}, {}};
    CHECK_EQ(wrong_with(round_the_pole), "the outline goes round a pole");
}

void the_180th_meridian_may_be_crossed() {
    CHECK_EQ(wrong_with(rectangle(-21, 176, -12, -178)), "");
    geo::Polygon polygon = rectangle(-21, 176, -12, -178);
    polygon.holes = {rectangle(-18, -179.5, -17, -179).outer};
    CHECK_EQ(wrong_with(polygon), "");
    CHECK_EQ(wrong_with(rectangle(-21, -180, -12, -178)), "");
}

void a_line_half_round_the_globe_has_no_side() {
    CHECK(has(wrong_with(rectangle(0, -90, 10, 90)), "half round the globe"));
    const geo::Polygon wide{
        {at(0, -100), at(0, 0), at(0, 100), at(10, 100), at(10, 0), at(10, -100), at(0, -100)}, {}};
    CHECK(has(wrong_with(wide), "180 degrees wide"));
}

void circles_have_bounds() {
    CHECK(geo::check(geo::Circle{test::kLisbon, geo::kRadiusMost_m}));
    CHECK(!geo::check(geo::Circle{test::kLisbon, geo::kRadiusMost_m + 1}));
    CHECK(!geo::check(geo::Circle{test::kLisbon, 0}));
    CHECK(!geo::check(geo::Circle{{0, geo::kLongitudeMost + 1}, 10}));
    CHECK(geo::check(geo::Circle{at(88, 0), 100'000}));
    CHECK(!geo::check(geo::Circle{at(88, 0), 120'000}));
    CHECK(!geo::check(geo::Circle{at(-89.5, 0), 1}));
}

void footprints_have_bounds() {
    CHECK_EQ(wrong_with(geo::Footprint{geo::Sector{test::kLisbon, 359, 65, 5'000}}), "");
    CHECK_EQ(wrong_with(geo::Footprint{at(90, 0)}), "");
    CHECK(has(wrong_with(geo::Footprint{geo::Sector{test::kLisbon, 360, 65, 5'000}}), "azimuth of 360"));
    CHECK(has(wrong_with(geo::Footprint{geo::Sector{test::kLisbon, 0, 0, 5'000}}), "beam width of 0"));
    CHECK(has(wrong_with(geo::Footprint{geo::Sector{test::kLisbon, 0, 360, 5'000}}), "beam width of 360"));
    CHECK(has(wrong_with(geo::Footprint{geo::Circle{test::kLisbon, 200'001}}), "range of 200001 m"));
    CHECK(has(wrong_with(geo::Footprint{geo::Circle{at(86.9, 0), 200'000}}), "60 degrees wide"));
    CHECK(has(wrong_with(geo::Footprint{rectangle(0, 0, 1, 61)}), "60 degrees wide"));
}

}  // namespace

GROUP(shape, CASE(a_polygon_may_be_drawn_either_way_round_and_have_holes), CASE(an_open_ring_is_refused),
      CASE(a_line_that_crosses_another_is_told_with_its_place), CASE(holes_must_lie_inside_and_apart),
      CASE(a_thousand_points_are_the_most), CASE(coordinates_off_the_globe_and_at_the_poles_are_refused),
      CASE(the_180th_meridian_may_be_crossed), CASE(a_line_half_round_the_globe_has_no_side),
      CASE(circles_have_bounds), CASE(footprints_have_bounds))
