// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The connection's life. What is done with the peer's messages is in
// cbsp_link_messages.cc.
#include "cbc/net/cbsp_link.h"

#include <algorithm>

#include "cbc/net/cbsp_requests.h"

namespace cbc {
namespace {

using cbsp_link_fsm::Action;

}  // namespace

CbspLink::CbspLink(PeerName name, Parts parts, logs::Log log, Connect connect, CbspManner manner)
    : name_(std::move(name)),
      parts_(parts),
      log_(std::move(log)),
      connect_(std::move(connect)),
      last_test_(parts.metrics.last_link_test(name_)),
      standing_(name_, {parts.timers, parts.clock, parts.metrics, parts.owner}, parts.tuning.backoff, log_),
      queue_({parts.timers, parts.clock, parts.metrics, parts.tuning, parts.owner}, log_,
             {.write = [this](const PeerRequest& request) { return write_request(request); },
              .overflowed = [this] { fail("too many requests wait for the peer", Event::kTimeout); }}),
      manner_(manner),
      upkeep_({parts.timers, parts.clock, parts.metrics, parts.tuning.upkeep, manner_}, log_,
              {.write = [this](const cbsp::Message& message) { write(message); },
               .busy = [this] { return waiting() > 0; },
               .concluded = [this] { parts_.owner.link_changed(name_); }}) {}

CbspLink::~CbspLink() = default;

void CbspLink::start() { fire(Event::kConnect); }

void CbspLink::accept(net::StreamPtr stream) {
    // A BSC that comes back before we have noticed that it was gone: the old connection is dead.
    if (fsm_ != State::kDown) fail("replaced by a newer connection");
    begin(std::move(stream));
    fire(Event::kOpened);
}

void CbspLink::fire(Event event) {
    const auto* row = cbc::find_row(cbsp_link_fsm::kRows, fsm_, event);
    if (row == nullptr) {
        log_.warning("cbsp.link.unexpected", {{"state", to_string(fsm_)}, {"event", to_string(event)}});
        return;
    }
    const State before = fsm_;
    fsm_ = row->to;
    if (before != fsm_) {
        state_timer_.reset();
        standing_.changed(fsm_ == State::kReady);
    }
    perform(row->action);
}

void CbspLink::perform(Action action) {
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
            parts_.owner.peer_wiped(name_);
            return announce();
        case Action::kAnnounce:
            return announce();
        case Action::kGiveUp:
        case Action::kNoteDown:
            return go_down();
    }
}

void CbspLink::fail(std::string reason, Event event) {
    standing_.because(std::move(reason));
    fire(event);
}

// --- the connection ---

void CbspLink::open() {
    auto stream = connect_();
    if (!stream) return fail(stream.error().text);
    begin(std::move(*stream));
}

void CbspLink::begin(net::StreamPtr stream) {
    stream_ = std::move(stream);
    framer_.emplace(parts_.tuning.message_octets);
    // An older stream may still speak until it is swept away.
    const uint64_t mine = ++generation_;
    stream_->start({.on_open =
                        [this, mine] {
                            if (mine == generation_) fire(Event::kOpened);
                        },
                    .on_octets =
                        [this, mine](base::ByteView octets) {
                            if (mine == generation_ && framer_) on_octets(octets);
                        },
                    .on_closed =
                        [this, mine](net::CloseReason reason) {
                            if (mine == generation_) fail(std::string(net::to_string(reason)));
                        }});
}

void CbspLink::go_down() {
    // The stream may be the caller: it goes after its callback.
    sweep_ =
        parts_.timers.after(std::chrono::microseconds{0},
                            [old = std::make_shared<net::StreamPtr>(std::move(stream_))] { old->reset(); });
    ++generation_;
    framer_.reset();
    queue_.close();
    keep_alive_timer_.reset();
    keep_alive_sent_.reset();
    upkeep_.link_down();
    recovery_ = Recovery::kUnknown;
    standing_.down();
    if (connect_) standing_.retry([this] { fire(Event::kConnect); });
}

void CbspLink::await_restart() {
    log_.info("cbsp.link.connected", {{"remote", stream_->remote()}});
    state_timer_ = parts_.timers.after(parts_.tuning.restart_wait, [this] { fire(Event::kTimeout); });
}

void CbspLink::decide() {
    const bool live = parts_.owner.live_at(name_) == LiveWarnings::kSome;
    fire(live ? Event::kKeepWarnings : Event::kNeedReset);
}

void CbspLink::send_reset() {
    reset_sent_ = parts_.clock.ticks();
    write(cbsp::Reset{cbsp::AllCells{}});
    state_timer_ = parts_.timers.after(parts_.tuning.reset_timeout, [this] {
        parts_.metrics.requested(Procedure::kReset, RequestResult::kTimeout, since_sent(reset_sent_));
        fail("RESET was not answered", Event::kTimeout);
    });
}

void CbspLink::announce() {
    send_keep_alive();
    upkeep_.link_up();
    queue_.open();
    standing_.up(stream_->remote(), recovery_);
}

// --- messages ---

base::Result<void> CbspLink::write_request(const PeerRequest& request) {
    const auto message = to_cbsp(request, manner_);
    if (!message) return message.error();
    write(*message);
    return {};
}

void CbspLink::write(const cbsp::Message& message) {
    if (stream_ == nullptr) return;
    // kClosed needs nothing here: on_closed follows.
    const auto octets = cbsp::encode(message);
    parts_.owner.pdu(name_, PduDirection::kSent, octets);
    (void)stream_->send(octets);
}

// --- keep-alive ---

void CbspLink::send_keep_alive() {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(parts_.tuning.keep_alive_period);
    const auto period = cbsp::Period::at_least(
        std::clamp<std::chrono::seconds>(seconds, std::chrono::seconds{1}, cbsp::kMaxKeepAlivePeriod));
    keep_alive_sent_ = parts_.clock.ticks();
    write(cbsp::KeepAlive{period ? *period : cbsp::Period::unlimited()});
    keep_alive_timer_ = parts_.timers.after(parts_.tuning.keep_alive_timeout, [this] {
        parts_.metrics.requested(Procedure::kKeepAlive, RequestResult::kTimeout,
                                 since_sent(*keep_alive_sent_));
        fail("KEEP-ALIVE was not answered", Event::kTimeout);
    });
}

void CbspLink::keep_alive_answered() {
    parts_.metrics.requested(Procedure::kKeepAlive, RequestResult::kComplete, since_sent(*keep_alive_sent_));
    keep_alive_sent_.reset();
    last_keep_alive_ = parts_.clock.now();
    last_test_.set(static_cast<double>(
        std::chrono::floor<std::chrono::seconds>(*last_keep_alive_).time_since_epoch().count()));
    keep_alive_timer_ = parts_.timers.after(parts_.tuning.keep_alive_period, [this] { send_keep_alive(); });
}

}  // namespace cbc
