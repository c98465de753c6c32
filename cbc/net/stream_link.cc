// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/stream_link.h"

#include "cbc/net/link_row.h"

namespace cbc {

using stream_link_fsm::Action;

StreamLink::StreamLink(PeerName name, Parts parts, logs::Log log, Connect connect, Calls calls)
    : parts_(parts),
      log_(std::move(log)),
      connect_(std::move(connect)),
      calls_(std::move(calls)),
      standing_(std::move(name), {parts.timers, parts.clock, parts.metrics, parts.owner},
                parts.tuning.backoff, log_),
      stream_(parts.timers, calls_.make_framer,
              {.on_open = [this] { fire(Event::kOpened); },
               .on_message =
                   [this](base::ByteView octets) {
                       parts_.owner.pdu(this->name(), PduDirection::kReceived, octets);
                       calls_.on_message(octets);
                   },
               .on_unframed =
                   [this](const wire::FrameError& error) {
                       calls_.on_unframed(error);
                       parts_.metrics.odd(Oddity::kTooLong);
                       lose(error.text());
                   },
               .on_closed = [this](net::CloseReason reason) { lose(std::string(net::to_string(reason))); }}),
      requests_({parts.timers, parts.clock, parts.metrics, parts.tuning, parts.owner}, log_,
                {.write = calls_.write_request,
                 .overflowed = [this] { lose("too many requests wait for the peer", Event::kTimeout); }}) {}

void StreamLink::start() { fire(Event::kConnect); }

void StreamLink::accept(net::StreamPtr stream) {
    // A peer that comes back before we have noticed that it was gone: the old connection is dead.
    if (fsm_ != State::kDown) lose("replaced by a newer connection");
    stream_.begin(std::move(stream));
    fire(Event::kOpened);
}

void StreamLink::lose(std::string reason, Event event) {
    standing_.because(std::move(reason));
    fire(event);
}

void StreamLink::fire(Event event) {
    const auto* row = link_row(stream_link_fsm::kRows, fsm_, event, log_);
    if (row == nullptr) return;
    const State before = fsm_;
    fsm_ = row->to;
    if (before != fsm_) {
        state_timer_.reset();
        standing_.changed(fsm_ == State::kReady);
    }
    perform(row->action);
}

void StreamLink::perform(Action action) {
    switch (action) {
        case Action::kNone:
            return;
        case Action::kConnect:
            return open();
        case Action::kAwaitRestart:
            return await_restart();
        case Action::kDecide:
            return decide();
        case Action::kSendReset:
            return send_reset();
        case Action::kAnnounceWiped:
            parts_.owner.peer_wiped(name());
            return announce();
        case Action::kAnnounce:
            return announce();
        case Action::kGiveUp:
        case Action::kNoteDown:
            return go_down();
    }
}

void StreamLink::open() {
    auto stream = connect_();
    if (!stream) return lose(stream.error().text);
    stream_.begin(std::move(*stream));
}

void StreamLink::await_restart() {
    log_.info("peer.link.connected", {{"remote", stream_.remote()}});
    state_timer_ = parts_.timers.after(parts_.tuning.restart_wait, [this] { fire(Event::kTimeout); });
}

void StreamLink::decide() {
    if (std::string why = calls_.unaskable ? calls_.unaskable() : ""; !why.empty())
        return lose(std::move(why));
    const bool live = parts_.owner.live_at(name()) == LiveWarnings::kSome;
    fire(live ? Event::kKeepWarnings : Event::kNeedReset);
}

void StreamLink::send_reset() {
    reset_sent_ = parts_.clock.ticks();
    state_timer_ = parts_.timers.after(parts_.tuning.reset_timeout, [this] {
        parts_.metrics.requested(Procedure::kReset, RequestResult::kTimeout, since_reset());
        lose("RESET was not answered", Event::kTimeout);
    });
    calls_.write_reset();
}

void StreamLink::reset_answered(RequestResult result) {
    parts_.metrics.requested(Procedure::kReset, result, since_reset());
    fire(result == RequestResult::kComplete ? Event::kResetComplete : Event::kResetFailed);
}

// At connect it speaks of the whole peer. It may come once per kind of message; if one kind is lost, all is
// written again.
void StreamLink::restart_seen(bool everything, Recovery recovery) {
    if (fsm_ != State::kReady && everything && recovery_ != Recovery::kDataLost) recovery_ = recovery;
    fire(Event::kRestartSeen);
}

void StreamLink::announce() {
    calls_.came_up();
    requests_.open();
    standing_.up(stream_.remote(), recovery_);
}

void StreamLink::go_down() {
    stream_.end();
    requests_.close();
    recovery_ = Recovery::kUnknown;
    calls_.went_down();
    standing_.down();
    if (connect_) standing_.retry([this] { fire(Event::kConnect); });
}

void StreamLink::write(base::ByteView octets) {
    if (fsm_ == State::kDown) return;
    parts_.owner.pdu(name(), PduDirection::kSent, octets);
    stream_.send(octets);
}

}  // namespace cbc
