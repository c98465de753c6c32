// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/geo/region.h"

#include <random>

#include "tests/support/geo_places.h"
#include "tests/support/test.h"

namespace {

using test::at;
using test::rectangle;

geo::Region region_of(const std::vector<geo::Shape>& shapes) {
    auto region = geo::Region::make(shapes);
    CHECK_OK(region);
    return std::move(*region);
}

bool contains(const geo::Region& region, const geo::Point& point) {
    const auto in = region.contains(point);
    CHECK_OK(in);
    return *in;
}

bool touches(const geo::Region& region, const geo::Footprint& footprint) {
    const auto in = region.touches(footprint);
    CHECK_OK(in);
    return *in;
}

bool covers(const geo::Region& outer, const std::vector<geo::Shape>& inner) {
    const auto yes = outer.surely_covers(region_of(inner));
    CHECK_OK(yes);
    return *yes;
}

// The municipality, roughly; its southern side is the river.
geo::Polygon lisbon() {
    return {{at(38.6920, -9.2300), at(38.7040, -9.1600), at(38.7060, -9.1300), at(38.7960, -9.0910),
             at(38.7960, -9.1500), at(38.7600, -9.2000), at(38.6920, -9.2300)},
            {}};
}

void lisbon_is_in_lisbon_and_the_other_bank_is_not() {
    const geo::Region region = region_of({lisbon()});
    CHECK(contains(region, test::kLisbon));
    CHECK(contains(region, test::kLisbonAirport));
    CHECK(!contains(region, test::kAlmada));
    CHECK(!contains(region, {test::kLisbon.lon_e7, test::kLisbon.lat_e7}));  // swapped
    CHECK(!contains(region, {-test::kLisbon.lat_e7, test::kLisbon.lon_e7}));
}

void fiji_is_on_both_sides_of_the_180th_meridian() {
    for (const geo::Polygon& fiji : {rectangle(-21, 176, -12, -178), rectangle(-21, -178, -12, 176)}) {
        const geo::Region region = region_of({fiji});
        CHECK(contains(region, test::kSuva));
        CHECK(contains(region, test::kLakeba));
        CHECK(contains(region, at(-16, 180)));
        CHECK(contains(region, at(-16, -180)));
        CHECK(!contains(region, test::kTongatapu));
        CHECK(!contains(region, at(-16, 0)));
        CHECK(!contains(region, at(-16, 175.9)));
        CHECK(!contains(region, at(-16, -177.9)));
    }
}

void a_region_that_ends_at_the_180th_meridian_meets_cells_beyond_it() {
    const geo::Region region = region_of({rectangle(-20, 179, -10, 180)});
    CHECK(contains(region, at(-15, -180)));
    CHECK(touches(region, geo::Circle{at(-15, -179.99), 5'000}));
    CHECK(!touches(region, geo::Circle{at(-15, -179.9), 5'000}));
    CHECK(touches(region, geo::Sector{at(-15, -179.99), 270, 60, 5'000}));
    CHECK(!touches(region, geo::Sector{at(-15, -179.99), 90, 60, 5'000}));
    CHECK(touches(region, geo::Footprint{rectangle(-16, -180, -15, -179)}));
}

void a_circle_is_round_on_the_ground_in_svalbard() {
    const geo::Region region = region_of({geo::Circle{test::kLongyearbyen, 50'000}});
    CHECK(contains(region, test::kLongyearbyen));
    CHECK(contains(region, test::kBarentsburg));
    CHECK(!contains(region, test::kNyAlesund));
    // Two degrees of longitude are 45 km there.
    CHECK(contains(region, at(78.2232, 15.6267 + 2)));
    CHECK(!contains(region, at(78.2232, 15.6267 + 2.4)));
}

void the_border_is_in() {
    const geo::Region region = region_of({rectangle(10, 20, 11, 21)});
    CHECK(contains(region, at(10, 20)));
    CHECK(contains(region, at(10.5, 20)));
    CHECK(!contains(region, {105'000'000, 199'999'999}));
    CHECK(touches(region, geo::Footprint{rectangle(10.2, 19, 10.8, 20)}));
    CHECK(!touches(region, geo::Footprint{rectangle(10.2, 19, 10.8, 19.9999999)}));
}

void a_hole_is_out_but_a_cell_in_it_may_reach_over() {
    geo::Polygon polygon = rectangle(10, 20, 12, 22);
    polygon.holes = {rectangle(10.5, 20.5, 11.5, 21.5).outer};
    const geo::Region region = region_of({polygon});
    CHECK(!contains(region, at(11, 21)));
    CHECK(contains(region, at(10.2, 20.2)));
    CHECK(!touches(region, geo::Circle{at(11, 21), 50'000}));
    CHECK(touches(region, geo::Circle{at(11, 21), 56'000}));
}

void a_cell_is_touched_when_its_sector_reaches_the_area() {
    const geo::Region region = region_of({rectangle(38, -9, 39, -8)});
    const geo::Point site = at(38.5, -9.05);  // 4.3 km west of the border
    CHECK(touches(region, geo::Sector{site, 90, 65, 5'000}));
    CHECK(!touches(region, geo::Sector{site, 270, 65, 5'000}));
    CHECK(!touches(region, geo::Sector{site, 90, 65, 4'000}));
    CHECK(touches(region, geo::Circle{site, 5'000}));
    CHECK(!touches(region, geo::Footprint{site}));
    // A beam that looks out of the area is a cell inside all the same.
    CHECK(touches(region, geo::Sector{at(38.5, -8.999), 270, 65, 5'000}));
    // The area may lie wholly inside a cell.
    const geo::Region small = region_of({geo::Circle{at(38.5, -8.5), 100}});
    CHECK(touches(small, geo::Sector{at(38.5, -8.6), 90, 65, 35'000}));
}

void several_shapes_are_one_area() {
    const geo::Region region =
        region_of({rectangle(1, 1, 2, 2), geo::Circle{test::kLisbon, 1'000}, rectangle(5, 179, 6, -179)});
    CHECK(contains(region, at(1.5, 1.5)));
    CHECK(contains(region, test::kLisbon));
    CHECK(contains(region, at(5.5, -179.5)));
    CHECK(!contains(region, at(3, 3)));
    CHECK(!contains(region_of({}), at(0, 0)));
}

void the_shape_that_is_wrong_is_named() {
    geo::Polygon open = rectangle(1, 1, 2, 2);
    open.outer.pop_back();
    const auto region = geo::Region::make({rectangle(1, 1, 2, 2), open});
    CHECK(!region);
    CHECK(region.error().text.starts_with("shape 2: the ring is open"));
}

void what_surely_lies_in_a_region_is_known() {
    const geo::Region region = region_of({rectangle(10, 178, 12, -178), geo::Circle{test::kLisbon, 9'000}});
    CHECK(covers(region, {rectangle(10, 178, 12, -178)}));
    CHECK(covers(region, {rectangle(10, -180, 12, -179)}));
    CHECK(covers(region, {geo::Circle{test::kLisbon, 9'000}}));
    CHECK(covers(region, {geo::Circle{test::kLisbon, 8'000}, rectangle(11, 179, 12, -179)}));
    CHECK(!covers(region, {geo::Circle{test::kLisbon, 9'001}}));
    CHECK(!covers(region, {geo::Circle{test::kLisbon, 8'000}, rectangle(11, 177.9, 12, -179)}));
    CHECK(!covers(region, {rectangle(10, 1, 12, 2)}));
}

// Points all around, judged by another calculation of the distance.
void no_point_within_the_radius_is_left_out() {
    std::mt19937 random(4711);
    std::uniform_real_distribution<double> share(-1, 1);
    for (int i = 0; i < 60; ++i) {
        const geo::Point centre = at(share(random) * 84, share(random) * 180);
        const auto radius = static_cast<uint32_t>(std::pow(10, 3 + (share(random) + 1)));  // 1 to 100 km
        const geo::Region region = region_of({geo::Circle{centre, radius}});
        for (int j = 0; j < 200; ++j) {
            const double high = share(random) * radius * 1.01 / 111'000;
            const double wide =
                share(random) * radius * 1.01 / 111'000 / std::cos(centre.lat_e7 / 1e7 / 57.2958);
            double lon = centre.lon_e7 / 1e7 + wide;
            if (lon > 180) lon -= 360;
            if (lon < -180) lon += 360;
            const geo::Point point = at(centre.lat_e7 / 1e7 + high, lon);
            const double metres = test::metres_between(centre, point);
            if (metres <= radius) CHECK(contains(region, point));
            if (metres > radius * 1.0004 + 1) CHECK(!contains(region, point));
        }
    }
}

// A polygon is the same polygon wherever on the globe's circle of latitude it is drawn.
void the_answer_does_not_depend_on_the_meridian() {
    std::mt19937 random(815);
    std::uniform_int_distribution<int32_t> place(-2 * geo::kDegree, 2 * geo::kDegree);
    const auto turned = [](const geo::Point& point, int64_t by) {
        int64_t lon = point.lon_e7 + by;
        if (lon > geo::kLongitudeMost) lon -= 2 * int64_t{geo::kLongitudeMost};
        return geo::Point{point.lat_e7, static_cast<int32_t>(lon)};
    };
    const geo::Polygon drawn{{at(-1, -1), at(0, -0.2), at(-1, 1.5), at(1, 1), at(1, -1), at(-1, -1)}, {}};
    const geo::Region here = region_of({drawn});
    for (const int64_t by : {90LL, 179LL, 180LL}) {
        geo::Polygon copy = drawn;
        for (geo::Point& point : copy.outer) point = turned(point, by * geo::kDegree);
        const geo::Region there = region_of({copy});
        for (int i = 0; i < 300; ++i) {
            const geo::Point point{place(random), place(random)};
            const geo::Point moved = turned(point, by * geo::kDegree);
            CHECK_EQ(contains(here, point), contains(there, moved));
            CHECK_EQ(touches(here, geo::Sector{point, 45, 90, 20'000}),
                     touches(there, geo::Sector{moved, 45, 90, 20'000}));
        }
    }
}

}  // namespace

GROUP(region, CASE(lisbon_is_in_lisbon_and_the_other_bank_is_not),
      CASE(fiji_is_on_both_sides_of_the_180th_meridian),
      CASE(a_region_that_ends_at_the_180th_meridian_meets_cells_beyond_it),
      CASE(a_circle_is_round_on_the_ground_in_svalbard), CASE(the_border_is_in),
      CASE(a_hole_is_out_but_a_cell_in_it_may_reach_over),
      CASE(a_cell_is_touched_when_its_sector_reaches_the_area), CASE(several_shapes_are_one_area),
      CASE(the_shape_that_is_wrong_is_named), CASE(what_surely_lies_in_a_region_is_known),
      CASE(no_point_within_the_radius_is_left_out), CASE(the_answer_does_not_depend_on_the_meridian))
