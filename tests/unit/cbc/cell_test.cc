// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/cell.h"

#include <unordered_set>

#include "tests/support/test.h"

namespace {

void a_network_is_digits_and_keeps_the_length_of_its_mnc() {
    const auto two = cbc::PlmnId::parse("001", "01");
    const auto three = cbc::PlmnId::parse("001", "001");
    CHECK_OK(two);
    CHECK_OK(three);
    CHECK_EQ(two->text(), "001-01");
    CHECK_EQ(three->text(), "001-001");
    CHECK(*two != *three);
    CHECK(*cbc::PlmnId::parse("001", "010") != *two);
    CHECK_EQ(*cbc::PlmnId::parse("310-410"), *cbc::PlmnId::parse("310", "410"));
}

void a_network_of_anything_else_is_refused() {
    for (const char* text :
         {"", "-", "1-01", "0001-01", "001-1", "001-0001", "00a-01", "001-0x", "001", "001-01-1"})
        CHECK(!cbc::PlmnId::parse(text));
}

void a_cell_reads_back_what_it_writes() {
    const auto cell = cbc::CellIdentity::parse("gsm:001-01:1:6969");
    CHECK_OK(cell);
    CHECK_EQ(cell->lac, cbc::Lac{1});
    CHECK_EQ(cell->ci, cbc::Ci{6969});
    CHECK_EQ(cell->text(), "gsm:001-01:1:6969");
    const std::unordered_set<cbc::CellIdentity> set{*cell, *cbc::CellIdentity::parse("gsm:001-01:1:6970")};
    CHECK(set.contains(*cell));
    CHECK_EQ(set.size(), 2U);
}

void a_malformed_cell_is_refused_with_the_reason() {
    for (const char* text : {"", "gsm", "lte:001-01:1:1", "gsm:00-01:1:1", "gsm:001-01:65536:1",
                             "gsm:001-01:1:-1", "gsm:001-01:1:", "gsm:001-01:1:1x", "gsm:001-01:1:1:1"}) {
        const auto cell = cbc::CellIdentity::parse(text);
        CHECK(!cell);
        CHECK(cell.error().text.starts_with("cell \"" + std::string(text) + "\": "));
    }
}

}  // namespace

GROUP(cell, CASE(a_network_is_digits_and_keeps_the_length_of_its_mnc),
      CASE(a_network_of_anything_else_is_refused), CASE(a_cell_reads_back_what_it_writes),
      CASE(a_malformed_cell_is_refused_with_the_reason))
