// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/cell_table.h"

#include <map>

#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;

const std::string kHead = "technology,mcc,mnc,lac,ci,name,lat,lon\n";

void rows_are_found_by_their_cell() {
    const auto table = CellTable::parse("# the old town\n\n" + kHead +
                                        "gsm,001,01,1,100,\"Old Town, \"\"north\"\"\",-33.8688,151.2093\r\n"
                                        "gsm,001,01,1,101,B,90,-180");
    CHECK(table);
    CHECK_EQ(table->rows().size(), size_t{2});
    const CellRow* row = table->find(test::gsm_cell(1, 100));
    CHECK(row != nullptr);
    CHECK_EQ(row->name, std::string("Old Town, \"north\""));
    CHECK_EQ(row->lat_e7, -338688000);
    CHECK_EQ(row->lon_e7, 1512093000);
    CHECK_EQ(table->find(test::gsm_cell(1, 101))->lon_e7, -1800000000);
    CHECK(table->find(test::gsm_cell(1, 102)) == nullptr);
}

void every_broken_row_is_told_with_its_line() {
    const auto table = CellTable::parse(
        kHead + "gsm,001,01,1,1,x,0,0\n" + "wifi,001,01,1,2,x,0,0\n" + "gsm,1,01,1,3,x,0,0\n" +
        "gsm,001,01,65536,4,x,0,0\n" + "gsm,001,01,1,1,again,0,0\n" + "gsm,001,01,1,5,x,91,0\n" +
        "gsm,001,01,1,6,x,0,180.1\n" + "gsm,001,01,1,7,\"open,0,0\n" + "gsm,001,01,1,8,x,0\n");
    CHECK(!table);
    std::map<size_t, std::string> told;
    for (const CellTableProblem& problem : table.error().kept) told[problem.line] = problem.text;
    CHECK_EQ(told.size(), size_t{8});
    CHECK_EQ(table.error().total, size_t{8});
    CHECK_EQ(told.begin()->first, size_t{3});
    CHECK_EQ(told.rbegin()->first, size_t{10});
    CHECK(told[6].find("stands in line 2 already") != std::string::npos);
    CHECK(told[7].find("lat \"91\"") != std::string::npos);
}

void of_many_broken_rows_a_hundred_are_kept_and_all_counted() {
    std::string csv = kHead;
    for (int i = 0; i < 5'000; ++i) csv += "gsm,001,01,1,x,x,0,0\n";
    const auto table = CellTable::parse(csv);
    CHECK(!table);
    CHECK_EQ(table.error().kept.size(), CellTableProblems::kKept);
    CHECK_EQ(table.error().total, size_t{5'000});
    CHECK_EQ(table.error().kept.back().line, size_t{101});
}

void a_file_without_its_first_line_is_refused() {
    CHECK(!CellTable::parse(""));
    CHECK(!CellTable::parse("# nothing but a remark\n"));
    const auto headless = CellTable::parse("gsm,001,01,1,1,x,0,0\n");
    CHECK(!headless);
    CHECK_EQ(headless.error().kept.front().line, size_t{1});
    CHECK(!CellTable::parse("\"technology,mcc\n"));
}

const std::string kMixed =
    "technology,mcc,mnc,lac,tac,cell,lat,lon,azimuth,beam_width,range_m,emergency_area\n"
    "gsm,001,01,1,,100,38.70,-9.14,,,1000,\n"        // 0
    "lte,001,01,,7,256,38.70,-9.14,0,120,1000,5\n"   // 1
    "lte,001,01,,7,257,38.70,-9.14,180,120,1000,\n"  // 2
    "lte,001,01,,8,258,38.80,-9.14,,,1000,5\n"       // 3
    "nr,001,01,,7,256,38.70,-9.14,,,1000,5\n"        // 4
    "lte,002,01,,7,256,38.70,-9.14,,,1000,5\n"       // 5
    "umts,001,01,7,,256,38.70,-9.14,,,1000,\n";      // 6

void areas_are_those_of_one_technology_and_network() {
    const auto table = CellTable::parse(kMixed);
    CHECK(table);
    const PlmnId plmn = *PlmnId::parse("001-01");
    using Rows = std::vector<uint32_t>;
    CHECK((table->rows_in(Place::area_of(Technology::kLte, plmn, 7)) == Rows{1, 2}));
    CHECK((table->rows_in(Place::area_of(Technology::kNr, plmn, 7)) == Rows{4}));
    CHECK((table->rows_in(Place::area_of(Technology::kUmts, plmn, 7)) == Rows{6}));
    CHECK((table->rows_in(Place::area_of(Technology::kGsm, plmn, 1)) == Rows{0}));
    CHECK((table->rows_in(Place::emergency_area(Technology::kLte, plmn, 5)) == Rows{1, 3}));
    CHECK(table->rows_in(Place::area_of(Technology::kLte, plmn, 9)).empty());
    CHECK(table->rows_in(table->rows()[0].identity).empty());
}

void rows_are_found_by_the_ground_they_cover() {
    const auto table = CellTable::parse(kMixed);
    CHECK(table);
    // 500 m north of the site of the first three: the beam that looks south is not there.
    const auto region = geo::Region::make({geo::Circle{{387'045'000, -91'400'000}, 100}});
    CHECK_OK(region);
    const auto rows = table->rows_touching(*region);
    CHECK_OK(rows);
    CHECK((*rows == std::vector<uint32_t>{0, 1, 4, 5, 6}));
    CHECK(CellTable{}.rows_touching(*region)->empty());
}

void a_copy_is_the_same_table() {
    auto table = CellTable::parse(kMixed);
    CHECK(table);
    const CellTable kept = *table;
    CHECK(&kept.rows() == &table->rows());
    *table = CellTable{};
    CHECK_EQ(kept.rows().size(), size_t{7});
    CHECK(table->rows().empty());
}

void what_a_new_file_changes_is_counted() {
    const auto before =
        CellTable::parse(kHead + "gsm,001,01,1,1,A,0,0\ngsm,001,01,1,2,B,0,0\ngsm,001,01,1,3,C,0,0\n");
    const auto after =
        CellTable::parse(kHead + "gsm,001,01,1,4,D,0,0\ngsm,001,01,1,2,B,1,0\ngsm,001,01,1,3,C,0,0\n");
    CHECK(before && after);
    const CellTableChanges changes = changes_between(*before, *after);
    CHECK_EQ(changes.added, size_t{1});
    CHECK_EQ(changes.gone, size_t{1});
    CHECK_EQ(changes.changed, size_t{1});
}

}  // namespace

GROUP(cell_table, CASE(rows_are_found_by_their_cell), CASE(every_broken_row_is_told_with_its_line),
      CASE(of_many_broken_rows_a_hundred_are_kept_and_all_counted),
      CASE(a_file_without_its_first_line_is_refused), CASE(areas_are_those_of_one_technology_and_network),
      CASE(rows_are_found_by_the_ground_they_cover), CASE(a_copy_is_the_same_table),
      CASE(what_a_new_file_changes_is_counted))
