// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The one Stream on a socket: plain, or with a layer between the octets and the socket. For common/net alone;
// tcp.h and tls_stream.h make them.
//
//   connecting ──▶ (handshake of the layer) ──▶ open ──▶ ended
//
// libevent's callbacks are deferred, so none runs inside send(), and a TLS bufferevent is never paused in the
// middle of a record, whose rest would then wait inside OpenSSL for octets that don't come.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "common/base/fd.h"
#include "common/net/address.h"
#include "common/net/stream.h"
#include "common/net/tcp.h"

struct bufferevent;
struct event_base;

namespace net {

struct BuffereventFree {
    void operator()(bufferevent* socket) const;
};
using BuffereventPtr = std::unique_ptr<bufferevent, BuffereventFree>;
extern const int kBuffereventOptions;

// TLS, seen from a stream.
class Layer {
 public:
    struct Failure {
        CloseReason reason;
        std::string detail;
    };
    virtual ~Layer() = default;
    // Takes the socket and begins the handshake; null when memory ran out.
    virtual BuffereventPtr wrap(event_base* base, base::Fd connected) = 0;
    // The handshake is over: an error refuses the peer.
    virtual base::Result<void> established(bufferevent* socket) = 0;
    virtual Failure explain(bufferevent* socket, int error_number) = 0;
    virtual void say_goodbye(bufferevent* socket) = 0;
};

class SocketStream final : public Stream {
 public:
    SocketStream(loop::Loop& loop, std::string remote, const TcpLimits& limits, std::unique_ptr<Layer> layer);
    ~SocketStream() override;
    // Before start(), one of the two.
    void connect_to(const Address& address) { target_ = address; }
    void take(base::Fd connected) { fd_ = std::move(connected); }

    void start(Events events) override;
    Sent send(base::ByteView octets) override;
    std::string remote() const override { return remote_; }
    size_t unsent() const override;
    void read(Reading reading) override;
    std::string detail() const override { return detail_; }

 private:
    static void on_readable(bufferevent* socket, void* self) noexcept;
    static void on_written(bufferevent* socket, void* self) noexcept;
    static void on_event(bufferevent* socket, short what, void* self) noexcept;

    void connect();
    void attach();
    void opened();
    void handshake_done();
    void deliver();
    void broken(short what, int error_number);
    void end(CloseReason reason);
    void end_later(CloseReason reason);
    void trigger_read();

    loop::Loop& loop_;  // outlives this
    std::string remote_;
    TcpLimits limits_;
    std::unique_ptr<Layer> layer_;  // null: plain
    std::optional<Address> target_;
    base::Fd fd_;  // until the bufferevent has it
    BuffereventPtr socket_;
    // Shared with the callback under way, which may replace the events or destroy the stream.
    std::shared_ptr<const Events> events_;
    std::shared_ptr<const char> alive_ = std::make_shared<const char>('\0');
    loop::HandlePtr connecting_;
    loop::HandlePtr deadline_;
    bool open_ = false;
    Reading reading_ = Reading::kOn;
    std::optional<CloseReason> ended_;
    std::string detail_;
};

}  // namespace net
