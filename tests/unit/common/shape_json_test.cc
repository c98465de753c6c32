// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/geo/shape_json.h"

#include <nlohmann/json.hpp>

#include "common/json/parse.h"
#include "tests/support/geo_places.h"
#include "tests/support/test.h"

namespace {

struct Read {
    geo::Polygon polygon;
    geo::Circle circle;
    std::string problems;
};

Read read(std::string_view text, bool circle) {
    const auto value = json::parse(text);
    CHECK_OK(value);
    json::Problems problems;
    json::Object in(*value, problems, "/area");
    Read out;
    if (circle)
        out.circle = geo::read_circle(in);
    else
        out.polygon = geo::read_polygon(in);
    out.problems = problems.text();
    return out;
}

void shapes_read_back_as_they_were_written() {
    geo::Polygon polygon = test::rectangle(-21, 176, -12, -178);
    polygon.holes = {test::rectangle(-18, -179.5, -17, -179).outer};
    const Read again = read(geo::to_json(polygon).dump(), false);
    CHECK_EQ(again.problems, "");
    CHECK(again.polygon == polygon);
    const geo::Circle circle{test::kLongyearbyen, 5'000};
    CHECK_EQ(geo::to_json(circle).dump(), R"({"lat_e7":782232000,"lon_e7":156267000,"radius_m":5000})");
    CHECK(read(geo::to_json(circle).dump(), true).circle == circle);
}

void a_mistake_has_its_pointer() {
    CHECK_EQ(read(R"({"lat_e7":900000001,"lon_e7":1.5,"radius_m":0,"x":1})", true).problems,
             "/area/lat_e7 must be an integer from -900000000 to 900000000; "
             "/area/lon_e7 must be an integer from -1800000000 to 1800000000; "
             "/area/radius_m must be an integer from 1 to 500000; /area/x is not known");
    CHECK_EQ(read(R"({"points":[]})", false).problems, "/area/points must have at least 4 items");
    CHECK_EQ(read(R"({"points":[{"lat_e7":0,"lon_e7":0},{"lat_e7":0,"lon_e7":9},{"lat_e7":9,"lon_e7":9},
                               {"lat_e7":9,"lon_e7":0}]})",
                  false)
                 .problems,
             "/area cannot be used: the ring is open: it begins at 0.0, 0.0 and ends at 0.0000009, 0.0");
    CHECK_EQ(read(R"({"points":7,"holes":[3]})", false).problems,
             "/area/points must be an array; /area/holes/0 must be an object");
}

void a_circle_at_a_pole_is_refused() {
    CHECK_EQ(read(R"({"lat_e7":890000000,"lon_e7":0,"radius_m":5})", true).problems,
             "/area cannot be used: the circle round 89.0, 0.0 comes nearer than one degree to a pole");
}

}  // namespace

GROUP(shape_json, CASE(shapes_read_back_as_they_were_written), CASE(a_mistake_has_its_pointer),
      CASE(a_circle_at_a_pole_is_refused))
