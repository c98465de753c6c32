// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/leaving_peers.h"

#include <vector>

namespace cbc {

void LeavingPeers::add(const PeerName& peer) {
    waiting_[peer] = timers_.after(patience_, [this, peer] { close(peer); });
    look();
}

void LeavingPeers::look() {
    if (waiting_.empty() || look_ != nullptr) return;
    look_ = timers_.after(std::chrono::microseconds{0}, [this] {
        const auto spent = std::move(look_);
        close_idle();
    });
}

void LeavingPeers::close_idle() {
    std::vector<PeerName> idle;
    for (const auto& [peer, deadline] : waiting_)
        if (!calls_.busy(peer)) idle.push_back(peer);
    for (const PeerName& peer : idle) close(peer);
}

// `peer` may be in the timer that goes here.
void LeavingPeers::close(const PeerName& peer) {
    const auto gone = waiting_.extract(peer);
    if (!gone.empty()) calls_.close(gone.key());
}

void LeavingPeers::stop() {
    waiting_.clear();
    look_.reset();
}

}  // namespace cbc
