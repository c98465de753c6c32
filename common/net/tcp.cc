// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/tcp.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "common/base/fd.h"
#include "common/base/free_with.h"

namespace net {
namespace {

using BuffereventPtr = std::unique_ptr<bufferevent, base::FreeWith<bufferevent_free>>;
using ListenerPtr = std::unique_ptr<evconnlistener, base::FreeWith<evconnlistener_free>>;

// Deferred: no callback runs inside connect or write, where its owner could destroy the stream.
constexpr int kOptions = BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS;

struct Address {
    sockaddr_storage storage{};
    socklen_t length = 0;
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

base::Result<Address> resolve(const Endpoint& endpoint) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const std::string port = std::to_string(endpoint.port);
    const char* host = endpoint.host.empty() ? nullptr : endpoint.host.c_str();
    if (getaddrinfo(host, port.c_str(), &hints, &found) != 0)
        return base::invalid("\"" + endpoint.host + "\" is not a numeric IP address");
    const std::unique_ptr<addrinfo, base::FreeWith<freeaddrinfo>> owned{found};
    Address address;
    std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
    address.length = found->ai_addrlen;
    return address;
}

Endpoint endpoint_of(const sockaddr* address, socklen_t length) {
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> port{};
    if (getnameinfo(address, length, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return {};
    std::string name{host.data()};
    constexpr std::string_view kMapped = "::ffff:";  // an IPv4 peer on a socket for both
    if (name.starts_with(kMapped)) name = name.substr(kMapped.size());
    return {name, static_cast<uint16_t>(std::strtoul(port.data(), nullptr, 10))};
}

CloseReason reason_of(int error_number) {
    switch (error_number) {
        case ECONNREFUSED:
            return CloseReason::kRefused;
        case ECONNRESET:
        case EPIPE:
            return CloseReason::kReset;
        case ENETUNREACH:
        case EHOSTUNREACH:
            return CloseReason::kUnreachable;
        case ETIMEDOUT:
            return CloseReason::kTimedOut;
        default:
            return CloseReason::kError;
    }
}

void set_socket_options(int fd) {
    const int on = 1;
    // Best effort: a stream without them works, only later.
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

class TcpStream final : public Stream {
 public:
    TcpStream(loop::Loop& loop, BuffereventPtr bev, std::string remote, const TcpLimits& limits)
        : loop_(loop), bev_(std::move(bev)), remote_(std::move(remote)), limits_(limits) {
        bufferevent_setcb(bev_.get(), &TcpStream::on_read, nullptr, &TcpStream::on_event, this);
    }

    // For a stream that is not connected yet: start() connects it.
    void connect_to(const Address& address) { target_ = address; }

    void start(Events events) override {
        events_ = std::move(events);
        if (!target_) return opened();
        deadline_ = loop_.after(limits_.connect_timeout, [this] { end(CloseReason::kTimedOut); });
        if (bufferevent_socket_connect(bev_.get(), target_->get(), static_cast<int>(target_->length)) != 0)
            end_later(CloseReason::kUnreachable);
    }

    Sent send(base::ByteView octets) override {
        if (!bev_) return Sent::kClosed;
        evbuffer* out = bufferevent_get_output(bev_.get());
        if (evbuffer_get_length(out) + octets.size() > limits_.unsent_octets) {
            end_later(CloseReason::kSendQueueFull);
            return Sent::kClosed;
        }
        if (bufferevent_write(bev_.get(), octets.data(), octets.size()) != 0) {
            end_later(CloseReason::kError);
            return Sent::kClosed;
        }
        return Sent::kQueued;
    }

    std::string remote() const override { return remote_; }

 private:
    static void on_read(bufferevent* bev, void* context) noexcept {
        auto* self = static_cast<TcpStream*>(context);
        evbuffer* in = bufferevent_get_input(bev);
        base::Bytes octets(evbuffer_get_length(in));
        const int count = evbuffer_remove(in, octets.data(), octets.size());
        octets.resize(count > 0 ? static_cast<size_t>(count) : 0);
        if (!octets.empty() && self->events_.on_octets) self->events_.on_octets(octets);
    }

    static void on_event(bufferevent*, short what, void* context) noexcept {
        auto* self = static_cast<TcpStream*>(context);
        if (what & BEV_EVENT_CONNECTED) {
            self->opened();
            if (self->events_.on_open) self->events_.on_open();
        } else if (what & BEV_EVENT_TIMEOUT) {
            self->end(CloseReason::kTimedOut);
        } else if (what & BEV_EVENT_EOF) {
            self->end(CloseReason::kPeerClosed);
        } else if (what & BEV_EVENT_ERROR) {
            self->end(reason_of(EVUTIL_SOCKET_ERROR()));
        }
    }

    void opened() {
        deadline_.reset();
        set_socket_options(bufferevent_getfd(bev_.get()));
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limits_.send_timeout);
        const timeval timeout{static_cast<time_t>(seconds.count()), 0};
        bufferevent_set_timeouts(bev_.get(), nullptr, &timeout);
        bufferevent_enable(bev_.get(), EV_READ | EV_WRITE);
    }

    // The owner destroys the stream in on_closed: nothing of it is touched afterwards.
    void end(CloseReason reason) {
        deadline_.reset();
        bev_.reset();
        const auto on_closed = std::exchange(events_, {}).on_closed;
        if (on_closed) on_closed(reason);
    }

    void end_later(CloseReason reason) {
        deadline_ = loop_.after(std::chrono::microseconds{0}, [this, reason] { end(reason); });
    }

    loop::Loop& loop_;  // outlives this
    BuffereventPtr bev_;
    std::string remote_;
    TcpLimits limits_;
    Events events_;
    std::optional<Address> target_;
    loop::HandlePtr deadline_;
};

class Listener final : public TcpListener {
 public:
    Listener(loop::Loop& loop, const TcpLimits& limits, OnAccept on_accept)
        : loop_(loop), limits_(limits), on_accept_(std::move(on_accept)) {}

    base::Result<void> open(const Endpoint& where) {
        const auto address = resolve(where);
        if (!address) return address.error();
        listener_.reset(
            evconnlistener_new_bind(loop_.raw(), &Listener::on_accepted, this,
                                    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE, -1,
                                    address->get(), static_cast<int>(address->length)));
        if (!listener_) return base::io_error("listen on " + where.text(), EVUTIL_SOCKET_ERROR());
        Address mine;
        mine.length = sizeof mine.storage;
        getsockname(evconnlistener_get_fd(listener_.get()), mine.get(), &mine.length);
        bound_ = endpoint_of(mine.get(), mine.length);
        return {};
    }

    const Endpoint& bound() const override { return bound_; }

 private:
    static void on_accepted(evconnlistener*, evutil_socket_t fd, sockaddr* address, int length,
                            void* context) noexcept {
        auto* self = static_cast<Listener*>(context);
        base::Fd owned{fd};
        const Endpoint peer = endpoint_of(address, static_cast<socklen_t>(length));
        BuffereventPtr bev{bufferevent_socket_new(self->loop_.raw(), owned.get(), kOptions)};
        if (!bev) return;
        (void)owned.release();  // the bufferevent closes it from here on
        self->on_accept_(
            {std::make_unique<TcpStream>(self->loop_, std::move(bev), peer.text(), self->limits_),
             peer.host});
    }

    loop::Loop& loop_;  // outlives this
    TcpLimits limits_;
    OnAccept on_accept_;
    ListenerPtr listener_;
    Endpoint bound_;
};

}  // namespace

std::string Endpoint::text() const {
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

base::Result<StreamPtr> connect_tcp(loop::Loop& loop, const Endpoint& peer, const TcpLimits& limits) {
    const auto address = resolve(peer);
    if (!address) return address.error();
    BuffereventPtr bev{bufferevent_socket_new(loop.raw(), -1, kOptions)};
    if (!bev) return base::io_error("new connection", ENOMEM);
    auto stream = std::make_unique<TcpStream>(loop, std::move(bev), peer.text(), limits);
    stream->connect_to(*address);
    return StreamPtr{std::move(stream)};
}

base::Result<std::unique_ptr<TcpListener>> TcpListener::listen(loop::Loop& loop, const Endpoint& where,
                                                               const TcpLimits& limits, OnAccept on_accept) {
    auto listener = std::make_unique<Listener>(loop, limits, std::move(on_accept));
    if (const auto opened = listener->open(where); !opened) return opened.error();
    return std::unique_ptr<TcpListener>{std::move(listener)};
}

}  // namespace net
