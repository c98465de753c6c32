// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The connection's life and the queue of requests. What is done with the peer's messages is in
// cbsp_link_messages.cc.
#include "cbc/net/cbsp_link.h"

#include <algorithm>
#include <random>

#include "cbc/net/cbsp_requests.h"
#include "common/base/uuid.h"

namespace cbc {
namespace {

using cbsp_link_fsm::Action;

Procedure procedure_of(cbsp::MessageType type) {
    if (type == cbsp::MessageType::kKill) return Procedure::kKill;
    if (type == cbsp::MessageType::kMessageStatusQuery) return Procedure::kStatusQuery;
    return Procedure::kWriteReplace;
}

// Least first.
int urgency_of(const PeerRequest& request) {
    if (std::holds_alternative<KillRequest>(request)) return 0;
    return std::holds_alternative<WriteRequest>(request) ? 1 : 2;
}

std::optional<SerialNumber> replaced_by(const PeerRequest& request) {
    const auto* write = std::get_if<WriteRequest>(&request);
    return write == nullptr ? std::nullopt : write->replaces;
}

// A BSC that leaves so many queries unanswered does not know them: it is asked no more while this link lasts.
constexpr uint32_t kStatusTimeoutsMax = 2;

}  // namespace

CbspLink::CbspLink(PeerName name, Parts parts, logs::Log log, Connect connect, CbspManner manner)
    : name_(std::move(name)),
      parts_(parts),
      log_(std::move(log)),
      connect_(std::move(connect)),
      series_(parts.metrics.peer(name_)),
      backoff_(parts.tuning.backoff),
      since_(parts.clock.now()),
      manner_(manner),
      upkeep_({parts.timers, parts.clock, parts.metrics, parts.tuning.upkeep, manner_}, log_,
              {.write = [this](const cbsp::Message& message) { write(message); },
               .busy = [this] { return waiting() > 0; },
               .concluded = [this] { parts_.owner.link_changed(name_); }}) {}

CbspLink::~CbspLink() = default;

void CbspLink::start() { fire(Event::kConnect); }

void CbspLink::accept(net::StreamPtr stream) {
    // A BSC that comes back before we have noticed that it was gone: the old connection is dead.
    if (fsm_ != State::kDown) {
        reason_ = "replaced by a newer connection";
        fire(Event::kClosed);
    }
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
        note_state();
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
            return go_down(reason_);
    }
}

void CbspLink::note_state() {
    since_ = parts_.clock.now();
    series_.up.set(fsm_ == State::kReady ? 1 : 0);
    parts_.owner.link_changed(name_);
}

// --- the connection ---

void CbspLink::open() {
    auto stream = connect_();
    if (!stream) {
        reason_ = stream.error().text;
        return fire(Event::kClosed);
    }
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
                            if (mine != generation_) return;
                            reason_ = std::string(net::to_string(reason));
                            fire(Event::kClosed);
                        }});
}

void CbspLink::go_down(std::string reason) {
    reason_ = std::move(reason);
    // The stream may be the caller: it goes after its callback.
    sweep_ =
        parts_.timers.after(std::chrono::microseconds{0},
                            [old = std::make_shared<net::StreamPtr>(std::move(stream_))] { old->reset(); });
    ++generation_;
    status_timeouts_ = 0;
    framer_.reset();
    out_.reset();
    queue_.clear();
    keep_alive_timer_.reset();
    keep_alive_sent_.reset();
    upkeep_.link_down();
    recovery_ = Recovery::kUnknown;
    if (std::exchange(announced_, false)) {
        series_.changes.add();
        log_.warning("cbsp.link.down", {{"reason", reason_}});
        parts_.owner.peer_down(name_);
    } else {
        log_.info("cbsp.link.failed", {{"reason", reason_}});
    }
    reconnect_later();
}

void CbspLink::reconnect_later() {
    if (!connect_) return;
    uint32_t random = 0;
    base::random_bytes(&random, sizeof random);
    state_timer_ = parts_.timers.after(backoff_.next(random), [this] { fire(Event::kConnect); });
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
        reason_ = "RESET was not answered";
        parts_.metrics.requested(Procedure::kReset, RequestResult::kTimeout, since_sent(reset_sent_));
        fire(Event::kTimeout);
    });
}

void CbspLink::announce() {
    reason_.clear();
    backoff_.reset();
    announced_ = true;
    series_.changes.add();
    log_.notice("cbsp.link.up", {{"remote", stream_->remote()}});
    send_keep_alive();
    upkeep_.link_up();
    parts_.owner.peer_up(name_, recovery_);
}

// --- requests ---

void CbspLink::send(const DeliveryKey& key, PeerRequest request) {
    if (fsm_ != State::kReady) return;  // peer_down has told the owner, and peer_up will
    if (queue_.size() >= parts_.tuning.queue_limit) {
        log_.error("cbsp.queue.full", {{"limit", parts_.tuning.queue_limit}});
        state_timer_ = parts_.timers.after(std::chrono::microseconds{0}, [this] {
            reason_ = "too many requests wait for the peer";
            fire(Event::kTimeout);
        });
        return;
    }
    // Stopping never waits behind writing, nor writing behind asking how it goes.
    const auto place = std::find_if(queue_.begin(), queue_.end(), [&](const Waiting& waiting) {
        return urgency_of(waiting.request) > urgency_of(request);
    });
    queue_.insert(place, {key, std::move(request)});
    send_next();
}

void CbspLink::send_next() {
    while (!out_ && !queue_.empty() && fsm_ == State::kReady) {
        Waiting next = std::move(queue_.front());
        queue_.pop_front();
        if (std::holds_alternative<StatusRequest>(next.request) && status_timeouts_ >= kStatusTimeoutsMax) {
            parts_.owner.timed_out(next.key);
            continue;
        }
        const auto message = to_cbsp(next.request, manner_);
        if (!message) {
            log_.error("cbsp.request.unencodable", {{"reason", message.error().text}});
            parts_.owner.answered(next.key, {.kind = AnswerKind::kFailure,
                                             .done = {},
                                             .failed = {{PlacePattern{}, kCauseCannotEncode}},
                                             .counts = {}});
            continue;
        }
        const auto [identifier, serial] = reference_of(next.request);
        const cbsp::MessageType type = cbsp::type_of(*message);
        const bool query = type == cbsp::MessageType::kMessageStatusQuery;
        out_ = Outstanding{
            next.key,
            type,
            identifier,
            serial,
            replaced_by(next.request),
            parts_.clock.ticks(),
            parts_.timers.after(query ? parts_.tuning.status_timeout : parts_.tuning.request_timeout,
                                [this] { request_timed_out(); })};
        log_.debug("cbsp.request.sent", {{"type", cbsp::to_string(type)},
                                         {"message_id", identifier.value()},
                                         {"serial", serial.value()}});
        write(*message);
    }
}

void CbspLink::request_timed_out() {
    const Outstanding gone = std::move(*out_);
    out_.reset();
    const Procedure procedure = procedure_of(gone.type);
    log_.warning("cbsp.request.timeout", {{"type", cbsp::to_string(gone.type)},
                                          {"message_id", gone.identifier.value()},
                                          {"serial", gone.serial.value()}});
    parts_.metrics.requested(procedure, RequestResult::kTimeout, since_sent(gone.sent));
    parts_.metrics.retried(procedure);
    if (procedure == Procedure::kStatusQuery) ++status_timeouts_;
    parts_.owner.timed_out(gone.key);
    send_next();
}

void CbspLink::finish(const PeerAnswer& answer, RequestResult result) {
    const Outstanding done = std::move(*out_);
    out_.reset();
    if (done.type == cbsp::MessageType::kMessageStatusQuery) status_timeouts_ = 0;
    parts_.metrics.requested(procedure_of(done.type), result, since_sent(done.sent));
    parts_.owner.answered(done.key, answer);
    send_next();
}

void CbspLink::write(const cbsp::Message& message) {
    if (stream_ == nullptr) return;
    // kClosed needs nothing here: on_closed follows.
    (void)stream_->send(cbsp::encode(message));
}

// --- keep-alive ---

void CbspLink::send_keep_alive() {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(parts_.tuning.keep_alive_period);
    const auto period = cbsp::Period::at_least(
        std::clamp<std::chrono::seconds>(seconds, std::chrono::seconds{1}, cbsp::kMaxKeepAlivePeriod));
    keep_alive_sent_ = parts_.clock.ticks();
    write(cbsp::KeepAlive{period ? *period : cbsp::Period::unlimited()});
    keep_alive_timer_ = parts_.timers.after(parts_.tuning.keep_alive_timeout, [this] {
        reason_ = "KEEP-ALIVE was not answered";
        parts_.metrics.requested(Procedure::kKeepAlive, RequestResult::kTimeout,
                                 since_sent(*keep_alive_sent_));
        fire(Event::kTimeout);
    });
}

void CbspLink::keep_alive_answered() {
    parts_.metrics.requested(Procedure::kKeepAlive, RequestResult::kComplete, since_sent(*keep_alive_sent_));
    keep_alive_sent_.reset();
    last_keep_alive_ = parts_.clock.now();
    series_.last_keep_alive.set(static_cast<double>(
        std::chrono::floor<std::chrono::seconds>(*last_keep_alive_).time_since_epoch().count()));
    keep_alive_timer_ = parts_.timers.after(parts_.tuning.keep_alive_period, [this] { send_keep_alive(); });
}

}  // namespace cbc
