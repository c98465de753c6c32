// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The HTTP/1.1 server: TLS 1.3 with or without client certificates, or a Unix socket, on the daemon's loop.
//
// Connections are ours, on bufferevents; requests are parsed by Boost.Beast. Everything a stranger can send
// is bounded: head size, body size (the route's limit, compared with Content-Length before the body is read),
// absolute deadlines for head and body, requests queued on one connection, connections in all and per
// address, bytes waiting to be written to a slow reader.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/http/router.h"
#include "common/log/log.h"
#include "common/loop/loop.h"
#include "common/tls/context.h"

namespace http {

struct Limits {
    size_t head_octets = 16 * 1024;
    size_t connections = 10'000;
    size_t connections_per_address = 256;
    size_t unsent_octets = 1024 * 1024;  // of one connection; beyond it a stream is closed
    // From the first octet (or accept, with the TLS handshake in it) to the end of the head.
    std::chrono::milliseconds head_deadline{10'000};
    std::chrono::milliseconds body_deadline{30'000};   // to the end of the body
    std::chrono::milliseconds write_deadline{30'000};  // for a response to be taken
    std::chrono::milliseconds idle_timeout{60'000};    // between requests of a kept connection
    std::chrono::milliseconds heartbeat{15'000};       // a comment on a quiet event stream
};

// One answered request, for metrics. `route` is the pattern, or empty when none fitted.
struct Served {
    Method method;
    std::string_view route;
    int status;
    std::chrono::microseconds duration;
};
using OnServed = std::function<void(const Served&)>;

struct Counters {
    uint64_t accepted = 0;
    uint64_t refused_full = 0;  // at the limit of connections, in all or of one address
    uint64_t tls_failed = 0;
    uint64_t timed_out = 0;     // head, body or response took too long
    uint64_t slow_streams = 0;  // event streams closed because their reader was too slow
};

struct Listen {
    std::string host;   // "127.0.0.1", "::"
    uint16_t port = 0;  // 0: the system chooses
};

struct Bound {
    std::string host;
    uint16_t port = 0;
};

class Server {
 public:
    // loop, router and log sink outlive the server. No TLS context: plain HTTP (loopback listeners named in
    // the configuration, tests).
    Server(loop::Loop& loop, const Router& router, Limits limits, logs::Log log);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    base::Result<Bound> listen(const Listen& where, std::shared_ptr<tls::ServerContext> tls);
    // Mode 0660; the file is replaced if it is a stale socket. Callers are role "admin" by SO_PEERCRED when
    // their uid is 0, the daemon's own, or a member of group `farol`.
    base::Result<void> listen_unix(const std::string& path);
    // A listening socket passed by systemd.
    base::Result<Bound> adopt(int listening_fd, std::shared_ptr<tls::ServerContext> tls);

    // Stops accepting, lets requests in flight finish, ends streams; `drained` is called when nothing is
    // left.
    void drain(std::function<void()> drained);

    size_t connections() const;
    const Counters& counters() const;
    // Called after each answer, on the loop's thread.
    void on_served(OnServed on_served);
    // Before the first connection; without it every request goes to its route's handler.
    void dispatch_by(Dispatch dispatch);

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace http
