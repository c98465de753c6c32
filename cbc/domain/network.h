// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The operator's network as a warning sees it: the cell table, the peers, and which peers serve which place.
//
// A peer serves places of its protocol's technologies in the location or tracking areas that its
// configuration lists; without a list any of them may be its. Several may serve one place (a pool of MMEs):
// each is asked, for its own part only. A peer that nobody configured can join while cbcd runs, and a reload
// replaces them all.
#pragma once

#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "cbc/domain/alert.h"
#include "cbc/domain/peer.h"
#include "cbc/domain/peer_request.h"
#include "cbc/domain/targeting.h"

namespace cbc {

struct PeerShare {
    PeerArea area;   // what this peer is asked to broadcast in
    PlaceSet known;  // for AllCells: its cells in the table
};

// An area divided among the peers.
struct Division {
    std::map<PeerName, PeerShare> shares;  // peers without a cell of the area are absent
    PlaceSet unknown;                      // cells and areas that are not in the table
    PlaceSet unserved;                     // in the table, but no peer has their area
    size_t known_cells = 0;
};

class Network {
 public:
    Network(CellTable cells, std::vector<PeerProfile> peers);

    void join(PeerProfile peer);
    // All peers from now on.
    void replace_peers(std::vector<PeerProfile> peers);
    bool has(const PeerName& peer) const;
    // Where every cell of a peer's part is in LTE or NR tracking or emergency areas that are wanted whole,
    // the peer is asked for these areas; otherwise for cells.
    Division divide(const Targets& targets) const;
    Division divide(AllCells) const { return divide_everywhere(cells_); }
    // Warnings that are on the air keep the table that they were targeted with.
    void replace_cells(CellTable cells) { cells_ = std::move(cells); }
    const CellTable& cells() const { return cells_; }
    const std::vector<PeerProfile>& peers() const { return peers_; }
    Protocol protocol_of(const PeerName& peer) const;  // of one that is gone: CBSP
    // The first peer that serves the place; null pointer: none.
    const PeerProfile* peer_of(const Place& place) const;
    // Its location or tracking area, from its name or the table; none: unknown, or an emergency area.
    std::optional<uint32_t> area_of(const Place& place) const;

 private:
    template <class Visit>
    void each_peer_of(const Place& place, const std::optional<uint32_t>& area, Visit&& visit) const;
    Division divide_everywhere(const CellTable& table) const;

    CellTable cells_;
    std::vector<PeerProfile> peers_;

    std::unordered_map<uint32_t, std::vector<size_t>> by_area_;
};

}  // namespace cbc
