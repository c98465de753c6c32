// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The connection's life and its test. What is done with the peer's messages is in sabp_link_messages.cc.
#include "cbc/net/sabp_link.h"

#include "cbc/net/sabp_requests.h"
#include "cbc/wire/sabp_framer.h"

namespace cbc {
namespace {

using sabp_link_fsm::Action;

}  // namespace

SabpLink::SabpLink(PeerName name, Parts parts, logs::Log log, Connect connect)
    : parts_(parts),
      log_(std::move(log)),
      connect_(std::move(connect)),
      standing_(name, {parts.timers, parts.clock, parts.metrics, parts.owner}, parts.tuning.backoff, log_),
      last_test_series_(parts.metrics.last_link_test(name)),
      stream_(parts.timers, [this] { return sabp::SabpFramer(parts_.tuning.message_octets); },
              {.on_open = [this] { fire(Event::kOpened); },
               .on_message = [this](base::ByteView octets) { on_message(octets); },
               .on_unframed =
                   [this](const wire::FrameError& error) {
                       log_.warning("sabp.peer.unframed", {{"reason", error.text()}});
                       parts_.metrics.odd(Oddity::kTooLong);
                       lose(error.text(), Event::kClosed);
                   },
               .on_closed =
                   [this](net::CloseReason reason) {
                       lose(std::string(net::to_string(reason)), Event::kClosed);
                   }}),
      requests_({parts.timers, parts.clock, parts.metrics, parts.tuning.requests, parts.owner}, log_,
                {.write = [this](const PeerRequest& request) -> base::Result<void> {
                     const auto message = to_sabp(request, everything());
                     if (!message) return message.error();
                     return write(*message);
                 },
                 .overflowed = [this] { lose("too many requests wait for the peer", Event::kTimeout); }}) {}

void SabpLink::use_table(const PlaceSet& places) {
    areas_ = told_;
    for (const Place& place : places)
        if (const auto area = service_area_of(place)) areas_.insert(*area);
}

void SabpLink::start() { fire(Event::kConnect); }

void SabpLink::accept(net::StreamPtr stream) {
    // An RNC that comes back before we have noticed that it was gone: the old connection is dead.
    if (fsm_ != State::kDown) lose("replaced by a newer connection", Event::kClosed);
    stream_.begin(std::move(stream));
    fire(Event::kOpened);
}

void SabpLink::send(const DeliveryKey& key, PeerRequest request) { requests_.send(key, std::move(request)); }

void SabpLink::lose(std::string reason, Event event) {
    standing_.because(std::move(reason));
    fire(event);
}

void SabpLink::fire(Event event) {
    const auto* row = cbc::find_row(sabp_link_fsm::kRows, fsm_, event);
    if (row == nullptr) {
        log_.warning("sabp.link.unexpected", {{"state", to_string(fsm_)}, {"event", to_string(event)}});
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

void SabpLink::perform(Action action) {
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
            parts_.owner.peer_wiped(standing_.name());
            return announce();
        case Action::kAnnounce:
            return announce();
        case Action::kGiveUp:
        case Action::kNoteDown:
            return go_down();
    }
}

void SabpLink::open() {
    auto stream = connect_();
    if (!stream) return lose(stream.error().text, Event::kClosed);
    stream_.begin(std::move(*stream));
}

void SabpLink::go_down() {
    stream_.end();
    requests_.close();
    test_timer_.reset();
    test_sent_.reset();
    recovery_ = Recovery::kUnknown;
    standing_.down();
    if (connect_) standing_.retry([this] { fire(Event::kConnect); });
}

void SabpLink::await_restart() {
    log_.info("sabp.link.connected", {{"remote", stream_.remote()}});
    state_timer_ = parts_.timers.after(parts_.tuning.restart_wait, [this] { fire(Event::kTimeout); });
}

void SabpLink::decide() {
    if (areas_.empty()) {
        log_.warning("sabp.link.no_areas");
        return lose("no service area of it is known, from the cell table or from its Restart",
                    Event::kClosed);
    }
    const bool live = parts_.owner.live_at(standing_.name()) == LiveWarnings::kSome;
    fire(live ? Event::kKeepWarnings : Event::kNeedReset);
}

void SabpLink::send_reset() {
    reset_sent_ = parts_.clock.ticks();
    state_timer_ = parts_.timers.after(parts_.tuning.reset_timeout, [this] {
        parts_.metrics.requested(Procedure::kReset, RequestResult::kTimeout, since_sent(reset_sent_));
        lose("Reset was not answered", Event::kTimeout);
    });
    (void)write(sabp::Reset{everything()});
}

void SabpLink::announce() {
    if (parts_.tuning.load_query_period.count() != 0) test();
    requests_.open();
    standing_.up(stream_.remote(), recovery_);
}

base::Result<void> SabpLink::write(const sabp::Message& message) {
    const auto octets = sabp::encode(message);
    if (!octets) return octets.error();
    log_.debug("sabp.sent", {{"type", sabp::name_of(message)}});
    parts_.owner.pdu(standing_.name(), PduDirection::kSent, *octets);
    stream_.send(*octets);
    return {};
}

// --- the test of the link ---

// One area after the other, so that in time each is asked about.
void SabpLink::test() {
    if (fsm_ != State::kReady || test_sent_) return;
    if (areas_.empty()) return test_later();  // a new cell table has none of them
    auto next = tested_area_ ? areas_.upper_bound(*tested_area_) : areas_.begin();
    if (next == areas_.end()) next = areas_.begin();
    tested_area_ = *next;
    test_sent_ = parts_.clock.ticks();
    test_timer_ = parts_.timers.after(parts_.tuning.load_query_timeout, [this] { test_timed_out(); });
    (void)write(sabp::LoadQuery{{*next}});
}

// Any answer shows that the RNC lives and reads what we send.
void SabpLink::tested(RequestResult result, size_t areas, size_t failed) {
    const auto took = since_sent(*test_sent_);
    test_sent_.reset();
    parts_.metrics.requested(Procedure::kLoadQuery, result, took);
    last_test_ = LinkTestStatus{.at = parts_.clock.now(),
                                .result = std::string(to_string(result)),
                                .took = took,
                                .cells = areas,
                                .failed_cells = failed,
                                .busiest_cell = std::nullopt};
    if (result != RequestResult::kTimeout) {
        last_test_answered_ = last_test_->at;
        last_test_series_.set(static_cast<double>(
            std::chrono::floor<std::chrono::seconds>(last_test_->at).time_since_epoch().count()));
    }
    test_later();
    parts_.owner.link_changed(standing_.name());
}

// Where nobody tests by himself, an RNC that does not answer an operator's test is known for that.
void SabpLink::test_timed_out() {
    tested(RequestResult::kTimeout, 0, 0);
    if (parts_.tuning.load_query_period.count() != 0) lose("Load-Query was not answered", Event::kTimeout);
}

void SabpLink::test_later() {
    if (parts_.tuning.load_query_period.count() == 0) return test_timer_.reset();
    test_timer_ = parts_.timers.after(parts_.tuning.load_query_period, [this] { test(); });
}

}  // namespace cbc
