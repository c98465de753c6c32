// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/place.h"

#include <unordered_set>

#include "tests/support/test.h"

namespace {

using namespace cbc;

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

void a_place_reads_back_what_it_writes() {
    const PlmnId plmn = *PlmnId::parse("001-01");
    const struct {
        const char* text;
        Place place;
    } kPlaces[]{
        {"gsm:001-01:1:6969", Place::gsm_cell(plmn, Lac{1}, Ci{6969})},
        {"umts:001-01:1:512", Place::service_area(plmn, Lac{1}, 512)},
        {"lte:001-01:000a101", Place::lte_cell(plmn, 0xa101)},
        {"nr:001-01:fffffffff", Place::nr_cell(plmn, (uint64_t{1} << 36U) - 1)},
        {"gsm:001-01:lac:23", Place::area_of(Technology::kGsm, plmn, 23)},
        {"nr:001-01:tac:16777215", Place::area_of(Technology::kNr, plmn, 0xffffff)},
        {"lte:001-01:ea:00002a", Place::emergency_area(Technology::kLte, plmn, 42)},
    };
    for (const auto& [text, place] : kPlaces) {
        const auto read = Place::parse(text);
        CHECK_OK(read);
        CHECK_EQ(*read, place);
        CHECK_EQ(place.text(), text);
    }
    std::unordered_set<Place> set;
    for (const auto& one : kPlaces) set.insert(one.place);
    CHECK_EQ(set.size(), std::size(kPlaces));
}

void a_malformed_place_is_refused_with_the_reason() {
    for (const char* text :
         {"", "gsm", "lte:001-01:1:1", "gsm:00-01:1:1", "gsm:001-01:65536:1", "gsm:001-01:1:-1",
          "gsm:001-01:1:", "gsm:001-01:1:1x", "gsm:001-01:1:1:1", "gsm:001-01:tac:1", "lte:001-01:lac:1",
          "lte:001-01:10000000", "nr:001-01:tac:16777216", "lte:001-01:tac:65536", "nr:001-01:ea:1000000",
          "5g:001-01:1"}) {
        const auto place = Place::parse(text);
        CHECK(!place);
        CHECK(place.error().text.starts_with("place \"" + std::string(text) + "\": "));
    }
}

}  // namespace

GROUP(place, CASE(a_network_is_digits_and_keeps_the_length_of_its_mnc),
      CASE(a_network_of_anything_else_is_refused), CASE(a_place_reads_back_what_it_writes),
      CASE(a_malformed_place_is_refused_with_the_reason))
