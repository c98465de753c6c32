// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/network.h"

#include <algorithm>

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
std::optional<Place> whole_area_of(const ChosenCell& chosen, const Targets& targets) {
    const Place& cell = chosen.cell;
    if (targets.areas.empty() || names_area(cell.technology)) return std::nullopt;
    const auto wanted = [&](const Place& area) {
        return std::binary_search(targets.areas.begin(), targets.areas.end(), area);
    };
    if (chosen.area) {
        const Place tracking = Place::area_of(cell.technology, cell.plmn, *chosen.area);
        if (wanted(tracking)) return tracking;
    }
    if (!chosen.emergency_area) return std::nullopt;
    const Place emergency = Place::emergency_area(cell.technology, cell.plmn, *chosen.emergency_area);
    if (!wanted(emergency)) return std::nullopt;
    return emergency;
}

}  // namespace

Network::Network(CellTable cells, std::vector<PeerProfile> peers)
    : cells_(std::move(cells)), peers_(std::move(peers)) {
    index_peers();
}

void Network::join(PeerProfile peer) {
    peers_.push_back(std::move(peer));
    index_peers();
}

void Network::replace_peers(std::vector<PeerProfile> peers) {
    peers_ = std::move(peers);
    index_peers();
}

void Network::replace_cells(CellTable cells) {
    cells_ = std::move(cells);
    everywhere_.reset();
}

void Network::index_peers() {
    everywhere_.reset();
    for (const Technology technology : kAllTechnologies) {
        Servers& servers = servers_.at(static_cast<size_t>(technology));
        servers = {};
        for (uint32_t peer = 0; peer < peers_.size(); ++peer) {
            if (!serves(peers_[peer].protocol, technology)) continue;
            servers.any.push_back(peer);
            if (!peers_[peer].areas)
                servers.unlisted.push_back(peer);
            else
                for (const uint32_t area : *peers_[peer].areas)
                    if (Peers& listed = servers.of[area]; listed.empty() || listed.back() != peer)
                        listed.push_back(peer);
        }
        for (auto& [area, listed] : servers.of)
            listed.insert(listed.end(), servers.unlisted.begin(), servers.unlisted.end());
    }
}

const Network::Peers& Network::peers_of(Technology technology, const std::optional<uint32_t>& area) const {
    const Servers& servers = servers_.at(static_cast<size_t>(technology));
    if (!area) return servers.any;
    const auto listed = servers.of.find(*area);
    return listed == servers.of.end() ? servers.unlisted : listed->second;
}

bool Network::has(const PeerName& peer) const {
    return std::any_of(peers_.begin(), peers_.end(),
                       [&](const PeerProfile& one) { return one.name == peer; });
}

std::optional<uint32_t> Network::area_of(const Place& place) const { return cbc::area_of(place, cells_); }

std::shared_ptr<const Division> Network::divide(AllCells) const {
    if (everywhere_ == nullptr) everywhere_ = std::make_shared<Division>(divide_everywhere());
    return everywhere_;
}

// Every peer gets it, also one of whose cells the table knows none.
Division Network::divide_everywhere() const {
    Division division;
    division.cells = cells_.cells();
    division.known_cells = division.cells.size();
    std::vector<PlaceSet> known(peers_.size());
    for (const Place& cell : division.cells) {
        const Peers& peers = peers_of(cell.technology, area_of(cell));
        for (const uint32_t peer : peers) known[peer].push_back(cell);
        if (peers.empty()) division.unserved.push_back(cell);
    }
    for (size_t peer = 0; peer < peers_.size(); ++peer)
        division.shares[peers_[peer].name] = {AllCells{}, std::move(known[peer])};
    return division;
}

std::shared_ptr<const Division> Network::divide(const Targets& targets) const {
    if (targets.everywhere) return divide(AllCells{});
    struct Part {
        PlaceSet cells;
        std::vector<Place> areas;
        bool only_whole_areas = true;
    };
    std::vector<Part> parts(peers_.size());
    auto division = std::make_shared<Division>();
    division->unknown = targets.unknown;
    division->known_cells = targets.cells.size();
    division->cells.reserve(targets.cells.size());
    for (const ChosenCell& chosen : targets.cells) {
        const Place& cell = chosen.cell;
        division->cells.push_back(cell);
        const auto whole = whole_area_of(chosen, targets);
        const Peers& peers = peers_of(cell.technology, chosen.area);
        for (const uint32_t peer : peers) {
            Part& part = parts[peer];
            part.cells.push_back(cell);
            if (whole && (part.areas.empty() || part.areas.back() != *whole)) part.areas.push_back(*whole);
            part.only_whole_areas = part.only_whole_areas && whole;
        }
        if (peers.empty()) division->unserved.push_back(cell);
    }
    for (size_t peer = 0; peer < parts.size(); ++peer) {
        Part& part = parts[peer];
        if (part.cells.empty()) continue;
        division->shares[peers_[peer].name].area =
            part.only_whole_areas ? make_place_set(std::move(part.areas)) : std::move(part.cells);
    }
    return division;
}

Protocol Network::protocol_of(const PeerName& peer) const {
    for (const PeerProfile& one : peers_)
        if (one.name == peer) return one.protocol;
    return Protocol::kCbsp;
}

const PeerProfile* Network::peer_of(const Place& place) const {
    const Peers& peers = peers_of(place.technology, area_of(place));
    return peers.empty() ? nullptr : &peers_[peers.front()];
}

}  // namespace cbc
