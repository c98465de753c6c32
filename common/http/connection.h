// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One connection of the HTTP server: one request after another, each under absolute deadlines.
//
//   accept ─▶ Handshake ─▶ Idle ─▶ Head ─▶ Body ─▶ Answering ─▶ Writing ─▶ Idle …
//             (TLS only)            │       │        │  │          │
//                                   │       │        │  └▶ Streaming ─▶ Writing
//                                   └───────┴── refused ──▶ Writing ─▶ Lingering ─▶ closed
//
// Idle has the idle time-out, Head and Body their deadlines, Writing the write deadline, Lingering two
// seconds; Answering is the handler's. A pipelined request waits in the input buffer, which is bounded, until
// the answer before it has left the process: one connection never holds more than one request and one
// response. Lingering reads and drops what a refused client is still sending, because closing with unread
// input would reset the connection and the client would not see why it was refused.
//
// Loop thread only. The server shares a connection with its own callbacks, which may close it; responders and
// streams hold it weakly.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/base/free_with.h"
#include "common/http/body_reader.h"
#include "common/http/head_parser.h"
#include "common/http/response_head.h"
#include "common/http/server.h"

struct bufferevent;
extern "C" void bufferevent_free(bufferevent* bufev);

namespace http {

class Connection;

// What all connections of one server have in common. Outlives them.
struct Service {
    loop::Loop& loop;
    const Router& router;
    const Limits limits;
    const logs::Log log;
    const base::SystemClock clock;
    OnServed on_served;
    Dispatch dispatch;  // empty: the route's handler is called
    Counters counters;
    bool draining = false;
    std::function<void(Connection&)> closed;  // the server forgets it
};

using BuffereventPtr = std::unique_ptr<bufferevent, base::FreeWith<bufferevent_free>>;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
    Connection(Service& service, BuffereventPtr socket, Channel channel, Peer peer, std::string address_key);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void start();
    // Called several times a second: deadlines and heartbeats.
    void tick(base::Ticks now);
    // Idle connections end now, streams end, others end after their answer.
    void drain();

    // For responders and streams of request number `serial`; others come too late and do nothing.
    void respond(uint64_t serial, Response response);
    bool begin_stream(uint64_t serial);
    bool send_event(std::string_view text);
    void end_stream();
    bool streaming() const { return state_ == State::kStreaming; }

    const std::string& address_key() const { return address_key_; }

 private:
    enum class State {
        kHandshake,
        kIdle,
        kHead,
        kBody,
        kAnswering,
        kWriting,
        kStreaming,
        kLingering,
        kClosed
    };
    enum class After { kNextRequest, kClose, kLinger };
    class ResponderImpl;
    class StreamImpl;

    static void on_read(bufferevent* socket, void* self) noexcept;
    static void on_written(bufferevent* socket, void* self) noexcept;
    static void on_event(bufferevent* socket, short what, void* self) noexcept;

    void enter(State state, std::optional<std::chrono::milliseconds> deadline);
    void advance();    // reads what the input has, until it needs more or a request is under way
    bool take_head();  // false: more octets are needed
    bool take_body();
    void accept_head(Head head);
    void dispatch();
    void refuse(Response response);
    void refuse(const Refusal& refusal);
    void write(const Response& response, After after);
    void put(std::string_view octets);
    void written();
    void handshake_done();
    void peer_gone();
    void deadline_passed();
    void linger();
    void close();
    void note_served(int status);
    bool must_close() const;
    size_t unsent() const;
    std::string_view input(size_t at_most);
    void drop_input(size_t count);
    void prepare_request();

    Service& service_;
    BuffereventPtr socket_;
    const Channel channel_;
    Peer peer_;
    const std::string address_key_;

    State state_ = State::kHandshake;
    After after_ = After::kNextRequest;
    std::optional<base::Ticks> deadline_;
    uint64_t serial_ = 0;  // of the request under way
    Head head_;
    BodyReader body_;
    const Route* route_ = nullptr;
    base::Ticks request_began_{};
    bool peer_ended_ = false;     // it will send no more, but may still read
    size_t dropped_ = 0;          // octets read and dropped while lingering
    base::Ticks stream_moved_{};  // when the stream last had nothing unsent
    base::Ticks stream_sent_{};   // when it last sent something
};

}  // namespace http
