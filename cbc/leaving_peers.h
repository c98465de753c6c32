// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Peers that the configuration has no more, until their links can be closed: when nothing that they broadcast
// for us is left, when the link is down anyway, or when they have had their time to answer the KILLs.
//
// Single-threaded, on the loop's thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>

#include "cbc/domain/ids.h"
#include "common/loop/loop.h"

namespace cbc {

class LeavingPeers {
 public:
    struct Calls {
        // It has a link, and broadcasts something for us or may.
        std::function<bool(const PeerName&)> busy;
        std::function<void(const PeerName&)> close;
    };
    // `timers` outlives it.
    LeavingPeers(loop::Timers& timers, Calls calls, std::chrono::seconds patience)
        : timers_(timers), calls_(std::move(calls)), patience_(patience) {}

    void add(const PeerName& peer);
    void stays(const PeerName& peer) { waiting_.erase(peer); }  // it is a peer again
    bool has(const PeerName& peer) const { return waiting_.contains(peer); }
    // After anything that may have changed busy(). A link is never closed from within this call.
    void look();
    void stop();

 private:
    void close_idle();
    void close(const PeerName& peer);

    loop::Timers& timers_;
    Calls calls_;
    std::chrono::seconds patience_;
    std::map<PeerName, loop::HandlePtr> waiting_;  // and when each has had its time
    loop::HandlePtr look_;
};

}  // namespace cbc
