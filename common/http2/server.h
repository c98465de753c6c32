// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The HTTP/2 server: TLS with ALPN h2, or without TLS by prior knowledge, on the daemon's loop. RFC 9113.
//
// For network functions of 5G, which call daemons back. Routes, requests and answers are those of
// common/http, so a handler does not know which version it serves; event streams are HTTP/1's alone.
// session.h says what is bounded. Loop thread only.
#pragma once

#include <functional>
#include <memory>

#include "common/http/server.h"
#include "common/http2/session.h"
#include "common/log/log.h"
#include "common/net/tcp.h"
#include "common/tls/context.h"

namespace http2 {

struct ServerLimits {
    Limits connection;
    size_t connections = 1'000;
    size_t connections_per_address = 64;
};

struct Counters {
    uint64_t accepted = 0;
    uint64_t refused_full = 0;  // at the limit of connections, in all or of one address
    uint64_t tls_failed = 0;
    uint64_t broken = 0;  // ended because of what the peer sent
};

class Server {
 public:
    // loop, router and clock outlive the server.
    Server(loop::Loop& loop, const base::Clock& clock, const http::Router& router, ServerLimits limits,
           logs::Log log);
    ~Server();  // closes all connections; responders that are left do nothing
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Without a context: plain. Port 0: the system chooses. A client that does not agree on h2 is refused, so
    // the context names it.
    base::Result<net::Endpoint> listen(const net::Endpoint& where, std::shared_ptr<tls::ServerContext> tls);
    // Stops accepting and tells the peers (GOAWAY); requests in flight are answered. `drained` is called when
    // nothing is left.
    void drain(std::function<void()> drained);
    void on_served(http::OnServed on_served);  // before the first connection

    size_t connections() const;
    const Counters& counters() const;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace http2
