// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/network.h"

#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using test::gsm_cell;

Division divide(const Network& network, const Area& area) {
    const auto targets = targets_of(area, network.cells());
    CHECK_OK(targets);
    return *network.divide(*targets);
}

const PeerName kOne{"bsc-1"};
const PeerName kTwo{"bsc-2"};

void chosen_cells_go_to_the_peers_of_their_location_areas() {
    const Division division = divide(
        test::two_peers(), PlaceSet{gsm_cell(1, 100), gsm_cell(2, 200), gsm_cell(3, 300), gsm_cell(9, 900)});
    CHECK_EQ(division.shares.size(), size_t{2});
    CHECK(division.shares.at(kOne).area == PeerArea{PlaceSet{gsm_cell(1, 100)}});
    CHECK(division.shares.at(kTwo).area == PeerArea{PlaceSet{gsm_cell(2, 200)}});
    CHECK(division.unserved == PlaceSet{gsm_cell(3, 300)});
    CHECK(division.unknown == PlaceSet{gsm_cell(9, 900)});
    CHECK_EQ(division.known_cells, size_t{3});
}

void a_peer_without_a_cell_of_the_area_is_left_alone() {
    const Division division = divide(test::two_peers(), PlaceSet{gsm_cell(1, 101)});
    CHECK_EQ(division.shares.size(), size_t{1});
    CHECK(division.shares.contains(kOne));
}

void all_cells_go_to_every_peer_with_what_the_table_knows_of_it() {
    const Division division = divide(test::two_peers(), AllCells{});
    CHECK(division.shares.at(kOne).area == PeerArea{AllCells{}});
    CHECK((division.shares.at(kOne).known == PlaceSet{gsm_cell(1, 100), gsm_cell(1, 101)}));
    CHECK(division.unserved == PlaceSet{gsm_cell(3, 300)});
    CHECK_EQ(division.known_cells, size_t{4});
}

void a_peer_without_a_list_may_have_any_cell() {
    Network network = test::two_peers();
    network.join({PeerName{"bsc-9"}});
    const Division division = divide(network, PlaceSet{gsm_cell(1, 100), gsm_cell(3, 300)});
    CHECK((division.shares.at(PeerName{"bsc-9"}).area ==
           PeerArea{PlaceSet{gsm_cell(1, 100), gsm_cell(3, 300)}}));
    CHECK(division.shares.at(kOne).area == PeerArea{PlaceSet{gsm_cell(1, 100)}});
    CHECK(division.unserved.empty());
}

void two_peers_may_serve_one_location_area() {
    Network network = test::two_peers();
    network.join({PeerName{"bsc-3"}, Protocol::kCbsp, std::vector{1U}});
    const Division division = divide(network, PlaceSet{gsm_cell(1, 100)});
    CHECK_EQ(division.shares.size(), size_t{2});
    CHECK_EQ(network.peer_of(gsm_cell(1, 1))->name.value(), std::string("bsc-1"));
    CHECK(network.peer_of(gsm_cell(3, 1)) == nullptr);
}

// An MME and an AMF of one tracking area, an MME of another.
Network four_g() {
    auto table = CellTable::parse(
        "technology,mcc,mnc,tac,cell,name,lat,lon\nlte,001,01,7,1,A,0,0\nlte,001,01,7,2,B,0,0\n"
        "lte,001,01,8,3,C,0,0\nnr,001,01,7,4,D,0,0\nlte,001,01,,5,E,0,0\n");
    CHECK(table);
    return Network{std::move(*table),
                   {{PeerName{"mme-7"}, Protocol::kSbcap, std::vector{7U}},
                    {PeerName{"mme-8"}, Protocol::kSbcap, std::vector{8U}},
                    {PeerName{"bsc"}, Protocol::kCbsp, std::vector{7U}}}};
}
const PlmnId kPlmn = *PlmnId::parse("001-01");
Place lte(uint32_t cell) { return Place::lte_cell(kPlmn, cell); }
Place tai(uint32_t code) { return Place::area_of(Technology::kLte, kPlmn, code); }

void a_whole_tracking_area_is_asked_for_as_such() {
    const Division division = divide(four_g(), PlaceSet{tai(7), tai(8), tai(9)});
    CHECK_EQ(division.shares.size(), size_t{2});
    CHECK(division.shares.at(PeerName{"mme-7"}).area == PeerArea{PlaceSet{tai(7)}});
    CHECK(division.shares.at(PeerName{"mme-8"}).area == PeerArea{PlaceSet{tai(8)}});
    CHECK(division.unknown == PlaceSet{tai(9)});
    CHECK_EQ(division.known_cells, size_t{3});
}

// One list of one PDU holds either areas or cells. A cell without a known area may be any peer's.
void beside_other_cells_a_tracking_area_is_asked_for_by_its_cells() {
    const Division division = divide(four_g(), make_place_set({tai(7), lte(5)}));
    CHECK((division.shares.at(PeerName{"mme-7"}).area == PeerArea{PlaceSet{lte(1), lte(2), lte(5)}}));
    CHECK((division.shares.at(PeerName{"mme-8"}).area == PeerArea{PlaceSet{lte(5)}}));
    const Division inside = divide(four_g(), make_place_set({tai(7), lte(1)}));
    CHECK((inside.shares.at(PeerName{"mme-7"}).area == PeerArea{PlaceSet{tai(7)}}));
}

void an_emergency_area_is_asked_for_as_such_where_the_protocol_knows_it() {
    auto table = CellTable::parse(
        "technology,mcc,mnc,lac,tac,cell,name,lat,lon,emergency_area\nlte,001,01,,7,1,A,0,0,42\n"
        "lte,001,01,,8,3,C,0,0,42\ngsm,001,01,7,,100,E,0,0,42\n");
    const Network network{std::move(*table),
                          {{PeerName{"mme-7"}, Protocol::kSbcap, std::vector{7U}},
                           {PeerName{"bsc"}, Protocol::kCbsp, std::vector{7U}}}};
    const Place area = Place::emergency_area(Technology::kLte, kPlmn, 42);
    const Place gsm_area = Place::emergency_area(Technology::kGsm, kPlmn, 42);
    const Division division = divide(network, make_place_set({area, gsm_area}));
    CHECK(division.shares.at(PeerName{"mme-7"}).area == PeerArea{PlaceSet{area}});
    CHECK(division.shares.at(PeerName{"bsc"}).area == PeerArea{PlaceSet{gsm_cell(7, 100)}});
    CHECK(division.unserved == PlaceSet{lte(3)});
    CHECK((divide(network, make_place_set({area, tai(7)})).shares.at(PeerName{"mme-7"}).area ==
           PeerArea{PlaceSet{tai(7)}}));
}

void a_location_area_is_asked_for_by_its_cells() {
    const Division division = divide(test::two_peers(), PlaceSet{Place::area_of(Technology::kGsm, kPlmn, 1)});
    CHECK((division.shares.at(kOne).area == PeerArea{PlaceSet{gsm_cell(1, 100), gsm_cell(1, 101)}}));
}

void targets_stay_as_they_are_when_the_table_changes() {
    Network network = four_g();
    const auto targets = targets_of(PlaceSet{tai(7)}, network.cells());
    CHECK_OK(targets);
    network.replace_cells(CellTable{});
    CHECK(network.divide(*targets)->shares.at(PeerName{"mme-7"}).area == PeerArea{PlaceSet{tai(7)}});
    CHECK(divide(network, PlaceSet{tai(7)}).shares.empty());
}

}  // namespace

GROUP(network, CASE(chosen_cells_go_to_the_peers_of_their_location_areas),
      CASE(a_peer_without_a_cell_of_the_area_is_left_alone),
      CASE(all_cells_go_to_every_peer_with_what_the_table_knows_of_it),
      CASE(a_peer_without_a_list_may_have_any_cell), CASE(two_peers_may_serve_one_location_area),
      CASE(a_whole_tracking_area_is_asked_for_as_such),
      CASE(beside_other_cells_a_tracking_area_is_asked_for_by_its_cells),
      CASE(an_emergency_area_is_asked_for_as_such_where_the_protocol_knows_it),
      CASE(a_location_area_is_asked_for_by_its_cells),
      CASE(targets_stay_as_they_are_when_the_table_changes))
