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
        kHead + "gsm,001,01,1,1,x,0,0\n" + "lte,001,01,1,2,x,0,0\n" + "gsm,1,01,1,3,x,0,0\n" +
        "gsm,001,01,65536,4,x,0,0\n" + "gsm,001,01,1,1,again,0,0\n" + "gsm,001,01,1,5,x,91,0\n" +
        "gsm,001,01,1,6,x,0,180.1\n" + "gsm,001,01,1,7,\"open,0,0\n" + "gsm,001,01,1,8,x,0\n");
    CHECK(!table);
    std::map<size_t, std::string> told;
    for (const CellTableProblem& problem : table.error()) told[problem.line] = problem.text;
    CHECK_EQ(told.size(), size_t{8});
    CHECK_EQ(told.begin()->first, size_t{3});
    CHECK_EQ(told.rbegin()->first, size_t{10});
    CHECK(told[6].find("stands in line 2 already") != std::string::npos);
    CHECK(told[7].find("lat \"91\"") != std::string::npos);
}

void a_file_without_its_first_line_is_refused() {
    CHECK(!CellTable::parse(""));
    CHECK(!CellTable::parse("# nothing but a remark\n"));
    const auto headless = CellTable::parse("gsm,001,01,1,1,x,0,0\n");
    CHECK(!headless);
    CHECK_EQ(headless.error().front().line, size_t{1});
}

}  // namespace

GROUP(cell_table, CASE(rows_are_found_by_their_cell), CASE(every_broken_row_is_told_with_its_line),
      CASE(a_file_without_its_first_line_is_refused))
