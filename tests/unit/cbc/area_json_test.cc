// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/store/area_json.h"

#include <nlohmann/json.hpp>

#include "cbc/api/area_body.h"
#include "common/json/parse.h"
#include "tests/support/cbc.h"
#include "tests/support/geo_places.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;

const PlmnId kPlmn = *PlmnId::parse("001-01");

Area everything() {
    geo::Polygon fiji = test::rectangle(-21, 176, -12, -178);
    fiji.holes = {test::rectangle(-18, -179.5, -17, -179).outer};
    return ChosenArea{make_place_set({test::gsm_cell(1, 100), Place::service_area(kPlmn, Lac{2}, 512),
                                      Place::lte_cell(kPlmn, 0xa101), Place::nr_cell(kPlmn, 0xfffffffff),
                                      Place::area_of(Technology::kGsm, kPlmn, 3),
                                      Place::area_of(Technology::kNr, kPlmn, 70'000),
                                      Place::emergency_area(Technology::kLte, kPlmn, 42)}),
                      {fiji, geo::Circle{test::kLisbon, 5'000}}};
}

void records_bring_back_what_they_were_made_of() {
    for (const Area& area : {everything(), Area{AllCells{}}, Area{PlaceSet{test::gsm_cell(1, 1)}}}) {
        const auto again = area_of_record(area_record(area));
        CHECK_OK(again);
        CHECK(*again == area);
    }
}

void a_damaged_record_is_an_error() {
    nlohmann::json record = area_record(everything());
    record["circles"][0]["radius_m"] = 0;
    CHECK(!area_of_record(record));
    record = area_record(everything());
    record["polygons"][0]["points"].erase(4);  // open
    CHECK(!area_of_record(record));
    CHECK(!area_of_record({{"kind", "some"}}));
}

struct Read {
    Area area;
    std::string problems;
};

Read read(const nlohmann::json& body) {
    ::json::Problems problems;
    ::json::Object in(body, problems, "/area");
    Read out{read_area(in), ""};
    out.problems = problems.text();
    return out;
}

void what_is_shown_may_be_sent() {
    const Read again = read(to_json(everything()));
    CHECK_EQ(again.problems, "");
    CHECK(again.area == everything());
    CHECK_EQ(to_json(Area{AllCells{}}).dump(), R"({"kind":"all"})");
    CHECK_EQ(to_json(Area{PlaceSet{test::gsm_cell(1, 100)}}).dump(),
             R"({"cells":[{"ci":100,"lac":1,"mcc":"001","mnc":"01","technology":"gsm"}],"kind":"cells"})");
}

std::string problems_with(std::string_view text) {
    const auto body = ::json::parse(text);
    CHECK_OK(body);
    return read(*body).problems;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

void mistakes_have_their_pointers() {
    CHECK(has(problems_with(R"({"kind":"places"})"), "/area names no cell, area or shape"));
    CHECK(has(problems_with(R"({"kind":"all","cells":[]})"), "/area/cells is not known"));
    CHECK(has(problems_with(R"({"kind":"cells","cells":[],"circles":[]})"), "/area/circles is not known"));
    CHECK(has(problems_with(R"({"kind":"cells","cells":[]})"), "/area/cells must have at least 1"));
    CHECK(has(problems_with(
                  R"({"kind":"cells","cells":[{"technology":"lte","mcc":"001","mnc":"01","lac":1,"ci":1}]})"),
              "/area/cells/0/lac is not known"));
    CHECK(has(problems_with(
                  R"({"kind":"cells","cells":[{"technology":"lte","mcc":"001","mnc":"01","ci":268435456}]})"),
              "/area/cells/0/ci must be an integer from 0 to 268435455"));
    CHECK(has(
        problems_with(
            R"({"kind":"places","tracking_areas":[{"technology":"gsm","mcc":"001","mnc":"01","tac":1}]})"),
        "/area/tracking_areas/0/lac is missing"));
    CHECK(
        has(problems_with(R"({"kind":"places","circles":[{"lat_e7":895000000,"lon_e7":0,"radius_m":1000}]})"),
            "/area/circles/0 cannot be used: the point 89.5, 0.0 is less than one degree from a pole"));
}

void the_points_of_all_polygons_are_bounded_together() {
    geo::Polygon round;
    for (int i = 0; i < 999; ++i)
        round.outer.push_back(
            test::at(std::sin(i * std::numbers::pi / 499.5), std::cos(i * std::numbers::pi / 499.5)));
    round.outer.push_back(round.outer.front());
    const auto body = [&](size_t count) {
        return to_json(Area{ChosenArea{{}, std::vector<geo::Shape>(count, round)}});
    };
    CHECK_EQ(read(body(5)).problems, "");
    CHECK_EQ(read(body(6)).problems, "/area/polygons have 6000 points together; 5000 are the most");
}

void the_places_of_all_lists_are_bounded_together() {
    std::vector<Place> places;
    for (uint32_t i = 0; i < kPlacesMax; ++i) places.push_back(Place::lte_cell(kPlmn, i));
    places.push_back(Place::area_of(Technology::kLte, kPlmn, 1));
    CHECK_EQ(read(to_json(Area{make_place_set(places)})).problems,
             "/area names 50001 cells and areas; 50000 are the most");
    places.pop_back();
    CHECK_EQ(read(to_json(Area{make_place_set(places)})).problems, "");
}

}  // namespace

GROUP(area_json, CASE(records_bring_back_what_they_were_made_of), CASE(a_damaged_record_is_an_error),
      CASE(what_is_shown_may_be_sent), CASE(mistakes_have_their_pointers),
      CASE(the_points_of_all_polygons_are_bounded_together),
      CASE(the_places_of_all_lists_are_bounded_together))
