// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http2/connection.h"

#include <exception>

#include "common/base/uuid.h"

namespace http2 {
namespace {

// What may wait in the socket's queue before the session is asked for no more, and nothing more is read.
constexpr size_t kUnsentMost = 256 * 1024;

uint64_t milliseconds_of(base::Instant at) {
    return static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count());
}

// HTTP/2 has no event streams here: one that is asked for is closed from the start.
class NoEvents final : public http::Responder::EventStream {
 public:
    bool send(std::string_view, std::string_view, std::string_view) override { return false; }
    bool open() const override { return false; }
};

}  // namespace

class Connection::ResponderImpl final : public http::Responder {
 public:
    ResponderImpl(std::weak_ptr<Connection> connection, int32_t stream)
        : connection_(std::move(connection)), stream_(stream) {}
    ~ResponderImpl() override {
        if (!answered_) send(http::Response::problem(500, "not-answered", "The request was not answered."));
    }
    void respond(http::Response response) override { send(std::move(response)); }
    std::unique_ptr<EventStream> stream() override {
        send(http::Response::problem(501, "no-event-streams", "Event streams need HTTP/1.1 here."));
        return std::make_unique<NoEvents>();
    }

 private:
    void send(http::Response response) {
        if (std::exchange(answered_, true)) return;
        if (const auto connection = connection_.lock()) connection->respond(stream_, std::move(response));
    }

    std::weak_ptr<Connection> connection_;
    int32_t stream_;
    bool answered_ = false;
};

Connection::Connection(Service& service, net::StreamPtr stream, http::Peer peer, std::string host)
    : service_(service),
      host_(std::move(host)),
      session_(service.router, service.limits, std::move(peer), service.clock.ticks()),
      stream_(std::move(stream)) {}

void Connection::start() {
    const auto weak = weak_from_this();
    const auto alive = [weak](auto&& then) {
        if (const auto self = weak.lock(); self && self->stream_) then(*self);
    };
    stream_->start(
        {.on_open = nullptr,
         .on_octets =
             [alive](base::ByteView octets) { alive([&](Connection& self) { self.on_octets(octets); }); },
         .on_closed = [alive](net::CloseReason) { alive([](Connection& self) { self.close(); }); },
         .on_drained = [alive] { alive([](Connection& self) { self.flush(); }); }});
    flush();
}

void Connection::on_octets(base::ByteView octets) {
    busy_ = true;
    const auto fed = session_.feed(octets, service_.clock.ticks());
    for (Arrived& arrived : session_.take_requests()) dispatch(std::move(arrived));
    busy_ = false;
    if (!fed) {
        ++service_.counters.broken;
        service_.log.notice("http2.connection.broken", {{"peer", host_}, {"reason", fed.error().text}});
        return close();
    }
    flush();
}

void Connection::dispatch(Arrived arrived) {
    http::Request& request = arrived.request;
    request.request_id = base::new_uuid(milliseconds_of(service_.clock.now())).text();
    asked_[arrived.stream] = {request.method, arrived.route, service_.clock.ticks()};
    auto responder = std::make_unique<ResponderImpl>(weak_from_this(), arrived.stream);
    try {
        arrived.route->handler(request, std::move(responder));
    } catch (const std::exception& error) {  // the responder has answered 500 as it went
        service_.log.error("http.handler.failed",
                           {{"route", arrived.route->pattern}, {"error", error.what()}});
    }
}

void Connection::respond(int32_t stream, http::Response response) {
    const base::Ticks now = service_.clock.ticks();
    if (const auto found = asked_.find(stream); found != asked_.end()) {
        const Asked asked = found->second;
        asked_.erase(found);
        if (service_.on_served)
            service_.on_served({asked.method, asked.route->pattern, response.status, now - asked.began});
    }
    session_.respond(stream, std::move(response), now);
    flush();
}

void Connection::tick() {
    session_.tick(service_.clock.ticks());
    flush();
}

void Connection::drain() {
    session_.go_away();
    flush();
}

void Connection::flush() {
    if (busy_ || !stream_) return;
    while (stream_->unsent() < kUnsentMost) {
        const std::string out = session_.output(kUnsentMost - stream_->unsent());
        if (out.empty()) break;
        if (stream_->send(base::as_bytes(out)) == net::Sent::kClosed) return;  // on_closed follows
    }
    if (session_.finished() && stream_->unsent() == 0) return close();
    stream_->read(stream_->unsent() < kUnsentMost ? net::Reading::kOn : net::Reading::kPaused);
}

void Connection::close() {
    const auto self = shared_from_this();
    stream_.reset();
    asked_.clear();
    service_.closed(*this);
}

}  // namespace http2
