// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/link_standing.h"

#include <utility>

#include "common/base/uuid.h"

namespace cbc {

std::string_view to_string(LinkRole role) { return role == LinkRole::kClient ? "client" : "server"; }

LinkStanding::LinkStanding(PeerName name, Parts parts, const net::BackoffPolicy& backoff, logs::Log log)
    : name_(std::move(name)),
      parts_(parts),
      log_(std::move(log)),
      series_(parts.metrics.peer(name_)),
      backoff_(backoff),
      since_(parts.clock.now()) {}

void LinkStanding::changed(bool ready) {
    next_attempt_.reset();
    since_ = parts_.clock.now();
    series_.up.set(ready ? 1 : 0);
    parts_.owner.link_changed(name_);
}

void LinkStanding::up(std::string_view remote, Recovery recovery) {
    reason_.clear();
    backoff_.reset();
    announced_ = true;
    series_.changes.add();
    log_.notice("peer.link.up", {{"remote", remote}});
    parts_.owner.peer_up(name_, recovery);
}

void LinkStanding::down() {
    if (!std::exchange(announced_, false)) return log_.info("peer.link.failed", {{"reason", reason_}});
    series_.changes.add();
    log_.warning("peer.link.down", {{"reason", reason_}});
    parts_.owner.peer_down(name_);
}

void LinkStanding::retry(std::function<void()> connect) {
    uint32_t random = 0;
    base::random_bytes(&random, sizeof random);
    next_attempt_ = parts_.timers.after(backoff_.next(random), std::move(connect));
}

}  // namespace cbc
