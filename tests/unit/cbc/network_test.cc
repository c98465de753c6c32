// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/network.h"

#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using test::gsm_cell;

const PeerName kOne{"bsc-1"};
const PeerName kTwo{"bsc-2"};

void chosen_cells_go_to_the_peers_of_their_location_areas() {
    const Division division = test::two_peers().divide(
        PlaceSet{gsm_cell(1, 100), gsm_cell(2, 200), gsm_cell(3, 300), gsm_cell(9, 900)});
    CHECK_EQ(division.shares.size(), size_t{2});
    CHECK(division.shares.at(kOne).area == PeerArea{PlaceSet{gsm_cell(1, 100)}});
    CHECK(division.shares.at(kTwo).area == PeerArea{PlaceSet{gsm_cell(2, 200)}});
    CHECK(division.unserved == PlaceSet{gsm_cell(3, 300)});
    CHECK(division.unknown == PlaceSet{gsm_cell(9, 900)});
    CHECK_EQ(division.known_cells, size_t{3});
}

void a_peer_without_a_cell_of_the_area_is_left_alone() {
    const Division division = test::two_peers().divide(PlaceSet{gsm_cell(1, 101)});
    CHECK_EQ(division.shares.size(), size_t{1});
    CHECK(division.shares.contains(kOne));
}

void all_cells_go_to_every_peer_with_what_the_table_knows_of_it() {
    const Division division = test::two_peers().divide(AllCells{});
    CHECK(division.shares.at(kOne).area == PeerArea{AllCells{}});
    CHECK((division.shares.at(kOne).known == PlaceSet{gsm_cell(1, 100), gsm_cell(1, 101)}));
    CHECK(division.unserved == PlaceSet{gsm_cell(3, 300)});
    CHECK_EQ(division.known_cells, size_t{4});
}

void a_peer_without_a_list_may_have_any_cell() {
    Network network = test::two_peers();
    network.join({PeerName{"bsc-9"}});
    const Division division = network.divide(PlaceSet{gsm_cell(1, 100), gsm_cell(3, 300)});
    CHECK((division.shares.at(PeerName{"bsc-9"}).area ==
           PeerArea{PlaceSet{gsm_cell(1, 100), gsm_cell(3, 300)}}));
    CHECK(division.shares.at(kOne).area == PeerArea{PlaceSet{gsm_cell(1, 100)}});
    CHECK(division.unserved.empty());
}

void two_peers_may_serve_one_location_area() {
    Network network = test::two_peers();
    network.join({PeerName{"bsc-3"}, Protocol::kCbsp, std::vector{1U}});
    const Division division = network.divide(PlaceSet{gsm_cell(1, 100)});
    CHECK_EQ(division.shares.size(), size_t{2});
    CHECK_EQ(network.peer_of(gsm_cell(1, 1))->name.value(), std::string("bsc-1"));
    CHECK(network.peer_of(gsm_cell(3, 1)) == nullptr);
}

}  // namespace

GROUP(network, CASE(chosen_cells_go_to_the_peers_of_their_location_areas),
      CASE(a_peer_without_a_cell_of_the_area_is_left_alone),
      CASE(all_cells_go_to_every_peer_with_what_the_table_knows_of_it),
      CASE(a_peer_without_a_list_may_have_any_cell), CASE(two_peers_may_serve_one_location_area))
