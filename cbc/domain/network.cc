// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/network.h"

namespace cbc {

Network::Network(CellTable cells, std::vector<PeerProfile> peers) : cells_(std::move(cells)) {
    for (PeerProfile& peer : peers) join(std::move(peer));
    for (const CellRow& row : cells_.rows()) all_known_.push_back(row.identity);
    all_known_ = make_cell_set(std::move(all_known_));
}

void Network::join(PeerProfile peer) {
    const size_t index = peers_.size();
    if (!peer.location_areas) everywhere_.push_back(index);
    for (const Lac lac : peer.location_areas.value_or(std::vector<Lac>{})) by_area_[lac].push_back(index);
    peers_.push_back(std::move(peer));
}

void Network::add_share(Division& division, const CellIdentity& cell) const {
    ++division.known_cells;
    const auto listed = by_area_.find(cell.lac);
    if (listed == by_area_.end() && everywhere_.empty()) {
        division.unserved.push_back(cell);
        return;
    }
    const auto add = [&](size_t peer) { division.shares[peers_[peer].name].known.push_back(cell); };
    if (listed != by_area_.end())
        for (const size_t peer : listed->second) add(peer);
    for (const size_t peer : everywhere_) add(peer);
}

Division Network::divide(const Area& area) const {
    Division division;
    const auto* chosen = std::get_if<CellSet>(&area);
    if (chosen == nullptr) {
        for (const CellIdentity& cell : all_known_) add_share(division, cell);
        // Every peer gets it, also one of whose cells the table knows none.
        for (const PeerProfile& peer : peers_) division.shares[peer.name].area = AllCells{};
        return division;
    }
    for (const CellIdentity& cell : *chosen) {
        if (cells_.find(cell) == nullptr)
            division.unknown.push_back(cell);
        else
            add_share(division, cell);
    }
    for (auto& [peer, share] : division.shares) share.area = std::exchange(share.known, {});
    return division;
}

const PeerProfile* Network::peer_of(Lac lac) const {
    const auto listed = by_area_.find(lac);
    if (listed != by_area_.end()) return &peers_[listed->second.front()];
    return everywhere_.empty() ? nullptr : &peers_[everywhere_.front()];
}

}  // namespace cbc
