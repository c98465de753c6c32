// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/network.h"

namespace cbc {

Network::Network(CellTable cells, std::vector<PeerProfile> peers) : cells_(std::move(cells)) {
    for (PeerProfile& peer : peers) join(std::move(peer));
    for (const CellRow& row : cells_.rows()) all_known_.push_back(row.identity);
    all_known_ = make_place_set(std::move(all_known_));
}

void Network::join(PeerProfile peer) {
    const size_t index = peers_.size();
    for (const uint32_t area : peer.areas.value_or(std::vector<uint32_t>{})) by_area_[area].push_back(index);
    peers_.push_back(std::move(peer));
}

std::optional<uint32_t> Network::area_of(const Place& place) const {
    if (place.kind == PlaceKind::kEmergencyArea) return std::nullopt;
    if (place.kind == PlaceKind::kArea || names_area(place.technology)) return place.area;
    const CellRow* row = cells_.find(place);
    return row != nullptr ? row->tracking_area : std::nullopt;
}

// Those that list its area first. A place without a known area may be any peer's.
template <class Visit>
void Network::each_peer_of(const Place& place, Visit&& visit) const {
    const auto fits = [&](size_t peer) { return serves(peers_[peer].protocol, place.technology); };
    const auto area = area_of(place);
    const auto listed = area ? by_area_.find(*area) : by_area_.end();
    if (listed != by_area_.end())
        for (const size_t peer : listed->second)
            if (fits(peer)) visit(peers_[peer]);
    for (size_t peer = 0; peer < peers_.size(); ++peer)
        if (fits(peer) && (!area || !peers_[peer].areas)) visit(peers_[peer]);
}

void Network::add_share(Division& division, const Place& place) const {
    ++division.known_cells;
    bool served = false;
    each_peer_of(place, [&](const PeerProfile& peer) {
        division.shares[peer.name].known.push_back(place);
        served = true;
    });
    if (!served) division.unserved.push_back(place);
}

Division Network::divide(const Area& area) const {
    Division division;
    const auto* chosen = std::get_if<PlaceSet>(&area);
    if (chosen == nullptr) {
        for (const Place& cell : all_known_) add_share(division, cell);
        // Every peer gets it, also one of whose cells the table knows none.
        for (const PeerProfile& peer : peers_) division.shares[peer.name].area = AllCells{};
        return division;
    }
    for (const Place& cell : *chosen) {
        if (cells_.find(cell) == nullptr)
            division.unknown.push_back(cell);
        else
            add_share(division, cell);
    }
    for (auto& [peer, share] : division.shares) share.area = std::exchange(share.known, {});
    return division;
}

PeerTraits Network::traits_of(const PeerName& peer) const {
    for (const PeerProfile& one : peers_)
        if (one.name == peer) return cbc::traits_of(one.protocol);
    return cbc::traits_of(Protocol::kCbsp);
}

const PeerProfile* Network::peer_of(const Place& place) const {
    const PeerProfile* first = nullptr;
    each_peer_of(place, [&](const PeerProfile& peer) {
        if (first == nullptr) first = &peer;
    });
    return first;
}

}  // namespace cbc
