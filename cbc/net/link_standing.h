// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How the link to one peer stands, whatever its protocol: since when and why, what the owner and the metrics
// are told of it, and when a link that we open is tried again. The link's own machine decides; this keeps.
//
// On the loop's thread.
#pragma once

#include <functional>
#include <string>

#include "cbc/net/link_metrics.h"
#include "cbc/net/link_owner.h"
#include "common/log/log.h"
#include "common/loop/loop.h"
#include "common/net/backoff.h"

namespace cbc {

enum class LinkRole { kClient, kServer };  // ours
std::string_view to_string(LinkRole role);

class LinkStanding {
 public:
    struct Parts {  // all outlive this
        loop::Timers& timers;
        const base::Clock& clock;
        const LinkMetrics& metrics;
        LinkOwner& owner;
    };
    LinkStanding(PeerName name, Parts parts, const net::BackoffPolicy& backoff, logs::Log log);

    // The machine is in another state. An attempt that was due is not made.
    void changed(bool ready);
    // The peer takes requests now.
    void up(std::string_view remote, Recovery recovery);
    void because(std::string reason) { reason_ = std::move(reason); }  // why it will go down
    void down();
    void retry(std::function<void()> connect);  // later, and later each time until it is up

    const PeerName& name() const { return name_; }
    base::Instant since() const { return since_; }
    const std::string& reason() const { return reason_; }  // why it is down

 private:
    PeerName name_;
    Parts parts_;
    logs::Log log_;
    LinkMetrics::Peer series_;
    net::Backoff backoff_;
    base::Instant since_;
    std::string reason_ = "not connected yet";
    bool announced_ = false;  // the owner knows that it is up
    loop::HandlePtr next_attempt_;
};

}  // namespace cbc
