// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The operator's network as a warning sees it: the cell table, the peers, and which peers serve which place.
//
// A peer serves places of its protocol's technologies in the location or tracking areas that its
// configuration lists; without a list any of them may be its. Several may serve one place (a pool of MMEs):
// each is asked, for its own part only. A peer that nobody configured can join while cbcd runs, and a reload
// replaces them all.
//
// With 100,000 cells and 500 peers, who serves a cell is one look into a table, and the division of the whole
// network is made once for all warnings, until the table or the peers change.
#pragma once

#include <array>
#include <map>
#include <memory>
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
    PlaceSet cells;                        // in the table, served or not
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
    std::shared_ptr<const Division> divide(const Targets& targets) const;
    std::shared_ptr<const Division> divide(AllCells) const;
    // Warnings that are on the air keep the table that they were targeted with.
    void replace_cells(CellTable cells);
    const CellTable& cells() const { return cells_; }
    const std::vector<PeerProfile>& peers() const { return peers_; }
    Protocol protocol_of(const PeerName& peer) const;  // of one that is gone: CBSP
    // The first peer that serves the place; null pointer: none.
    const PeerProfile* peer_of(const Place& place) const;
    // Its location or tracking area, from its name or the table; none: unknown, or an emergency area.
    std::optional<uint32_t> area_of(const Place& place) const;

 private:
    using Peers = std::vector<uint32_t>;  // by their place in peers_
    // Of one technology, those that list its area first. A place without a known area may be any peer's.
    struct Servers {
        Peers any;                               // whatever they list
        Peers unlisted;                          // without a list of areas
        std::unordered_map<uint32_t, Peers> of;  // by area; an area that is absent has the unlisted ones
    };

    const Peers& peers_of(Technology technology, const std::optional<uint32_t>& area) const;
    void index_peers();
    Division divide_everywhere() const;

    CellTable cells_;
    std::vector<PeerProfile> peers_;
    std::array<Servers, kAllTechnologies.size()> servers_;
    mutable std::shared_ptr<const Division> everywhere_;  // null pointer: not made yet
};

}  // namespace cbc
