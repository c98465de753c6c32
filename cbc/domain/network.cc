// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/network.h"

#include <algorithm>
#include <set>

namespace cbc {
namespace {

std::optional<uint32_t> area_of(const Place& place, const CellTable& table) {
    if (place.kind == PlaceKind::kEmergencyArea) return std::nullopt;
    if (place.kind == PlaceKind::kArea || names_area(place.technology)) return place.area;
    const CellRow* row = table.find(place);
    return row != nullptr ? row->tracking_area : std::nullopt;
}

// The tracking area, or else the emergency area, that is wanted whole and has the cell. Not of GSM and UMTS:
// their protocols are told cells, and answer cell by cell.
std::optional<Place> whole_area_of(const Place& cell, const Targets& targets) {
    if (targets.areas.empty() || names_area(cell.technology)) return std::nullopt;
    const CellRow* row = targets.table.find(cell);
    if (row == nullptr) return std::nullopt;
    for (const auto& whole : {row->area(), row->emergency_place()})
        if (whole && std::binary_search(targets.areas.begin(), targets.areas.end(), *whole)) return whole;
    return std::nullopt;
}

}  // namespace

Network::Network(CellTable cells, std::vector<PeerProfile> peers) : cells_(std::move(cells)) {
    for (PeerProfile& peer : peers) join(std::move(peer));
}

void Network::join(PeerProfile peer) {
    const size_t index = peers_.size();
    for (const uint32_t area : peer.areas.value_or(std::vector<uint32_t>{})) by_area_[area].push_back(index);
    peers_.push_back(std::move(peer));
}

void Network::replace_peers(std::vector<PeerProfile> peers) {
    peers_.clear();
    by_area_.clear();
    for (PeerProfile& peer : peers) join(std::move(peer));
}

bool Network::has(const PeerName& peer) const {
    return std::any_of(peers_.begin(), peers_.end(),
                       [&](const PeerProfile& one) { return one.name == peer; });
}

std::optional<uint32_t> Network::area_of(const Place& place) const { return cbc::area_of(place, cells_); }

// Those that list its area first. A place without a known area may be any peer's.
template <class Visit>
void Network::each_peer_of(const Place& place, const std::optional<uint32_t>& area, Visit&& visit) const {
    const auto fits = [&](size_t peer) { return serves(peers_[peer].protocol, place.technology); };
    const auto listed = area ? by_area_.find(*area) : by_area_.end();
    if (listed != by_area_.end())
        for (const size_t peer : listed->second)
            if (fits(peer)) visit(peers_[peer]);
    for (size_t peer = 0; peer < peers_.size(); ++peer)
        if (fits(peer) && (!area || !peers_[peer].areas)) visit(peers_[peer]);
}

// Every peer gets it, also one of whose cells the table knows none.
Division Network::divide_everywhere(const CellTable& table) const {
    Division division;
    division.known_cells = table.rows().size();
    for (const PeerProfile& peer : peers_) division.shares[peer.name].area = AllCells{};
    for (const Place& cell : table.cells()) {
        bool served = false;
        each_peer_of(cell, cbc::area_of(cell, table), [&](const PeerProfile& peer) {
            division.shares[peer.name].known.push_back(cell);
            served = true;
        });
        if (!served) division.unserved.push_back(cell);
    }
    return division;
}

Division Network::divide(const Targets& targets) const {
    if (targets.everywhere) return divide_everywhere(targets.table);
    struct Part {
        PlaceSet cells;
        std::set<Place> areas;
        bool only_whole_areas = true;
    };
    std::map<PeerName, Part> parts;
    Division division;
    division.unknown = targets.unknown;
    division.known_cells = targets.cells.size();
    for (const auto& [cell, reason] : targets.cells) {
        const auto whole = whole_area_of(cell, targets);
        bool served = false;
        each_peer_of(cell, cbc::area_of(cell, targets.table), [&](const PeerProfile& peer) {
            Part& part = parts[peer.name];
            part.cells.push_back(cell);
            if (whole) part.areas.insert(*whole);
            part.only_whole_areas = part.only_whole_areas && whole;
            served = true;
        });
        if (!served) division.unserved.push_back(cell);
    }
    for (auto& [peer, part] : parts)
        division.shares[peer].area =
            part.only_whole_areas ? PlaceSet(part.areas.begin(), part.areas.end()) : std::move(part.cells);
    return division;
}

Protocol Network::protocol_of(const PeerName& peer) const {
    for (const PeerProfile& one : peers_)
        if (one.name == peer) return one.protocol;
    return Protocol::kCbsp;
}

const PeerProfile* Network::peer_of(const Place& place) const {
    const PeerProfile* first = nullptr;
    each_peer_of(place, area_of(place), [&](const PeerProfile& peer) {
        if (first == nullptr) first = &peer;
    });
    return first;
}

}  // namespace cbc
