// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/geo/outline.h"

#include <random>

#include "tests/support/geo_places.h"
#include "tests/support/test.h"

namespace {

double degrees(double whole, double minutes, double seconds) { return whole + minutes / 60 + seconds / 3600; }

// Flinders Peak to Buninyong: the example of the Australian GDA94 Technical Manual (GRS 80; WGS 84 is the
// same within the digits shown).
void a_geodesic_ends_where_the_surveyors_say() {
    const geo::Position from{degrees(144, 25, 29.52440) * 1e7, -degrees(37, 57, 3.72030) * 1e7};
    const geo::Position to =
        geo::destination(from, degrees(306, 52, 5.37) * std::numbers::pi / 180, 54'972.271);
    CHECK(std::abs(to.y - -degrees(37, 39, 10.15610) * 1e7) < 1);
    CHECK(std::abs(to.x - degrees(143, 55, 35.38390) * 1e7) < 1);
}

void longitudes_go_on_over_the_180th_meridian() {
    const auto positions = geo::unrolled(test::rectangle(-21, 176, -12, -178).outer);
    CHECK_EQ(positions[0].x, 176e7);
    CHECK_EQ(positions[1].x, 182e7);
    CHECK_EQ(positions[3].x, 176e7);
}

void a_hole_is_unrolled_to_where_its_polygon_is() {
    geo::Polygon polygon = test::rectangle(-21, 176, -12, -178);
    polygon.holes = {test::rectangle(-18, -179.5, -17, -179).outer};
    CHECK_EQ(geo::outline_of(geo::Shape{polygon}).holes[0][0].x, 180.5e7);
    polygon = test::rectangle(-21, -178, -12, 176);  // the same, begun on the other side
    polygon.holes = {test::rectangle(-18, 177, -17, 178).outer};
    CHECK_EQ(geo::outline_of(geo::Shape{polygon}).holes[0][0].x, -183e7);
}

void the_corners_of_a_circle_stand_outside_it_but_not_far() {
    for (const geo::Point& centre : {test::kLisbon, test::kSuva, test::kLongyearbyen, test::at(0, 0)}) {
        for (const geo::Position& corner : geo::outline_of(geo::Shape{geo::Circle{centre, 50'000}}).outer) {
            const geo::Point point{static_cast<int32_t>(corner.y), static_cast<int32_t>(corner.x)};
            const double metres = test::metres_between(centre, point);
            CHECK(metres > 50'000);
            CHECK(metres < 50'025);
        }
    }
}

void a_box_holds_its_footprint() {
    std::vector<geo::Footprint> footprints{geo::Circle{test::kLongyearbyen, 100'000},
                                           geo::Sector{test::kLongyearbyen, 200, 300, 100'000},
                                           geo::Circle{test::at(86, 0), 200'000},
                                           geo::Sector{test::at(-1, 180), 90, 65, 1},
                                           geo::Circle{test::kSuva, 35'000},
                                           geo::Footprint{test::rectangle(1, 1, 2, 2)},
                                           geo::Footprint{test::kLisbon}};
    std::mt19937 random(77);
    std::uniform_real_distribution<double> share(-1, 1);
    for (int i = 0; i < 300; ++i)
        footprints.emplace_back(geo::Circle{test::at(share(random) * 86, share(random) * 180),
                                            static_cast<uint32_t>(1 + random() % geo::kRangeMost_m)});
    for (const geo::Footprint& footprint : footprints) {
        const geo::Box box = geo::box_around(footprint);
        for (const geo::Position& position : geo::outline_of(footprint).outer) CHECK(box.has(position));
    }
}

void a_sector_looks_where_its_antenna_does() {
    const auto east = geo::outline_of(geo::Footprint{geo::Sector{test::kLisbon, 90, 60, 10'000}});
    const geo::Box box = geo::box_of(east);
    const geo::Position site = geo::position_of(test::kLisbon);
    CHECK_EQ(box.min_x, site.x);                                                  // nothing to the west
    CHECK(box.max_x > site.x + 0.114 * 1e7 && box.max_x < site.x + 0.118 * 1e7);  // 10 km
    CHECK(box.max_y > site.y && box.min_y < site.y);
    CHECK(box.max_y < site.y + 0.0456 * 1e7);  // 5 km: half of the range, at 30 degrees off
}

}  // namespace

GROUP(outline, CASE(a_geodesic_ends_where_the_surveyors_say), CASE(longitudes_go_on_over_the_180th_meridian),
      CASE(a_hole_is_unrolled_to_where_its_polygon_is),
      CASE(the_corners_of_a_circle_stand_outside_it_but_not_far), CASE(a_box_holds_its_footprint),
      CASE(a_sector_looks_where_its_antenna_does))
