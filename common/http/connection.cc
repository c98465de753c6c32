// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/connection.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <exception>

#include "common/base/bytes.h"
#include "common/base/uuid.h"
#include "common/http/event_format.h"

namespace http {
namespace {

using namespace std::chrono_literals;

// Input that waits while a request is answered. Larger than any head that is taken.
constexpr size_t kInputLimit = 64 * 1024;
constexpr auto kLingerTime = 2s;
constexpr size_t kLingerOctets = 4 * 1024 * 1024;
constexpr size_t kCopiedBody = 16 * 1024;  // smaller bodies are written together with their head
constexpr size_t kRequestIdLimit = 64;

bool is_request_id(std::string_view text) {
    return !text.empty() && text.size() <= kRequestIdLimit &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '-' || c == '_' || c == '.';
           });
}

}  // namespace

Connection::Connection(Service& service, BuffereventPtr socket, Channel channel, Peer peer,
                       std::string address_key)
    : service_(service),
      socket_(std::move(socket)),
      channel_(channel),
      peer_(std::move(peer)),
      address_key_(std::move(address_key)) {}

Connection::~Connection() = default;

void Connection::start() {
    bufferevent_setcb(socket_.get(), on_read, on_written, on_event, this);
    bufferevent_setwatermark(socket_.get(), EV_READ, 0, kInputLimit);
    enter(channel_ == Channel::kTls ? State::kHandshake : State::kIdle, service_.limits.head_deadline);
    bufferevent_enable(socket_.get(), EV_READ | EV_WRITE);
}

void Connection::on_read(bufferevent*, void* self) noexcept {
    const auto alive = static_cast<Connection*>(self)->shared_from_this();
    alive->advance();
}

void Connection::on_written(bufferevent*, void* self) noexcept {
    const auto alive = static_cast<Connection*>(self)->shared_from_this();
    alive->written();
}

void Connection::on_event(bufferevent*, short what, void* self) noexcept {
    const auto alive = static_cast<Connection*>(self)->shared_from_this();
    if ((what & BEV_EVENT_CONNECTED) != 0) return alive->handshake_done();
    if (alive->state_ == State::kHandshake) ++alive->service_.counters.tls_failed;
    ERR_clear_error();
    if ((what & BEV_EVENT_ERROR) != 0) return alive->close();
    alive->peer_gone();
}

void Connection::enter(State state, std::optional<std::chrono::milliseconds> deadline) {
    state_ = state;
    deadline_.reset();
    if (deadline) deadline_ = service_.clock.ticks() + *deadline;
}

void Connection::handshake_done() {
    if (const SSL* ssl = bufferevent_openssl_get_ssl(socket_.get());
        ssl != nullptr && SSL_get0_peer_certificate(ssl) != nullptr) {
        peer_.kind = Peer::Kind::kCertificate;
        if (auto identity = tls::peer_identity(ssl)) {
            peer_.role = std::move(identity->role);
            peer_.site = std::move(identity->site);
            peer_.node = std::move(identity->node);
            peer_.certificate_uri = std::move(identity->uri);
        } else {  // it may still read what is public; every other route answers 403 with this sentence
            peer_.refused = identity.error().text;
            service_.log.warning("tls.identity.refused", {{"peer", peer_.address}, {"why", peer_.refused}});
        }
    }
    // The deadline for the first head goes on from accept.
    state_ = State::kIdle;
    advance();
}

std::string_view Connection::input(size_t at_most) {
    evbuffer* buffer = bufferevent_get_input(socket_.get());
    const size_t count = std::min(evbuffer_get_length(buffer), at_most);
    if (count == 0) return {};
    const auto* data = evbuffer_pullup(buffer, static_cast<ev_ssize_t>(count));
    return base::as_text({data, data == nullptr ? 0 : count});
}

void Connection::drop_input(size_t count) { evbuffer_drain(bufferevent_get_input(socket_.get()), count); }

size_t Connection::unsent() const { return evbuffer_get_length(bufferevent_get_output(socket_.get())); }

void Connection::advance() {
    bool more = true;
    while (more) {
        switch (state_) {
            case State::kIdle:
            case State::kHead:
                more = take_head();
                break;
            case State::kBody:
                more = take_body();
                break;
            case State::kLingering: {
                const size_t count = input(kInputLimit).size();
                dropped_ += count;
                drop_input(count);
                if (dropped_ > kLingerOctets) return close();
                more = count > 0;
                break;
            }
            case State::kStreaming:  // a client has nothing to say on a stream
                drop_input(kInputLimit);
                return;
            case State::kHandshake:
            case State::kAnswering:
            case State::kWriting:
            case State::kClosed:
                return;
        }
    }
}

bool Connection::take_head() {
    // RFC 9112 §2.2: an empty line before a request is read over.
    while (input(2) == "\r\n") drop_input(2);
    const size_t limit = service_.limits.head_octets;
    const std::string_view octets = input(limit);
    if (octets.empty() || octets == "\r") return false;
    if (state_ == State::kIdle) {
        request_began_ = service_.clock.ticks();
        // The first request's deadline runs since accept.
        const auto left = serial_ == 0 ? deadline_ : request_began_ + service_.limits.head_deadline;
        state_ = State::kHead;
        deadline_ = left;
    }
    const auto end = find_head_end(octets);
    if (!end) {
        if (octets.size() < limit) return false;
        head_ = {};
        refuse(Refusal{431, "head-too-large",
                       "The request's head is larger than " + std::to_string(limit) + " octets."});
        return true;
    }
    auto head = parse_head(octets.substr(0, *end));
    drop_input(*end);
    if (!head) {
        head_ = {};
        refuse(head.error());
    } else {
        accept_head(std::move(*head));
    }
    return true;
}

void Connection::prepare_request() {
    ++serial_;
    route_ = nullptr;
    head_.request.peer = peer_;
    const auto given = head_.request.header("x-request-id");
    const auto now_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(service_.clock.now().time_since_epoch())
            .count();
    head_.request.request_id =
        given && is_request_id(*given) ? *given : base::new_uuid(static_cast<uint64_t>(now_ms)).text();
}

void Connection::accept_head(Head head) {
    head_ = std::move(head);
    prepare_request();
    auto match = service_.router.match(head_.request);
    route_ = match.route;
    if (match.refusal) return refuse(std::move(*match.refusal));
    const size_t limit = route_->body_limit;
    const bool too_large = head_.body == BodyKind::kLength && head_.content_length > limit;
    if (too_large || (head_.body == BodyKind::kChunked && limit == 0)) {
        return refuse(Refusal{
            413, "body-too-large",
            limit == 0 ? "No body is taken here."
                       : "The body is larger than the " + std::to_string(limit) + " octets taken here."});
    }
    body_ = BodyReader(head_, limit);
    if (body_.done()) return dispatch();
    enter(State::kBody, service_.limits.body_deadline);
    if (head_.expectation == Expectation::kContinue && input(1).empty()) put("HTTP/1.1 100 Continue\r\n\r\n");
}

bool Connection::take_body() {
    const std::string_view octets = input(kInputLimit);
    if (octets.empty()) return false;
    auto used = body_.feed(octets);
    if (!used) {
        refuse(used.error());
        return true;
    }
    drop_input(*used);
    if (body_.done()) dispatch();
    return true;
}

// What a handler answers through. Dropped unanswered it answers 500.
class Connection::ResponderImpl final : public Responder {
 public:
    ResponderImpl(std::weak_ptr<Connection> connection, uint64_t serial)
        : connection_(std::move(connection)), serial_(serial) {}
    ~ResponderImpl() override {
        if (const auto connection = connection_.lock()) {
            connection->respond(serial_,
                                Response::problem(500, "internal-error",
                                                  "The request could not be answered; the daemon's log "
                                                  "says why."));
        }
    }

    void respond(Response response) override {
        if (const auto connection = std::exchange(connection_, {}).lock())
            connection->respond(serial_, std::move(response));
    }
    std::unique_ptr<EventStream> stream() override;

 private:
    std::weak_ptr<Connection> connection_;
    uint64_t serial_;
};

class Connection::StreamImpl final : public Responder::EventStream {
 public:
    explicit StreamImpl(std::weak_ptr<Connection> connection) : connection_(std::move(connection)) {}
    ~StreamImpl() override {
        if (const auto connection = connection_.lock()) connection->end_stream();
    }
    bool send(std::string_view event, std::string_view data, std::string_view id) override {
        const auto connection = connection_.lock();
        return connection && connection->send_event(format_event(event, data, id));
    }
    bool open() const override {
        const auto connection = connection_.lock();
        return connection && connection->streaming();
    }

 private:
    std::weak_ptr<Connection> connection_;
};

std::unique_ptr<Responder::EventStream> Connection::ResponderImpl::stream() {
    const auto connection = std::exchange(connection_, {}).lock();
    if (connection && connection->begin_stream(serial_)) return std::make_unique<StreamImpl>(connection);
    return std::make_unique<StreamImpl>(std::weak_ptr<Connection>());
}

void Connection::dispatch() {
    head_.request.body = body_.take();
    enter(State::kAnswering, std::nullopt);
    try {
        auto responder = std::make_unique<ResponderImpl>(weak_from_this(), serial_);
        if (service_.dispatch) return service_.dispatch(*route_, head_.request, std::move(responder));
        route_->handler(head_.request, std::move(responder));
    } catch (const std::exception& wrong) {
        // Our own mistake in one request; its responder has answered 500 while it was unwound.
        service_.log.error(
            "http.handler.failed",
            {{"route", route_->pattern}, {"request_id", head_.request.request_id}, {"error", wrong.what()}});
    }
}

void Connection::respond(uint64_t serial, Response response) {
    if (state_ != State::kAnswering || serial != serial_) return;
    write(response, must_close() ? After::kClose : After::kNextRequest);
}

bool Connection::must_close() const {
    return service_.draining || peer_ended_ || head_.keep_alive == KeepAlive::kNo;
}

void Connection::refuse(const Refusal& refusal) {
    if (head_.request.request_id.empty()) prepare_request();
    refuse(Response::problem(refusal.status, refusal.code, refusal.text));
}

// A refusal before or within the body: what follows in the input can't be told apart from a next request.
void Connection::refuse(Response response) {
    const bool body_follows = head_.body != BodyKind::kNone || head_.request.path.empty();
    if (body_follows) return write(response, After::kLinger);
    write(response, must_close() ? After::kClose : After::kNextRequest);
}

void Connection::put(std::string_view octets) {
    bufferevent_write(socket_.get(), octets.data(), octets.size());
}

void Connection::write(const Response& response, After after) {
    after_ = after;
    enter(State::kWriting, service_.limits.write_deadline);
    std::string octets =
        response_head(response, {after == After::kNextRequest ? KeepAlive::kYes : KeepAlive::kNo,
                                 Framing::kLength, channel_, head_.request.request_id, service_.clock.now()});
    const std::string& body = body_of(response);
    const bool send_body =
        head_.request.method != Method::kHead && response.status != 204 && response.status != 304;
    if (!send_body || body.size() <= kCopiedBody) {
        if (send_body) octets += body;
        put(octets);
    } else {
        put(octets);
        // The buffer holds the body until it has left, without another copy.
        auto kept = std::make_unique<Response>(response);
        const std::string& held = body_of(*kept);
        const auto release = [](const void*, size_t, void* owner) {
            const std::unique_ptr<Response> gone(static_cast<Response*>(owner));
        };
        if (evbuffer_add_reference(bufferevent_get_output(socket_.get()), held.data(), held.size(), release,
                                   kept.get()) != 0)
            return close();
        (void)kept.release();
    }
    note_served(response.status);
}

void Connection::note_served(int status) {
    const auto duration = service_.clock.ticks() - request_began_;
    const Request& request = head_.request;
    const std::string_view route = route_ != nullptr ? std::string_view(route_->pattern) : std::string_view();
    if (service_.on_served) service_.on_served({request.method, route, status, duration});
    const bool reading = request.method == Method::kGet || request.method == Method::kHead;
    service_.log.write(reading && status < 400 ? logs::Level::kDebug : logs::Level::kInfo, "http.request",
                       {{"method", to_string(request.method)},
                        {"route", route},
                        {"status", status},
                        {"duration_us", duration.count()},
                        {"peer", peer_.certificate_uri.empty() ? peer_.address : peer_.certificate_uri},
                        {"request_id", request.request_id}});
}

void Connection::written() {
    if (state_ != State::kWriting || unsent() > 0) return;
    switch (after_) {
        case After::kNextRequest:
            head_ = {};
            body_ = {};
            if (peer_ended_ || service_.draining) return close();
            enter(State::kIdle, service_.limits.idle_timeout);
            return advance();
        case After::kClose:
            return close();
        case After::kLinger:
            return linger();
    }
}

void Connection::linger() {
    if (peer_ended_) return close();
    enter(State::kLingering, kLingerTime);
    if (SSL* ssl = bufferevent_openssl_get_ssl(socket_.get())) SSL_shutdown(ssl);
    ERR_clear_error();
    ::shutdown(bufferevent_getfd(socket_.get()), SHUT_WR);
    advance();
}

void Connection::peer_gone() {
    switch (state_) {
        case State::kAnswering:
        case State::kWriting:
            peer_ended_ = true;  // it may have closed only its sending side
            after_ = After::kClose;
            return;
        case State::kHandshake:
        case State::kIdle:
        case State::kHead:
        case State::kBody:
        case State::kStreaming:
        case State::kLingering:
        case State::kClosed:
            return close();
    }
}

void Connection::close() {
    if (state_ == State::kClosed) return;
    const bool orderly = state_ == State::kWriting || state_ == State::kIdle || state_ == State::kStreaming;
    enter(State::kClosed, std::nullopt);
    if (SSL* ssl = bufferevent_openssl_get_ssl(socket_.get()); ssl != nullptr && orderly) SSL_shutdown(ssl);
    ERR_clear_error();
    bufferevent_setcb(socket_.get(), nullptr, nullptr, nullptr, nullptr);
    bufferevent_disable(socket_.get(), EV_READ | EV_WRITE);
    const auto alive = shared_from_this();
    service_.closed(*this);
}

bool Connection::begin_stream(uint64_t serial) {
    if (state_ != State::kAnswering || serial != serial_) return false;
    if (peer_ended_ || service_.draining) {
        write(Response::problem(503, "shutting-down", "The daemon is shutting down; try again."),
              After::kClose);
        return false;
    }
    if (head_.request.method == Method::kHead) {  // the head alone; the stream is never open
        write({200, {{"content-type", "text/event-stream"}}, {}, nullptr}, After::kClose);
        return false;
    }
    enter(State::kStreaming, std::nullopt);
    stream_sent_ = stream_moved_ = service_.clock.ticks();
    Response head{200, {{"content-type", "text/event-stream"}, {"x-accel-buffering", "no"}}, {}, nullptr};
    put(response_head(
        head, {KeepAlive::kNo, head_.minor_version == 0 ? Framing::kUntilClose : Framing::kChunked, channel_,
               head_.request.request_id, service_.clock.now()}));
    note_served(200);
    drop_input(kInputLimit);
    return true;
}

bool Connection::send_event(std::string_view text) {
    if (state_ != State::kStreaming) return false;
    if (unsent() + text.size() > service_.limits.unsent_octets) {
        ++service_.counters.slow_streams;
        service_.log.notice("http.stream.slow", {{"route", route_->pattern}, {"peer", peer_.address}});
        close();
        return false;
    }
    stream_sent_ = service_.clock.ticks();
    if (unsent() == 0) stream_moved_ = stream_sent_;
    put(head_.minor_version == 0 ? std::string(text) : format_chunk(text));
    return true;
}

void Connection::end_stream() {
    if (state_ != State::kStreaming) return;
    after_ = After::kClose;
    enter(State::kWriting, service_.limits.write_deadline);
    if (head_.minor_version > 0) put(kLastChunk);
    if (unsent() == 0) close();
}

void Connection::tick(base::Ticks now) {
    if (deadline_ && now >= *deadline_) return deadline_passed();
    if (state_ != State::kStreaming) return;
    if (unsent() == 0) stream_moved_ = now;
    if (now - stream_moved_ >= service_.limits.write_deadline) {
        ++service_.counters.slow_streams;
        return close();
    }
    if (now - stream_sent_ >= service_.limits.heartbeat) send_event(kHeartbeat);
}

void Connection::deadline_passed() {
    switch (state_) {
        case State::kHead:
        case State::kBody:
            ++service_.counters.timed_out;
            if (state_ == State::kHead) head_ = {};
            return refuse(Refusal{408, "request-timeout", "The request was not complete in time."});
        case State::kHandshake:
        case State::kWriting:
            ++service_.counters.timed_out;
            return close();
        case State::kIdle:
        case State::kLingering:
            return close();
        case State::kAnswering:
        case State::kStreaming:
        case State::kClosed:
            deadline_.reset();
            return;
    }
}

void Connection::drain() {
    switch (state_) {
        case State::kHandshake:
        case State::kIdle:
            return close();
        case State::kStreaming:
            return end_stream();
        case State::kHead:
        case State::kBody:
        case State::kAnswering:
        case State::kWriting:
        case State::kLingering:
        case State::kClosed:
            return;  // each has its deadline, and Writing ends in close() while draining
    }
}

}  // namespace http
