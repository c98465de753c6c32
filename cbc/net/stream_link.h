// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the links to a BSC (cbsp_link.h) and to an RNC (sabp_link.h) have in common: a TCP connection that
// comes and goes, a start-up in which the peer may say what it still holds and RESET wipes what nobody wants
// any more, and requests that wait in a queue until it is over. Which side opens the connection makes no
// difference after that. The machine is in stream_link_fsm.h; what the messages are is the caller's.
//
// On the loop's thread. TS 48.049 §7, TS 25.419 §8.5, §8.6.
#pragma once

#include <functional>
#include <string>

#include "cbc/net/framed_stream.h"
#include "cbc/net/link_standing.h"
#include "cbc/net/request_queue.h"
#include "cbc/net/stream_link_fsm.h"

namespace cbc {

struct StreamLinkTuning : RequestTuning {
    std::chrono::milliseconds restart_wait{500};
    std::chrono::milliseconds reset_timeout{5'000};
    net::BackoffPolicy backoff;
};

class StreamLink {
 public:
    using State = stream_link_fsm::State;
    using Event = stream_link_fsm::Event;

    struct Parts {  // all outlive this
        loop::Timers& timers;
        const base::Clock& clock;
        const LinkMetrics& metrics;
        const StreamLinkTuning& tuning;
        LinkOwner& owner;
    };
    // Opens a connection of ours; none for a peer that connects to us.
    using Connect = std::function<base::Result<net::StreamPtr>()>;
    struct Calls {
        FramedStream::MakeFramer make_framer;
        std::function<void(base::ByteView)> on_message;  // one, whole
        std::function<void(const wire::FrameError&)> on_unframed;
        std::function<base::Result<void>(const PeerRequest&)> write_request;
        std::function<void()> write_reset;
        std::function<std::string()> unaskable;  // why nothing can be asked of the peer; empty: it can
        std::function<void()> came_up;           // before requests go out
        std::function<void()> went_down;
    };

    StreamLink(PeerName name, Parts parts, logs::Log log, Connect connect, Calls calls);
    StreamLink(const StreamLink&) = delete;
    StreamLink& operator=(const StreamLink&) = delete;

    void start();                        // of a link that connects
    void accept(net::StreamPtr stream);  // a connection that the peer opened; it replaces an older one
    void lose(std::string reason, Event event = Event::kClosed);

    // The peer has said what it holds; `everything`: of all its cells. At connect this is why it is up.
    void restart_seen(bool everything, Recovery recovery);
    // The answer to RESET, while one is awaited.
    bool resetting() const { return fsm_ == State::kResetting; }
    void reset_answered(RequestResult result);

    void write(base::ByteView octets);  // without a connection: nothing happens

    State state() const { return fsm_; }
    bool ready() const { return fsm_ == State::kReady; }
    const PeerName& name() const { return standing_.name(); }
    const LinkStanding& standing() const { return standing_; }
    RequestQueue& requests() { return requests_; }
    const RequestQueue& requests() const { return requests_; }

 private:
    void fire(Event event);
    void perform(stream_link_fsm::Action action);
    void open();
    void await_restart();
    void decide();
    void send_reset();
    void announce();
    void go_down();
    std::chrono::microseconds since_reset() const { return parts_.clock.ticks() - reset_sent_; }

    Parts parts_;
    logs::Log log_;
    Connect connect_;
    Calls calls_;
    LinkStanding standing_;
    FramedStream stream_;
    RequestQueue requests_;
    State fsm_ = State::kDown;
    Recovery recovery_ = Recovery::kUnknown;
    base::Ticks reset_sent_;
    loop::HandlePtr state_timer_;  // of the state
};

}  // namespace cbc
