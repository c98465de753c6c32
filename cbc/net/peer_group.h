// SPDX-License-Identifier: AGPL-3.0-or-later
//
// All peers of one protocol: the links that we open, the listener for those that connect to us.
#pragma once

#include <vector>

#include "cbc/net/link_owner.h"

namespace cbc {

class PeerGroup {
 public:
    virtual ~PeerGroup() = default;
    virtual Protocol protocol() const = 0;
    virtual base::Result<void> start() = 0;
    virtual void stop() = 0;  // closes all links; nothing is told any more
    virtual bool has(const PeerName& peer) const = 0;
    // The answer, or timed_out(), is told to the owner; never from within this call.
    virtual void send(const DeliveryKey& key, PeerRequest request) = 0;
    virtual std::vector<PeerStatus> status() const = 0;
    // Ends its link at once. Only of a peer that is leaving (PeerStatus::leaving), and not from within a call
    // to the owner.
    virtual void drop(const PeerName& peer) { (void)peer; }
    // Asks the peer something that broadcasts nothing. What came of it is in its status, and link_changed()
    // told when it is there.
    virtual TestStart test(const PeerName& peer) = 0;
};

}  // namespace cbc
