// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/socket_stream.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "common/net/socket_error.h"

namespace net {
namespace {

constexpr int kProbes = 3;  // of keep-alive, before a silent peer counts as dead

void set_option(int fd, int level, int name, int value) {
    // Best effort: a stream without them works, only later; and a socket pair has none of them.
    (void)setsockopt(fd, level, name, &value, sizeof value);
}

void set_socket_options(int fd, const TcpLimits& limits) {
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    if (limits.dead_after.count() <= 0) return;
    const auto milliseconds = static_cast<int>(limits.dead_after.count());
    const int step = std::max(1, milliseconds / 1000 / kProbes);
    set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, milliseconds);
    set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, step);
    set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, step);
    set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, kProbes);
}

}  // namespace

// Deferred: no callback runs inside connect or write, where its owner could destroy the stream.
const int kBuffereventOptions = BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS;

void BuffereventFree::operator()(bufferevent* socket) const { bufferevent_free(socket); }

SocketStream::SocketStream(loop::Loop& loop, std::string remote, const TcpLimits& limits,
                           std::unique_ptr<Layer> layer)
    : loop_(loop), remote_(std::move(remote)), limits_(limits), layer_(std::move(layer)) {}

SocketStream::~SocketStream() {
    if (layer_ && socket_ && open_) layer_->say_goodbye(socket_.get());
}

void SocketStream::start(Events events) {
    const bool again = events_ != nullptr;
    events_ = std::make_shared<const Events>(std::move(events));
    if (ended_) return end_later(*ended_);
    if (again) return trigger_read();
    if (target_) return connect();
    attach();
}

void SocketStream::connect() {
    deadline_ = loop_.after(limits_.connect_timeout, [this] { end(CloseReason::kTimedOut); });
    fd_.reset(::socket(target_->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd_ || (::connect(fd_.get(), target_->get(), target_->length) != 0 && errno != EINPROGRESS)) {
        detail_ = std::strerror(errno);
        return end_later(reason_of(errno));
    }
    connecting_ = loop_.watch(fd_.get(), loop::Interest::kWrite, [this](loop::Readiness) {
        int failed = 0;
        socklen_t length = sizeof failed;
        getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &failed, &length);
        connecting_.reset();
        if (failed == 0) return attach();
        end(reason_of(failed));
    });
}

void SocketStream::attach() {
    set_socket_options(fd_.get(), limits_);
    if (layer_) {
        socket_ = layer_->wrap(loop_.raw(), std::move(fd_));
    } else if ((socket_ =
                    BuffereventPtr(bufferevent_socket_new(loop_.raw(), fd_.get(), kBuffereventOptions)))) {
        (void)fd_.release();  // the bufferevent closes it from here on
    }
    if (!socket_) return end_later(CloseReason::kError);
    bufferevent_setcb(socket_.get(), &SocketStream::on_readable, &SocketStream::on_written,
                      &SocketStream::on_event, this);
    if (!layer_) return opened();
    deadline_ = loop_.after(limits_.connect_timeout, [this] {
        detail_ = "no end of it in time";
        end(CloseReason::kHandshake);
    });
    bufferevent_enable(socket_.get(), EV_READ | EV_WRITE);
}

void SocketStream::handshake_done() {
    if (const auto taken = layer_->established(socket_.get()); !taken) {
        detail_ = taken.error().text;
        return end(CloseReason::kHandshake);
    }
    opened();
}

void SocketStream::opened() {
    deadline_.reset();
    open_ = true;
    if (limits_.send_timeout.count() > 0) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(limits_.send_timeout);
        const timeval timeout{static_cast<time_t>(seconds.count()), 0};
        bufferevent_set_timeouts(socket_.get(), nullptr, &timeout);
    }
    bufferevent_enable(socket_.get(), EV_WRITE);
    read(reading_);
    const auto events = events_;
    if ((target_ || layer_) && events->on_open) events->on_open();
}

Sent SocketStream::send(base::ByteView octets) {
    if (!open_ || ended_) return Sent::kClosed;
    if (unsent() + octets.size() > limits_.unsent_octets) {
        end_later(CloseReason::kSendQueueFull);
        return Sent::kClosed;
    }
    if (bufferevent_write(socket_.get(), octets.data(), octets.size()) != 0) {
        end_later(CloseReason::kError);
        return Sent::kClosed;
    }
    return Sent::kQueued;
}

size_t SocketStream::unsent() const {
    return socket_ ? evbuffer_get_length(bufferevent_get_output(socket_.get())) : 0;
}

void SocketStream::read(Reading reading) {
    reading_ = reading;
    if (!open_ || !socket_) return;
    if (reading == Reading::kPaused) {
        bufferevent_disable(socket_.get(), EV_READ);
        return;
    }
    bufferevent_enable(socket_.get(), EV_READ);
    trigger_read();
}

// For what came in while nobody wanted it.
void SocketStream::trigger_read() {
    if (socket_ && evbuffer_get_length(bufferevent_get_input(socket_.get())) > 0)
        bufferevent_trigger(socket_.get(), EV_READ, BEV_OPT_DEFER_CALLBACKS);
}

void SocketStream::deliver() {
    evbuffer* in = bufferevent_get_input(socket_.get());
    base::Bytes octets(evbuffer_get_length(in));
    const int count = evbuffer_remove(in, octets.data(), octets.size());
    octets.resize(count > 0 ? static_cast<size_t>(count) : 0);
    const auto events = events_;
    if (!octets.empty() && events->on_octets) events->on_octets(octets);
}

void SocketStream::on_readable(bufferevent*, void* context) noexcept {
    auto* self = static_cast<SocketStream*>(context);
    if (self->open_ && self->reading_ == Reading::kOn) self->deliver();
}

void SocketStream::on_written(bufferevent*, void* context) noexcept {
    auto* self = static_cast<SocketStream*>(context);
    const auto events = self->events_;
    if (self->open_ && self->unsent() == 0 && events->on_drained) events->on_drained();
}

void SocketStream::on_event(bufferevent*, short what, void* context) noexcept {
    const int error_number = EVUTIL_SOCKET_ERROR();
    auto* self = static_cast<SocketStream*>(context);
    if (what & BEV_EVENT_CONNECTED) return self->handshake_done();
    self->broken(what, error_number);
}

void SocketStream::broken(short what, int error_number) {
    if (open_) {  // what came before the end is heard before it, even by one that had paused
        const std::weak_ptr<const char> alive = alive_;
        deliver();
        if (alive.expired() || ended_) return;
    }
    if (what & BEV_EVENT_TIMEOUT) return end(CloseReason::kTimedOut);
    if (what & BEV_EVENT_EOF) {
        if (!open_) detail_ = "the peer ended it";
        return end(open_ ? CloseReason::kPeerClosed : CloseReason::kHandshake);
    }
    if (!layer_) return end(reason_of(error_number));
    auto failure = layer_->explain(socket_.get(), error_number);
    detail_ = std::move(failure.detail);
    end(open_ ? failure.reason : CloseReason::kHandshake);
}

// The owner may destroy the stream in on_closed: nothing of it is touched afterwards.
void SocketStream::end(CloseReason reason) {
    ended_ = reason;
    deadline_.reset();
    connecting_.reset();
    fd_.reset();
    socket_.reset();
    const auto events = std::exchange(events_, std::make_shared<const Events>());
    if (events->on_closed) events->on_closed(reason);
}

void SocketStream::end_later(CloseReason reason) {
    deadline_ = loop_.after(std::chrono::microseconds{0}, [this, reason] { end(reason); });
}

}  // namespace net
