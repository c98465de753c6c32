// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/store/place_list.h"

#include <nlohmann/json.hpp>
#include <random>

#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using nlohmann::json;

const PlmnId kHome = *PlmnId::parse("001-01");
const PlmnId kThreeDigits = *PlmnId::parse("001-001");

void check_back(const PlaceSet& places) {
    const auto back = places_of_list(json::parse(place_list(places).dump()));
    CHECK_OK(back);
    CHECK(*back == places);
}

void every_kind_of_place_comes_back() {
    check_back({});
    check_back(make_place_set({
        Place::gsm_cell(kHome, Lac{0}, Ci{0}),
        Place::gsm_cell(kHome, Lac{65535}, Ci{65535}),
        Place::gsm_cell(kThreeDigits, Lac{1}, Ci{2}),
        Place::service_area(kHome, Lac{1}, 2),
        Place::lte_cell(kHome, 0),
        Place::lte_cell(kHome, (1U << 28U) - 1),
        Place::nr_cell(kHome, (uint64_t{1} << 36U) - 1),
        Place::area_of(Technology::kGsm, kHome, 7),
        Place::area_of(Technology::kNr, kHome, (1U << 24U) - 1),
        Place::emergency_area(Technology::kLte, kHome, 0),
        Place::emergency_area(Technology::kLte, kHome, (1U << 24U) - 1),
    }));
}

void any_cells_come_back() {
    std::mt19937_64 random(3);
    for (int round = 0; round < 100; ++round) {
        std::vector<Place> places;
        for (uint64_t i = 0; i < random() % 300; ++i)
            places.push_back(random() % 2 == 0
                                 ? Place::nr_cell(kHome, random() & ((uint64_t{1} << 36U) - 1))
                                 : Place::gsm_cell(kThreeDigits, Lac{static_cast<uint16_t>(random())},
                                                   Ci{static_cast<uint16_t>(random())}));
        check_back(make_place_set(std::move(places)));
    }
}

void a_list_is_short() {
    PlaceSet places;
    for (uint32_t i = 0; i < 1000; ++i) places.push_back(Place::lte_cell(kHome, 0xa101 + i));
    CHECK(place_list(places).dump().size() < 2 * places.size() + 40);
    CHECK_EQ(place_list({places[0], places[1], places[4]}).dump(),
             std::string(R"({"lte:001-01":"a101 1 3"})"));
}

void what_nobody_wrote_is_refused() {
    for (const char* bad : {
             R"({"lte:001-01":"x"})",         // no number
             R"({"lte:001-01":"1 0"})",       // the same again
             R"({"lte:001-01":"1  2"})",      // no number
             R"({"lte:001-01":"1,2"})",       // another sign
             R"({"lte:001-01":"10000000"})",  // 29 bits
             R"({"lte:001-01":"fffffff 1"})",
             R"({"lte:001-01":"1 ffffffffffffffff"})",
             R"({"gsm:001-01":"100000000"})",
             R"({"gsm:001-01:tac":"10000"})",
             R"({"lte:001-01:xx":"1"})",
             R"({"lte":"1"})",
             R"({"6g:001-01":"1"})",
             R"({"lte:1-01":"1"})",
         })
        CHECK(!places_of_list(json::parse(bad)));
}

}  // namespace

GROUP(place_list, CASE(every_kind_of_place_comes_back), CASE(any_cells_come_back), CASE(a_list_is_short),
      CASE(what_nobody_wrote_is_refused))
