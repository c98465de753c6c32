// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http2/server.h"

#include <unordered_map>

#include "common/http2/connection.h"
#include "common/net/tls_stream.h"

namespace http2 {
namespace {

using namespace std::chrono_literals;
constexpr auto kSweep = 250ms;

// "192.0.2.7:40112" without the port.
std::string host_of(const std::string& remote) { return remote.substr(0, remote.rfind(':')); }

}  // namespace

struct Server::State {
    State(loop::Loop& the_loop, const base::Clock& clock, const http::Router& router, ServerLimits the_limits,
          logs::Log log)
        : loop(the_loop), limits(the_limits), service{clock, router, limits.connection, std::move(log), {},
                                                      {},    {}} {
        service.closed = [this](Connection& connection) { forget(connection); };
        sweep = loop.every(kSweep, [this] {
            for (const auto& connection : all()) connection->tick();
        });
    }

    base::Result<net::Endpoint> listen_plain(const net::Endpoint& where);
    base::Result<net::Endpoint> listen_tls(const net::Endpoint& where,
                                           std::shared_ptr<tls::ServerContext> context);
    void accept_tls(net::TlsListener::Accepted accepted);
    void add(net::StreamPtr stream, http::Peer peer);
    bool full(const std::string& host) const;
    void forget(Connection& connection);
    void report_when_drained();
    std::vector<std::shared_ptr<Connection>> all() const;

    loop::Loop& loop;
    const ServerLimits limits;
    Service service;
    std::unique_ptr<net::TcpListener> plain;
    std::unique_ptr<net::TlsListener> tls;
    // Shared with the callbacks under way, which may close their own connection.
    std::unordered_map<Connection*, std::shared_ptr<Connection>> connections;
    loop::HandlePtr sweep;
    bool draining = false;
    std::function<void()> drained;
};

base::Result<net::Endpoint> Server::State::listen_plain(const net::Endpoint& where) {
    auto made = net::TcpListener::listen(loop, where, {}, [this](net::TcpListener::Accepted accepted) {
        http::Peer peer;
        peer.address = accepted.stream->remote();
        add(std::move(accepted.stream), std::move(peer));
    });
    if (!made) return made.error();
    plain = std::move(*made);
    return plain->bound();
}

base::Result<net::Endpoint> Server::State::listen_tls(const net::Endpoint& where,
                                                      std::shared_ptr<tls::ServerContext> context) {
    auto made = net::TlsListener::listen(
        loop, where, std::move(context), {},
        [this](net::TlsListener::Accepted accepted) { accept_tls(std::move(accepted)); },
        [this](const std::string& remote, const std::string& why) {
            ++service.counters.tls_failed;
            service.log.notice("http2.connection.refused", {{"peer", remote}, {"why", why}});
        });
    if (!made) return made.error();
    tls = std::move(*made);
    return tls->bound();
}

void Server::State::accept_tls(net::TlsListener::Accepted accepted) {
    const std::string remote = accepted.stream->remote();
    if (accepted.peer.protocol != "h2") {
        ++service.counters.tls_failed;
        service.log.notice("http2.connection.refused", {{"peer", remote}, {"why", "it offers no h2 (ALPN)"}});
        return;
    }
    http::Peer peer;
    peer.kind = http::Peer::Kind::kCertificate;
    peer.address = remote;
    peer.role = accepted.peer.identity.role;
    peer.site = accepted.peer.identity.site;
    peer.node = accepted.peer.identity.node;
    peer.certificate_uri = accepted.peer.identity.uri;
    add(std::move(accepted.stream), std::move(peer));
}

void Server::State::add(net::StreamPtr stream, http::Peer peer) {
    const std::string host = host_of(stream->remote());
    if (full(host)) {
        ++service.counters.refused_full;
        service.log.notice("http2.connection.refused", {{"peer", host}, {"why", "too many connections"}});
        return;
    }
    ++service.counters.accepted;
    const auto connection = std::make_shared<Connection>(service, std::move(stream), std::move(peer), host);
    connections.emplace(connection.get(), connection);
    connection->start();
}

bool Server::State::full(const std::string& host) const {
    size_t same = 0;
    for (const auto& [key, connection] : connections) same += connection->host() == host ? 1 : 0;
    return connections.size() >= limits.connections || same >= limits.connections_per_address;
}

void Server::State::forget(Connection& connection) {
    connections.erase(&connection);
    report_when_drained();
}

void Server::State::report_when_drained() {
    if (draining && connections.empty() && drained) loop.post(std::exchange(drained, nullptr));
}

std::vector<std::shared_ptr<Connection>> Server::State::all() const {
    std::vector<std::shared_ptr<Connection>> out;
    out.reserve(connections.size());
    for (const auto& [key, connection] : connections) out.push_back(connection);
    return out;
}

Server::Server(loop::Loop& loop, const base::Clock& clock, const http::Router& router, ServerLimits limits,
               logs::Log log)
    : state_(std::make_unique<State>(loop, clock, router, limits, std::move(log))) {}

Server::~Server() {
    // Connections go before what they report to.
    auto connections = std::move(state_->connections);
    state_->connections.clear();
    connections.clear();
}

base::Result<net::Endpoint> Server::listen(const net::Endpoint& where,
                                           std::shared_ptr<tls::ServerContext> tls) {
    return tls ? state_->listen_tls(where, std::move(tls)) : state_->listen_plain(where);
}

void Server::drain(std::function<void()> drained) {
    state_->draining = true;
    state_->drained = std::move(drained);
    state_->plain.reset();
    state_->tls.reset();
    for (const auto& connection : state_->all()) connection->drain();
    state_->report_when_drained();
}

void Server::on_served(http::OnServed on_served) { state_->service.on_served = std::move(on_served); }
size_t Server::connections() const { return state_->connections.size(); }
const Counters& Server::counters() const { return state_->service.counters; }

}  // namespace http2
