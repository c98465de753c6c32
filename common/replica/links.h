// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The connections between the nodes of a cluster: one port, TLS 1.3 with a certificate on both sides, and
// after the handshake one hello that says what the connection is for: a stream of the log, or calls.
//
// A node is taken when its certificate has our own site and role, its node name is the one it says hello
// with, and that node is known here (set_nodes). A node that is no longer known loses its connections at once
// and is refused from then on. One that wants to join is known to nobody yet: it may make the calls marked
// so, no more.
//
// Everything lives on one loop, on a thread of its own, so that neither a slow page of the daemon nor a slow
// disk delays a heartbeat. Links is destroyed on that thread, or after it has ended; calls under way are
// answered then (kUnavailable, kTimeout as above), streams are closed.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/fd.h"
#include "common/base/result.h"
#include "common/log/log.h"
#include "common/loop/loop.h"
#include "common/net/tcp.h"
#include "common/replica/calls.h"
#include "common/tls/context.h"

namespace replica {

struct NodeAddress {
    NodeName node;
    net::Endpoint endpoint;
    friend bool operator==(const NodeAddress&, const NodeAddress&) = default;
};

struct LinksConfig {
    net::Endpoint listen;
    tls::Files files;
    // A connection on which the other machine acknowledges nothing for so long is cut: a cut cable is
    // noticed.
    std::chrono::milliseconds dead_after{5'000};
    // For each step of a new connection: TCP, TLS, hello.
    std::chrono::milliseconds step_timeout{5'000};
    // How long all connections together may take to be made anew after renew().
    std::chrono::milliseconds renew_within{50'000};
};

class Links : public Calls {
 public:
    // Our own site, role and node are those of our certificate. The loop is the links' own and outlives them.
    static base::Result<std::unique_ptr<Links>> open(const LinksConfig& config, loop::Loop& loop,
                                                     logs::Log log);

    virtual const NodeName& self() const = 0;
    virtual const net::Endpoint& bound() const = 0;

    // The whole set, our own node among them or not. Connections of others are closed.
    virtual void set_nodes(std::vector<NodeAddress> nodes) = 0;
    // Calls of this kind are taken from any node of our site and role.
    virtual void serve_strangers(std::string kind, Handler handler) = 0;
    // A call to whichever node of our site and role answers at that address, on a connection of its own: for
    // one that joins and knows an address only. `answered_by` is empty when nobody answered there.
    using AnswerFrom = std::function<void(const NodeName& answered_by, base::Result<base::Bytes>)>;
    virtual void call_address(const net::Endpoint& where, std::string_view kind, base::Bytes request,
                              std::chrono::milliseconds deadline, AnswerFrom answer) = 0;

    // Reads the certificate files again. New connections use them at once; the old ones are made anew one by
    // one, so that none outlives the certificate it was made with by more than a minute.
    virtual base::Result<void> renew() = 0;

    // A stream of the log, as one end of a socket pair whose other end is carried through TLS. Closing the
    // descriptor closes the connection, and the other way round. `to` need not be connected otherwise.
    using OnStream = std::function<void(base::Result<base::Fd>)>;
    virtual void open_stream(const NodeName& to, OnStream on_stream) = 0;
    // Streams that other nodes opened.
    virtual void on_stream(std::function<void(const NodeName& from, base::Fd)> accepted) = 0;

    struct Peer {
        NodeName node;
        bool connected = false;  // a stream or a call connection stands
        std::string last_error;  // why the last attempt failed; empty when connected
        uint64_t connects = 0;   // connections for calls that we made to it so far
    };
    virtual std::vector<Peer> peers() const = 0;
};

}  // namespace replica
