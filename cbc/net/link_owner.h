// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who is told what peers say and how their links are: the daemon. The same for every protocol.
#pragma once

#include <vector>

#include "cbc/domain/warning.h"
#include "cbc/net/pcapng.h"

namespace cbc {

enum class LiveWarnings { kNone, kSome };
using PduDirection = pcapng::Direction;

// Called on the loop's thread. May call send() on the link that calls, and nothing else of it.
class LinkOwner {
 public:
    virtual ~LinkOwner() = default;
    virtual LiveWarnings live_at(const PeerName& peer) = 0;
    virtual void peer_wiped(const PeerName& peer) = 0;  // before peer_up
    virtual void peer_up(const PeerName& peer, Recovery recovery) = 0;
    virtual void peer_down(const PeerName& peer) = 0;
    // With `node`, the warnings are written again for that node alone.
    virtual void cells_restarted(const PeerName& peer, const std::vector<PlacePattern>& cells,
                                 Recovery recovery, const std::optional<RadioNode>& node) = 0;
    virtual void cells_failed(const PeerName& peer, const std::vector<CellFailure>& cells) = 0;
    // The same of one kind of message alone (CBSP). Who does not tell them apart takes it for all.
    virtual void kind_restarted(const PeerName& peer, MessageKind kind,
                                const std::vector<PlacePattern>& cells, Recovery recovery) {
        (void)kind;
        cells_restarted(peer, cells, recovery, std::nullopt);
    }
    virtual void kind_failed(const PeerName& peer, MessageKind kind, const std::vector<CellFailure>& cells) {
        (void)kind;
        cells_failed(peer, cells);
    }
    virtual void reported(const PeerName& peer, const Report& report) = 0;
    virtual void answered(const DeliveryKey& key, const PeerAnswer& answer) = 0;
    virtual void timed_out(const DeliveryKey& key) = 0;
    virtual void link_changed(const PeerName& peer) = 0;
    // A whole PDU, as it is on the wire. For N50: the NGAP part.
    virtual void pdu(const PeerName& peer, PduDirection direction, base::ByteView octets) {
        (void)peer, (void)direction, (void)octets;
    }
    // A peer that nobody configured; told before its link is used.
    virtual void peer_joined(const PeerProfile& peer) = 0;
};

}  // namespace cbc
