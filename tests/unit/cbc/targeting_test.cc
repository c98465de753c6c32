// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/targeting.h"

#include "tests/support/cbc.h"
#include "tests/support/geo_places.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;

// A street of sites along latitude 38.7, a hundredth of a degree (868 m) apart; cells of 400 m.
CellTable street() {
    auto table = CellTable::parse(
        "technology,mcc,mnc,lac,tac,cell,lat,lon,azimuth,beam_width,range_m,emergency_area\n"
        "gsm,001,01,1,,1,38.70,-9.10,,,400,\n"
        "gsm,001,01,1,,2,38.70,-9.11,,,400,\n"
        "gsm,001,01,2,,3,38.70,-9.12,,,400,\n"
        "lte,001,01,,7,4,38.70,-9.13,90,60,400,42\n"
        "lte,001,01,,7,5,38.70,-9.13,270,60,400,\n"
        "lte,001,01,,8,6,38.70,-9.14,,,400,42\n");
    CHECK(table);
    return *table;
}

const PlmnId kPlmn = *PlmnId::parse("001-01");
Place lte(uint32_t cell) { return Place::lte_cell(kPlmn, cell); }

Targets targets(PlaceSet places, std::vector<geo::Shape> shapes = {}) {
    ChosenArea area{make_place_set(std::move(places))};
    area.shapes = std::move(shapes);
    auto found = targets_of(area, street());
    CHECK_OK(found);
    return *found;
}

std::string chosen(const Targets& found) {
    std::string text;
    for (const ChosenCell& one : found.cells)
        text +=
            (text.empty() ? "" : " ") + std::to_string(one.cell.cell) + ":" + std::string(to_string(one.by));
    return text;
}

void the_whole_network_is_more_than_its_table() {
    const auto found = targets_of(AllCells{}, street());
    CHECK_OK(found);
    CHECK(found->everywhere && found->any());
    CHECK(found->cells.empty());
}

void named_cells_are_chosen_and_strangers_told() {
    const Targets found = targets({test::gsm_cell(1, 2), test::gsm_cell(9, 9), lte(4), lte(99)});
    CHECK_EQ(chosen(found), "2:cell 4:cell");
    CHECK((found.unknown == PlaceSet{test::gsm_cell(9, 9), lte(99)}));
    CHECK(!targets({test::gsm_cell(9, 9)}).any());
}

void an_area_is_its_cells_and_stays_an_area() {
    const Place whole = Place::area_of(Technology::kLte, kPlmn, 7);
    const Place stranger = Place::area_of(Technology::kNr, kPlmn, 7);
    const Targets found = targets({whole, stranger});
    CHECK_EQ(chosen(found), "4:area 5:area");
    CHECK(found.areas == PlaceSet{whole});
    CHECK(found.unknown == PlaceSet{stranger});
    CHECK_EQ(chosen(targets({Place::area_of(Technology::kGsm, kPlmn, 1)})), "1:area 2:area");
}

void an_emergency_area_is_what_the_table_says() {
    const Targets found = targets({Place::emergency_area(Technology::kLte, kPlmn, 42),
                                   Place::emergency_area(Technology::kLte, kPlmn, 43)});
    CHECK_EQ(chosen(found), "4:emergency_area 6:emergency_area");
    CHECK((found.areas == PlaceSet{Place::emergency_area(Technology::kLte, kPlmn, 42)}));
    CHECK_EQ(found.unknown.size(), 1U);
}

void a_polygon_chooses_exactly_the_cells_that_reach_it() {
    // From the middle of site 2 to that of site 4/5.
    CHECK_EQ(chosen(targets({}, {test::rectangle(38.69, -9.1299, 38.71, -9.1101)})),
             "2:shape 3:shape 4:shape");
    // 300 m beside site 3, and 568 m from site 2.
    const double beside = 0.01 * 300 / 868;
    CHECK_EQ(chosen(targets({}, {test::rectangle(38.69, -9.12 + beside, 38.71, -9.12 + beside + 1e-4)})),
             "3:shape");
    CHECK_EQ(chosen(targets({}, {test::rectangle(38.69, -9.1152, 38.71, -9.1151)})), "");
    CHECK(!targets({}, {test::rectangle(38, 9, 39, 10)}).any());
}

void of_several_reasons_the_most_definite_is_told() {
    const Targets found = targets({lte(4), Place::area_of(Technology::kLte, kPlmn, 7),
                                   Place::emergency_area(Technology::kLte, kPlmn, 42)},
                                  {test::rectangle(38, -10, 39, -9)});
    CHECK_EQ(chosen(found), "1:shape 2:shape 3:shape 4:cell 5:area 6:emergency_area");
}

void a_shape_that_is_none_is_an_error_and_not_a_larger_area() {
    ChosenArea area{{test::gsm_cell(1, 1)}};
    area.shapes = {geo::Polygon{}};
    CHECK(!targets_of(area, street()));
}

}  // namespace

GROUP(targeting, CASE(the_whole_network_is_more_than_its_table),
      CASE(named_cells_are_chosen_and_strangers_told), CASE(an_area_is_its_cells_and_stays_an_area),
      CASE(an_emergency_area_is_what_the_table_says), CASE(a_polygon_chooses_exactly_the_cells_that_reach_it),
      CASE(of_several_reasons_the_most_definite_is_told),
      CASE(a_shape_that_is_none_is_an_error_and_not_a_larger_area))
