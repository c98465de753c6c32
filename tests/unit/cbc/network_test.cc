// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/network.h"

#include <algorithm>
#include <map>
#include <random>

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

// --- by the table as by looking at every peer ---

struct Sample {
    Network network;
    std::vector<Place> names;  // cells, areas and strangers
};

// Peers of all kinds, some without a list, some that list an area that nobody has; cells with and without an
// area.
Sample sample(std::mt19937& random) {
    constexpr uint32_t kAreas = 6;
    std::vector<PeerProfile> peers;
    for (uint32_t number = 0; number < 12; ++number) {
        PeerProfile peer{PeerName{"peer-" + std::to_string(number)}, kAllProtocols[random() % 4]};
        if (random() % 4 != 0) {
            peer.areas.emplace();
            for (uint32_t area = 0; area <= kAreas; ++area)
                if (random() % 3 == 0) peer.areas->push_back(area);
        }
        peers.push_back(std::move(peer));
    }
    std::string csv = "technology,mcc,mnc,lac,tac,cell,name,lat,lon\n";
    std::vector<Place> names;
    for (uint32_t number = 0; number < 200; ++number) {
        const Technology technology = kAllTechnologies[random() % 4];
        const std::string area = std::to_string(random() % kAreas);
        const bool named = names_area(technology);
        csv += std::string(to_string(technology)) + ",001,01," + (named ? area : "") + "," +
               (named || random() % 5 == 0 ? "" : area) + "," + std::to_string(number) + ",C,0,0\n";
    }
    auto table = CellTable::parse(csv);
    CHECK(table);
    for (const Place& cell : table->cells())
        if (random() % 3 == 0) names.push_back(cell);
    for (const Technology technology : kAllTechnologies)
        for (uint32_t area = 0; area <= kAreas; ++area)
            if (random() % 6 == 0) names.push_back(Place::area_of(technology, kPlmn, area));
    return {Network{std::move(*table), std::move(peers)}, make_place_set(std::move(names))};
}

bool asked_for(const PeerProfile& peer, const Place& cell, const std::optional<uint32_t>& area) {
    if (!serves(peer.protocol, cell.technology)) return false;
    if (!area || !peer.areas) return true;
    return std::find(peer.areas->begin(), peer.areas->end(), *area) != peer.areas->end();
}

void the_division_is_that_of_looking_at_each_peer_for_each_cell() {
    std::mt19937 random(11);
    for (int round = 0; round < 200; ++round) {
        const Sample made = sample(random);
        const bool everywhere = round % 5 == 0;
        const auto targets =
            targets_of(everywhere ? Area{AllCells{}} : Area{ChosenArea{made.names}}, made.network.cells());
        CHECK_OK(targets);
        const auto division = made.network.divide(*targets);
        PlaceSet cells, unserved;
        std::map<PeerName, PlaceSet> expected;
        for (const CellRow& row : made.network.cells().rows()) {
            const Place& cell = row.identity;
            const bool chosen = std::any_of(targets->cells.begin(), targets->cells.end(),
                                            [&](const ChosenCell& one) { return one.cell == cell; });
            if (!everywhere && !chosen) continue;
            cells.push_back(cell);
            bool served = false;
            for (const PeerProfile& peer : made.network.peers())
                if (asked_for(peer, cell, row.area_code())) {
                    expected[peer.name].push_back(cell);
                    served = true;
                }
            if (!served) unserved.push_back(cell);
        }
        CHECK(division->cells == make_place_set(cells));
        CHECK(division->unserved == make_place_set(unserved));
        CHECK_EQ(division->known_cells, cells.size());
        CHECK_EQ(division->shares.size(), everywhere ? made.network.peers().size() : expected.size());
        for (const auto& [peer, share] : division->shares) {
            const auto* asked = std::get_if<PlaceSet>(&share.area);
            CHECK_EQ(asked == nullptr, everywhere);
            const PlaceSet mine = make_place_set(expected[peer]);
            if (asked == nullptr)
                CHECK(share.known == mine);
            else if (asked->front().kind == PlaceKind::kCell)
                CHECK(*asked == mine);
            else  // whole areas, each with one of its cells
                for (const Place& area : *asked)
                    CHECK(std::binary_search(made.names.begin(), made.names.end(), area));
        }
    }
}

void peers_that_come_and_a_new_table_count_at_once() {
    Network network = test::two_peers();
    CHECK_EQ(network.divide(AllCells{})->known_cells, size_t{4});
    CHECK(network.divide(AllCells{}) == network.divide(AllCells{}));  // made once
    network.join({PeerName{"bsc-9"}});
    CHECK_EQ(network.divide(AllCells{})->shares.size(), size_t{3});
    network.replace_cells(CellTable{});
    CHECK_EQ(network.divide(AllCells{})->known_cells, size_t{0});
    network.replace_peers({});
    CHECK(network.divide(AllCells{})->shares.empty());
}

}  // namespace

GROUP(network, CASE(chosen_cells_go_to_the_peers_of_their_location_areas),
      CASE(a_peer_without_a_cell_of_the_area_is_left_alone),
      CASE(all_cells_go_to_every_peer_with_what_the_table_knows_of_it),
      CASE(a_peer_without_a_list_may_have_any_cell), CASE(two_peers_may_serve_one_location_area),
      CASE(a_whole_tracking_area_is_asked_for_as_such),
      CASE(beside_other_cells_a_tracking_area_is_asked_for_by_its_cells),
      CASE(an_emergency_area_is_asked_for_as_such_where_the_protocol_knows_it),
      CASE(a_location_area_is_asked_for_by_its_cells), CASE(targets_stay_as_they_are_when_the_table_changes),
      CASE(the_division_is_that_of_looking_at_each_peer_for_each_cell),
      CASE(peers_that_come_and_a_new_table_count_at_once))
