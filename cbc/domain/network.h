// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The operator's network as a warning sees it: the cell table, the peers, and which peer serves which cell.
//
// A peer serves the location areas that its configuration lists; without a list any cell of the table may be
// its. A peer that nobody configured can join while cbcd runs; nothing else changes.
#pragma once

#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "cbc/domain/alert.h"
#include "cbc/domain/cell_table.h"

namespace cbc {

struct PeerProfile {
    PeerName name;
    std::optional<std::vector<Lac>> location_areas;  // none: any
};

struct PeerShare {
    Area area;      // what this peer is asked to broadcast in
    CellSet known;  // for AllCells: its cells in the table
};

// An area divided among the peers.
struct Division {
    std::map<PeerName, PeerShare> shares;  // peers without a cell of the area are absent
    CellSet unknown;                       // not in the table
    CellSet unserved;                      // in the table, but no peer has their location area
    size_t known_cells = 0;
};

class Network {
 public:
    Network(CellTable cells, std::vector<PeerProfile> peers);

    void join(PeerProfile peer);
    Division divide(const Area& area) const;
    const CellTable& cells() const { return cells_; }
    const std::vector<PeerProfile>& peers() const { return peers_; }
    // The first peer that serves the location area; null pointer: none.
    const PeerProfile* peer_of(Lac lac) const;

 private:
    void add_share(Division& division, const CellIdentity& cell) const;

    CellTable cells_;
    std::vector<PeerProfile> peers_;
    std::unordered_map<Lac, std::vector<size_t>> by_area_;
    std::vector<size_t> everywhere_;  // peers without a list
    CellSet all_known_;
};

}  // namespace cbc
