// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/server.h"

#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unordered_map>

#include "common/http/connection.h"
#include "common/http/listening.h"

namespace http {
namespace {

using ListenerPtr = std::unique_ptr<evconnlistener, base::FreeWith<evconnlistener_free>>;
using namespace std::chrono_literals;

constexpr auto kLongestSweep = 250ms;
constexpr auto kShortestSweep = 5ms;
constexpr auto kAcceptPause = 100ms;  // after accept() failed, most often for want of descriptors
constexpr int kFlags = BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS;

std::chrono::milliseconds sweep_period(const Limits& limits) {
    const auto shortest = std::min({limits.head_deadline, limits.body_deadline, limits.write_deadline,
                                    limits.idle_timeout, limits.heartbeat});
    return std::clamp<std::chrono::milliseconds>(shortest / 4, kShortestSweep, kLongestSweep);
}

}  // namespace

struct Server::State {
    struct Listening {
        State* state;
        ListenerPtr listener;
        std::shared_ptr<tls::ServerContext> tls;  // shared with the daemon, which reloads it
        bool unix_socket = false;
        loop::HandlePtr pause;
    };

    State(loop::Loop& loop, const Router& router, Limits limits, logs::Log log)
        : service{loop, router, limits, std::move(log), {}, {}, {}, {}, false, {}} {
        service.closed = [this](Connection& connection) { forget(connection); };
        sweep = loop.every(sweep_period(limits), [this] { tick(); });
        farol_group = group_id("farol");
    }

    base::Result<Bound> add(base::Fd fd, std::shared_ptr<tls::ServerContext> tls);
    static void on_accept(evconnlistener*, evutil_socket_t fd, sockaddr* from, int length,
                          void* listening) noexcept;
    static void on_accept_failed(evconnlistener*, void* listening) noexcept;
    void accept(Listening& on, base::Fd fd, const sockaddr* from, socklen_t length);
    BuffereventPtr make_socket(const Listening& on, base::Fd fd) const;
    bool full(const std::string& host);
    void forget(Connection& connection);
    void tick();
    std::vector<std::shared_ptr<Connection>> all() const;
    void report_when_drained();

    Service service;
    std::vector<std::unique_ptr<Listening>> listening;
    // Shared with the callbacks under way, which may close their own connection.
    std::unordered_map<Connection*, std::shared_ptr<Connection>> connections;
    std::unordered_map<std::string, size_t> per_address;
    std::optional<gid_t> farol_group;
    loop::HandlePtr sweep;
    std::function<void()> drained;
};

Server::Server(loop::Loop& loop, const Router& router, Limits limits, logs::Log log)
    : state_(std::make_unique<State>(loop, router, limits, std::move(log))) {}

Server::~Server() {
    // Connections go before what they report to.
    auto connections = std::move(state_->connections);
    state_->connections.clear();
    connections.clear();
}

base::Result<Bound> Server::listen(const Listen& where, std::shared_ptr<tls::ServerContext> tls) {
    auto fd = listen_tcp(where);
    if (!fd) return fd.error();
    return state_->add(std::move(*fd), std::move(tls));
}

base::Result<void> Server::listen_unix(const std::string& path) {
    auto fd = listen_unix_socket(path);
    if (!fd) return fd.error();
    auto bound = state_->add(std::move(*fd), nullptr);
    if (!bound) return bound.error();
    return {};
}

base::Result<Bound> Server::adopt(int listening_fd, std::shared_ptr<tls::ServerContext> tls) {
    base::Fd fd(listening_fd);
    int accepting = 0;
    socklen_t length = sizeof accepting;
    if (::getsockopt(fd.get(), SOL_SOCKET, SO_ACCEPTCONN, &accepting, &length) != 0)
        return base::io_error("adopt descriptor " + std::to_string(listening_fd), errno);
    if (accepting == 0)
        return base::invalid("adopt descriptor " + std::to_string(listening_fd) +
                             ": it is not a listening socket");
    if (evutil_make_socket_nonblocking(fd.get()) != 0)
        return base::io_error("adopt descriptor " + std::to_string(listening_fd), errno);
    return state_->add(std::move(fd), std::move(tls));
}

base::Result<Bound> Server::State::add(base::Fd fd, std::shared_ptr<tls::ServerContext> tls) {
    auto bound = bound_address(fd.get());
    if (!bound) return bound.error();
    auto one = std::make_unique<Listening>();
    one->state = this;
    one->tls = std::move(tls);
    one->unix_socket = bound->host == "unix";
    one->listener.reset(evconnlistener_new(service.loop.raw(), &State::on_accept, one.get(),
                                           LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd.get()));
    if (!one->listener) return base::io_error("listen", ENOMEM);
    fd.release();  // the listener closes it
    evconnlistener_set_error_cb(one->listener.get(), &State::on_accept_failed);
    listening.push_back(std::move(one));
    return bound;
}

void Server::State::on_accept(evconnlistener*, evutil_socket_t fd, sockaddr* from, int length,
                              void* listening) noexcept {
    auto& on = *static_cast<Listening*>(listening);
    on.state->accept(on, base::Fd(fd), from, static_cast<socklen_t>(length));
}

void Server::State::on_accept_failed(evconnlistener* listener, void* listening) noexcept {
    auto& on = *static_cast<Listening*>(listening);
    const int why = errno;
    if (why == EAGAIN || why == EINTR || why == ECONNABORTED) return;
    on.state->service.log.warning("http.accept.failed", {{"error", std::strerror(why)}});
    evconnlistener_disable(listener);
    on.pause = on.state->service.loop.after(kAcceptPause, [listener] { evconnlistener_enable(listener); });
}

bool Server::State::full(const std::string& host) {
    if (connections.size() >= service.limits.connections) return true;
    const auto found = per_address.find(host);
    return found != per_address.end() && found->second >= service.limits.connections_per_address;
}

BuffereventPtr Server::State::make_socket(const Listening& on, base::Fd fd) const {
    event_base* base = service.loop.raw();
    if (!on.tls) return BuffereventPtr(bufferevent_socket_new(base, fd.release(), kFlags));
    std::unique_ptr<SSL, base::FreeWith<SSL_free>> ssl(on.tls->new_connection());
    if (!ssl) return nullptr;
    BuffereventPtr socket(
        bufferevent_openssl_socket_new(base, fd.get(), ssl.get(), BUFFEREVENT_SSL_ACCEPTING, kFlags));
    if (socket) {  // it closes and frees both
        fd.release();
        (void)ssl.release();
    }
    return socket;
}

void Server::State::accept(Listening& on, base::Fd fd, const sockaddr* from, socklen_t length) {
    Peer peer;
    std::string host = "unix";
    if (on.unix_socket) {
        peer = unix_peer(fd.get(), farol_group);
    } else {
        Address address = address_of(from, length);
        peer.address = std::move(address.text);
        host = std::move(address.host);
        const int on_off = 1;
        ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on_off, sizeof on_off);
    }
    if (full(host)) {
        ++service.counters.refused_full;
        service.log.notice("http.connection.refused", {{"peer", host}, {"why", "too many connections"}});
        return;
    }
    BuffereventPtr socket = make_socket(on, std::move(fd));
    if (!socket) return;
    ++service.counters.accepted;
    ++per_address[host];
    const Channel channel = on.tls ? Channel::kTls : Channel::kPlain;
    const auto connection =
        std::make_shared<Connection>(service, std::move(socket), channel, std::move(peer), host);
    connections.emplace(connection.get(), connection);
    connection->start();
}

void Server::State::forget(Connection& connection) {
    const auto count = per_address.find(connection.address_key());
    if (count != per_address.end() && --count->second == 0) per_address.erase(count);
    connections.erase(&connection);
    report_when_drained();
}

std::vector<std::shared_ptr<Connection>> Server::State::all() const {
    std::vector<std::shared_ptr<Connection>> out;
    out.reserve(connections.size());
    for (const auto& [key, connection] : connections) out.push_back(connection);
    return out;
}

void Server::State::tick() {
    const base::Ticks now = service.clock.ticks();
    for (const auto& connection : all()) connection->tick(now);
}

void Server::State::report_when_drained() {
    if (!service.draining || !connections.empty() || !drained) return;
    service.loop.post(std::exchange(drained, nullptr));
}

void Server::drain(std::function<void()> drained) {
    state_->service.draining = true;
    state_->drained = std::move(drained);
    state_->listening.clear();
    for (const auto& connection : state_->all()) connection->drain();
    state_->report_when_drained();
}

size_t Server::connections() const { return state_->connections.size(); }
const Counters& Server::counters() const { return state_->service.counters; }
void Server::dispatch_by(Dispatch dispatch) { state_->service.dispatch = std::move(dispatch); }
void Server::on_served(OnServed on_served) { state_->service.on_served = std::move(on_served); }

}  // namespace http
