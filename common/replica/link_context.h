// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the parts of links.h share: the loop, who we are, our certificates. Loop thread only.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "common/log/log.h"
#include "common/loop/loop.h"
#include "common/net/tls_stream.h"
#include "common/replica/calls.h"
#include "common/time/clock.h"
#include "common/tls/context.h"

namespace replica {

// RFC 7301 name: a connection that was meant for a daemon's HTTP port is not taken for one of ours.
inline constexpr const char* kLinkProtocol = "farol-links";

// Which certificate of ours a connection was made with.
using Generation = uint32_t;

// When a connection was made with what.
struct Vintage {
    Generation generation = 0;
    base::Ticks ends;  // the first of the two certificates; monotonic, as the wall clock may jump
};

struct LinkContext {
    loop::Loop& loop;  // outlives this
    logs::Log log;
    tls::Identity self;
    std::shared_ptr<tls::ServerContext> server;
    std::shared_ptr<tls::ClientContext> client;
    net::TcpLimits limits;
    std::chrono::milliseconds drain_within;  // for the calls on a connection that has a successor
    Generation generation = 0;
    base::Instant own_not_after;
    base::SystemClock clock;

    Vintage vintage(const net::TlsPeer& peer) const {
        const auto left = std::min(own_not_after, peer.not_after) - clock.now();
        return {generation, clock.ticks() + left};
    }
};

// Whether the certificate is one of our cluster: our site and role; and `node`, unless that is empty.
base::Result<void> check_peer(const tls::Identity& self, const net::TlsPeer& peer, const NodeName& node);

}  // namespace replica
