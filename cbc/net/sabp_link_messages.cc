// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a link does with each message of its RNC.
#include <algorithm>

#include "cbc/net/sabp_link.h"
#include "cbc/net/sabp_requests.h"

namespace cbc {
namespace {

// Its own list of service areas is not longer than a message may say.
constexpr size_t kAreasMax = 65'535;

Recovery recovery_of(std::optional<sabp::RecoveryIndication> indication) {
    if (!indication) return Recovery::kUnknown;
    switch (*indication) {
        case sabp::RecoveryIndication::kDataAvailable:
            return Recovery::kDataAvailable;
        case sabp::RecoveryIndication::kDataLost:
            return Recovery::kDataLost;
    }
    return Recovery::kUnknown;
}

std::string_view to_string(Recovery recovery) {
    switch (recovery) {
        case Recovery::kDataAvailable:
            return "available";
        case Recovery::kDataLost:
            return "lost";
        case Recovery::kUnknown:
            return "unknown";
    }
    return "unknown";
}

RequestResult result_of(AnswerKind kind) {
    return kind == AnswerKind::kComplete ? RequestResult::kComplete : RequestResult::kFailure;
}

}  // namespace

void SabpLink::on_message(base::ByteView octets) {
    const auto decoded = sabp::decode(octets);
    if (!decoded) {
        log_.warning("sabp.peer.undecodable", {{"reason", decoded.error().text()}});
        parts_.metrics.odd(Oddity::kUndecodable);
        if (decoded.error().answer) (void)write(*decoded.error().answer);
        return;
    }
    log_.debug("sabp.received", {{"type", sabp::name_of(decoded->message)}});
    if (decoded->notify) (void)write(*decoded->notify);
    handle(decoded->message);
}

void SabpLink::handle(const sabp::Message& message) {
    if (const auto* restart = std::get_if<sabp::Restart>(&message)) return handle_restart(*restart);
    if (const auto* error = std::get_if<sabp::ErrorIndication>(&message)) return handle_error(*error);
    if (const auto* failure = std::get_if<sabp::Failure>(&message)) {
        parts_.metrics.indicated(Indication::kFailure);
        std::vector<CellFailure> failed;
        for (const auto& pattern : patterns_in(failure->areas))
            failed.push_back({pattern, kCauseReportedDown});
        return parts_.owner.cells_failed(link_.name(), failed);
    }
    if (const auto* complete = std::get_if<sabp::ResetComplete>(&message))
        return handle_reset_answer(*complete, RequestResult::kComplete);
    if (const auto* failure = std::get_if<sabp::ResetFailure>(&message))
        return handle_reset_answer(*failure, RequestResult::kFailure);
    if (const auto* complete = std::get_if<sabp::LoadQueryComplete>(&message))
        return test_sent_ ? tested(RequestResult::kComplete, complete->loads.size(), 0) : unasked(message);
    if (const auto* failure = std::get_if<sabp::LoadQueryFailure>(&message))
        return test_sent_ ? tested(RequestResult::kFailure, failure->loads.size(), failure->failed.size())
                          : unasked(message);
    return answer_in(message) ? handle_answer(message) : wrong_direction(message);
}

void SabpLink::handle_reset_answer(const sabp::ResetAnswer& answer, RequestResult result) {
    const bool complete = result == RequestResult::kComplete;
    if (!link_.resetting()) {
        if (complete) return unasked(sabp::ResetComplete{answer});
        return unasked(sabp::ResetFailure{answer});
    }
    if (!complete) log_.warning("sabp.reset.refused", {{"areas", answer.failed.size()}});
    link_.reset_answered(result);
}

void SabpLink::learn(const sabp::ServiceAreas& areas) {
    for (const auto& area : areas)
        if (told_.size() < kAreasMax) told_.insert(area);
    areas_.insert(told_.begin(), told_.end());
}

// At connect an RNC speaks of all of its areas. Without a list, which it must not leave out, it means all
// too.
void SabpLink::handle_restart(const sabp::Restart& restart) {
    parts_.metrics.indicated(Indication::kRestart);
    const Recovery recovery = recovery_of(restart.recovery);
    log_.notice("sabp.restart", {{"areas", restart.areas.size()}, {"data", to_string(recovery)}});
    const std::set<sabp::ServiceArea> named(restart.areas.begin(), restart.areas.end());
    const bool everything =
        named.empty() || std::includes(named.begin(), named.end(), areas_.begin(), areas_.end());
    learn(restart.areas);
    const auto cells = named.empty() ? std::vector(1, PlacePattern{}) : patterns_in(restart.areas);
    parts_.owner.cells_restarted(link_.name(), cells, recovery, std::nullopt);
    link_.restart_seen(everything, recovery);
}

void SabpLink::handle_error(const sabp::ErrorIndication& error) {
    parts_.metrics.indicated(Indication::kError);
    const auto cause = error.cause.value_or(sabp::Cause::kUnspecifiedError);
    log_.warning("sabp.error_indication", {{"cause", text_of(sabp_cause(static_cast<uint16_t>(cause)))}});
    if (about_our_request(error))
        return link_.requests().finish(all_refused(sabp_cause(static_cast<uint16_t>(cause))),
                                       RequestResult::kError);
    // Unnamed, it answers what was asked first.
    if (error.message_identifier || error.serial) return;
    if (link_.resetting()) return handle_reset_answer({}, RequestResult::kFailure);
    if (test_sent_) tested(RequestResult::kError, 0, 0);
}

bool SabpLink::about_our_request(const sabp::ErrorIndication& error) const {
    const auto& out = link_.requests().out();
    if (!out) return false;
    if (!error.message_identifier && !error.serial) return !test_sent_ || out->sent <= *test_sent_;
    const auto [identifier, serial] = reference_of(out->request);
    const auto* write = std::get_if<WriteRequest>(&out->request);
    return (!error.message_identifier || *error.message_identifier == identifier) &&
           (!error.serial || *error.serial == serial ||
            (write != nullptr && error.serial == write->replaces));
}

void SabpLink::handle_answer(const sabp::Message& message) {
    const auto about = reference_in(message);
    if (!about || !link_.requests().asked(about->procedure, about->message)) return unasked(message);
    const auto answer = *answer_in(message);
    link_.requests().finish(answer, result_of(answer.kind));
}

void SabpLink::unasked(const sabp::Message& message) {
    log_.warning("sabp.peer.unasked_answer", {{"type", sabp::name_of(message)}});
    parts_.metrics.odd(Oddity::kUnasked);
    sabp::ErrorIndication error{.cause = sabp::Cause::kMessageNotCompatibleWithReceiverState};
    if (const auto about = reference_in(message)) {
        error.message_identifier = about->message.identifier;
        error.serial = about->message.serial;
    }
    (void)write(error);
}

// A request that only a CBC may make.
void SabpLink::wrong_direction(const sabp::Message& message) {
    log_.warning("sabp.peer.wrong_direction", {{"type", sabp::name_of(message)}});
    parts_.metrics.odd(Oddity::kWrongDirection);
    (void)write(sabp::ErrorIndication{.cause = sabp::Cause::kUnrecognisedMessage});
}

}  // namespace cbc
