// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/sbcap_link.h"

#include "cbc/net/link_row.h"
#include "cbc/net/sbcap_requests.h"

namespace cbc {
namespace {

using sbcap_link_fsm::Action;

template <class... Visitors>
struct Overload : Visitors... {
    using Visitors::operator()...;
};
template <class... Visitors>
Overload(Visitors...) -> Overload<Visitors...>;

}  // namespace

SbcapLink::SbcapLink(PeerName name, Parts parts, logs::Log log, Connect connect)
    : name_(std::move(name)),
      parts_(parts),
      log_(std::move(log)),
      connect_(std::move(connect)),
      standing_(name_, {parts.timers, parts.clock, parts.metrics, parts.owner}, parts.tuning.backoff, log_),
      queue_({parts.timers, parts.clock, parts.metrics, parts.tuning, parts.owner}, log_,
             {.write = [this](const PeerRequest& request) -> base::Result<void> {
                  const auto message = to_sbcap(request, parts_.network);
                  return message ? write(*message) : message.error();
              },
              .overflowed = [this] { fail("too many requests wait for the peer"); }}),
      probe_(parts.timers, parts.clock, parts.metrics.last_link_test(name_),
             [this] { parts_.owner.link_changed(name_); }) {}

void SbcapLink::start() { fire(Event::kConnect); }

void SbcapLink::accept(net::SctpAssociationPtr association) {
    // An MME that comes back before we have noticed that it was gone: the old association is dead.
    if (fsm_ != State::kDown) fail("replaced by a newer association");
    fire(Event::kAccepted);
    begin(std::move(association));
}

std::vector<net::SctpPath> SbcapLink::paths() const {
    return association_ != nullptr && fsm_ == State::kReady ? association_->paths()
                                                            : std::vector<net::SctpPath>{};
}

// --- the machine ---

void SbcapLink::fire(Event event) {
    const auto* row = link_row(sbcap_link_fsm::kRows, fsm_, event, log_);
    if (row == nullptr) return;
    const State before = std::exchange(fsm_, row->to);
    if (before != fsm_) standing_.changed(fsm_ == State::kReady);
    perform(row->action);
}

void SbcapLink::perform(Action action) {
    switch (action) {
        case Action::kNone:
            return;
        case Action::kConnect:
            return open();
        case Action::kAnnounce:
            return announce();
        case Action::kBeginAnew:
            return begin_anew();
        case Action::kGoDown:
            return go_down();
    }
}

void SbcapLink::fail(std::string reason) {
    standing_.because(std::move(reason));
    fire(Event::kClosed);
}

void SbcapLink::open() {
    auto association = connect_();
    if (!association) return fail(association.error().text);
    begin(std::move(*association));
}

void SbcapLink::begin(net::SctpAssociationPtr association) {
    association_ = std::move(association);
    // An older one may still speak until it is swept away.
    const uint64_t mine = ++generation_;
    association_->start({.on_up =
                             [this, mine](const net::SctpUp& up) {
                                 if (mine == generation_) fire(up.restarted ? Event::kRestarted : Event::kUp);
                             },
                         .on_message =
                             [this, mine](const net::SctpMessage& message) {
                                 if (mine == generation_) on_message(message);
                             },
                         .on_path =
                             [this, mine](const net::SctpPath& path) {
                                 if (mine == generation_) path_changed(path);
                             },
                         .on_closed =
                             [this, mine](net::CloseReason reason) {
                                 if (mine != generation_) return;
                                 const std::string detail = association_->detail();
                                 fail(std::string(net::to_string(reason)) +
                                      (detail.empty() ? "" : ": " + detail));
                             }});
}

void SbcapLink::announce() {
    queue_.open();
    standing_.up(association_->remote(), Recovery::kUnknown);
}

void SbcapLink::begin_anew() {
    log_.warning("sbcap.association.restarted");
    queue_.close();
    probe_.abandon();
    standing_.because("the peer began the association anew");
    standing_.down();
    standing_.changed(true);
    announce();
}

void SbcapLink::go_down() {
    // The association may be the caller: it goes after its callback.
    sweep_ = parts_.timers.after(
        std::chrono::microseconds{0},
        [old = std::make_shared<net::SctpAssociationPtr>(std::move(association_))] { old->reset(); });
    ++generation_;
    queue_.close();
    probe_.abandon();
    standing_.down();
    if (connect_) standing_.retry([this] { fire(Event::kConnect); });
}

void SbcapLink::path_changed(const net::SctpPath& path) {
    log_.notice("sbcap.path",
                {{"address", path.host}, {"state", net::to_string(path.state)}, {"primary", path.primary}});
    parts_.owner.link_changed(name_);
}

// --- messages ---

base::Result<void> SbcapLink::write(const sbcap::Message& message) {
    const auto octets = sbcap::encode(message);
    if (!octets) return octets.error();
    // kClosed needs nothing here: on_closed follows.
    if (association_ == nullptr) return {};
    (void)association_->send({kSbcapStream, kSbcapPpid, *octets});
    parts_.owner.pdu(standing_.name(), PduDirection::kSent, *octets);
    return {};
}

void SbcapLink::tell(const sbcap::ErrorIndication& error) {
    if (const auto written = write(error); !written)
        log_.error("peer.request.unencodable", {{"reason", written.error().text}});
}

void SbcapLink::on_message(const net::SctpMessage& message) {
    if (message.ppid != kSbcapPpid) {
        log_.warning("sbcap.peer.foreign", {{"ppid", message.ppid}, {"stream", message.stream}});
        parts_.metrics.odd(Oddity::kForeign);
        return;
    }
    parts_.owner.pdu(standing_.name(), PduDirection::kReceived, message.octets);
    const auto decoded = sbcap::decode(message.octets);
    if (!decoded) {
        log_.warning("sbcap.peer.undecodable", {{"reason", decoded.error().text()}});
        parts_.metrics.odd(Oddity::kUndecodable);
        if (decoded.error().answer) tell(*decoded.error().answer);
        return;
    }
    handle(decoded->message);
    if (!decoded->notify) return;
    log_.warning("sbcap.peer.not_understood", {{"type", sbcap::name_of(decoded->message)}});
    parts_.metrics.odd(Oddity::kNotUnderstood);
    tell(*decoded->notify);
}

void SbcapLink::handle(const sbcap::Message& message) {
    log_.debug("sbcap.received", {{"type", sbcap::name_of(message)}});
    std::visit(Overload{
                   [&](const sbcap::WriteReplaceWarningResponse& one) {
                       handle_answer(Procedure::kWriteReplace, one);
                   },
                   [&](const sbcap::StopWarningResponse& one) { handle_answer(Procedure::kKill, one); },
                   [&](const sbcap::WriteReplaceWarningIndication& one) {
                       handle_report(Indication::kScheduled, report_in(one));
                   },
                   [&](const sbcap::StopWarningIndication& one) {
                       handle_report(Indication::kCancelled, report_in(one, parts_.network));
                   },
                   [&](const sbcap::PwsRestartIndication& one) { handle_restart(one); },
                   [&](const sbcap::PwsFailureIndication& one) { handle_failure(one); },
                   [&](const sbcap::ErrorIndication& one) { handle_error(one); },
                   [&](const sbcap::WriteReplaceWarningRequest&) {
                       parts_.metrics.odd(Oddity::kWrongDirection);
                       out_of_place(sbcap::Procedure::kWriteReplaceWarning,
                                    wire::Trigger::kInitiatingMessage);
                   },
                   [&](const sbcap::StopWarningRequest&) {
                       parts_.metrics.odd(Oddity::kWrongDirection);
                       out_of_place(sbcap::Procedure::kStopWarning, wire::Trigger::kInitiatingMessage);
                   },
               },
               message);
}

// A message that only a CBC sends, or an answer to nothing.
void SbcapLink::out_of_place(sbcap::Procedure procedure, wire::Trigger trigger) {
    const bool request = trigger == wire::Trigger::kInitiatingMessage;
    log_.warning("sbcap.peer.out_of_place", {{"procedure", static_cast<unsigned>(procedure)},
                                             {"message", request ? "request" : "response"}});
    sbcap::ErrorIndication error;
    error.cause = sbcap::Cause::kMessageNotCompatibleWithReceiverState;
    error.diagnostics = wire::CriticalityDiagnostics{.procedure = static_cast<uint8_t>(procedure),
                                                     .trigger = static_cast<uint8_t>(trigger),
                                                     .criticality = wire::Criticality::kReject,
                                                     .elements = {}};
    tell(error);
}

void SbcapLink::test() {
    if (fsm_ != State::kReady || probe_.out()) return;
    probe_.begin(parts_.tuning.request_timeout);
    if (const auto written = write(question_of_nothing(parts_.network)); !written)
        log_.error("peer.request.unencodable", {{"reason", written.error().text}});
}

void SbcapLink::handle_answer(Procedure procedure, const sbcap::WarningResponse& response) {
    if (procedure == Procedure::kKill && probe_.out() && answers_nothing(response))
        return probe_.conclude(RequestResult::kComplete);
    if (!queue_.asked(procedure, {response.message_identifier, response.serial})) {
        parts_.metrics.odd(Oddity::kUnasked);
        return out_of_place(procedure == Procedure::kKill ? sbcap::Procedure::kStopWarning
                                                          : sbcap::Procedure::kWriteReplaceWarning,
                            wire::Trigger::kSuccessfulOutcome);
    }
    const PeerAnswer answer = answer_in(response, queue_.out()->request, parts_.network);
    queue_.finish(answer,
                  answer.kind == AnswerKind::kComplete ? RequestResult::kComplete : RequestResult::kFailure);
}

void SbcapLink::handle_report(Indication kind, const Report& report) {
    parts_.metrics.indicated(kind);
    parts_.owner.reported(name_, report);
}

void SbcapLink::handle_restart(const sbcap::PwsRestartIndication& indication) {
    parts_.metrics.indicated(Indication::kRestart);
    for (const RestartedPart& part : restarted_in(indication)) {
        log_.notice("sbcap.restart", {{"node", part.node.value}, {"places", part.places.size()}});
        parts_.owner.cells_restarted(name_, part.places, Recovery::kDataLost, part.node);
    }
}

void SbcapLink::handle_failure(const sbcap::PwsFailureIndication& indication) {
    parts_.metrics.indicated(Indication::kFailure);
    const auto failures = failures_in(indication);
    log_.warning("sbcap.failure", {{"node", indication.enb.value}, {"cells", failures.size()}});
    parts_.owner.cells_failed(name_, failures);
}

// --- what the MME did not understand ---

void SbcapLink::handle_error(const sbcap::ErrorIndication& error) {
    parts_.metrics.indicated(Indication::kError);
    const sbcap::Cause cause = error.cause.value_or(sbcap::Cause::kUnspecifiedError);
    log_.warning("sbcap.error_indication", {{"cause", sbcap::to_string(cause)}});
    if (!queue_.out()) probe_.conclude(RequestResult::kError);
    if (about_our_request(error))
        queue_.finish(all_refused(sbcap_cause(static_cast<uint16_t>(cause))), RequestResult::kError);
}

// It names no message, only the procedure, and not always that.
bool SbcapLink::about_our_request(const sbcap::ErrorIndication& error) const {
    const auto& out = queue_.out();
    if (!out) return false;
    if (!error.diagnostics) return true;
    const auto& about = *error.diagnostics;
    constexpr auto kRequest = static_cast<uint8_t>(wire::Trigger::kInitiatingMessage);
    if (about.trigger && *about.trigger != kRequest) return false;
    const auto asked = procedure_of(out->request) == Procedure::kKill
                           ? sbcap::Procedure::kStopWarning
                           : sbcap::Procedure::kWriteReplaceWarning;
    return !about.procedure || *about.procedure == static_cast<uint8_t>(asked);
}

}  // namespace cbc
