// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One HTTP/2 connection as a server sees it, without its socket: octets in, whole requests out; answers in,
// octets out. RFC 9113.
//
// nghttp2 does frames, header compression and flow control; what a stranger may use up is bounded here:
// heads, bodies, streams at once, streams that end in error, and time. No clock: time is told. Requests are
// routed when their head is complete, so a body that nobody takes is never kept.
//
//     stream:  head ──▶ body ──▶ with the handler ──▶ answering ──▶ closed
//                └─ refused ─────────────────────────────^
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/http/router.h"
#include "common/time/clock.h"

namespace http2 {

struct Limits {
    uint32_t streams = 64;            // at once, of one connection
    size_t head_octets = 16 * 1024;   // of a request's fields, as RFC 9113 §6.5.2 counts them
    size_t head_fields = 100;         // of a request
    size_t body_octets = 8 << 20;     // of all bodies of one connection that are coming in
    uint32_t errors = 100;            // streams that may end in error at once ("rapid reset"),
    uint32_t errors_per_second = 10;  // and how fast they are forgiven
    std::chrono::milliseconds settings_deadline{10'000};  // for the peer's SETTINGS and its word on ours
    std::chrono::milliseconds request_deadline{30'000};   // from the first octet of a head to the body's end
    std::chrono::milliseconds write_deadline{30'000};     // for an answer to be taken
    std::chrono::milliseconds idle_timeout{300'000};      // without any stream
};

// A whole request, to be given to its route's handler.
struct Arrived {
    int32_t stream;
    const http::Route* route;  // of the session's router
    http::Request request;
};

class Session {
 public:
    // The router outlives the session. `peer` is who every request comes from.
    Session(const http::Router& router, const Limits& limits, http::Peer peer, base::Ticks now);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // An error: the peer does not speak HTTP/2, or floods us; nothing more can be said to it.
    base::Result<void> feed(base::ByteView octets, base::Ticks now);
    std::vector<Arrived> take_requests();
    // A stream that has gone meanwhile is no mistake.
    void respond(int32_t stream, http::Response response, base::Ticks now);
    // What is to be sent, until `at_most` octets are reached; empty: nothing for now.
    std::string output(size_t at_most);
    // Ends streams whose time is over, and a connection that says nothing.
    void tick(base::Ticks now);
    // No new streams; those that there are go on.
    void go_away();

    // Nothing will be read or written any more: the connection can be closed.
    bool finished() const;
    size_t streams() const;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace http2
