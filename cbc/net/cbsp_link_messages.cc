// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a link does with each message of its peer.
#include "cbc/net/cbsp_link.h"
#include "cbc/net/cbsp_requests.h"
#include "cbc/wire/cbsp_procedures.h"

namespace cbc {
namespace {

Recovery recovery_of(cbsp::RecoveryIndication indication) {
    switch (indication) {
        case cbsp::RecoveryIndication::kDataAvailable:
            return Recovery::kDataAvailable;
        case cbsp::RecoveryIndication::kDataLost:
            return Recovery::kDataLost;
    }
    return Recovery::kUnknown;
}

MessageKind kind_of(cbsp::BroadcastMessageType type) {
    return type == cbsp::BroadcastMessageType::kEmergency ? MessageKind::kEmergency : MessageKind::kBroadcast;
}

// What it says of everything that was asked.
PeerAnswer refused_with(cbsp::Cause cause) { return all_refused(cbsp_cause(static_cast<uint16_t>(cause))); }

std::optional<Procedure> answered_by(cbsp::MessageType type) {
    const auto request = cbsp::request_of(type);
    if (request == cbsp::MessageType::kWriteReplace) return Procedure::kWriteReplace;
    if (request == cbsp::MessageType::kKill) return Procedure::kKill;
    if (request == cbsp::MessageType::kMessageStatusQuery) return Procedure::kStatusQuery;
    return std::nullopt;
}

}  // namespace

void CbspLink::on_message(base::ByteView octets) {
    const auto decoded = cbsp::decode(octets);
    if (!decoded) {
        log_.warning("cbsp.peer.undecodable", {{"reason", decoded.error().text()}});
        parts_.metrics.odd(Oddity::kUndecodable);
        // Two that answer each other's errors would never end.
        const bool about_error = octets.front() == static_cast<uint8_t>(cbsp::MessageType::kErrorIndication);
        if (!about_error) write(decoded.error().indication);
        return;
    }
    handle(decoded->message);
}

void CbspLink::handle(const cbsp::Message& message) {
    const cbsp::MessageType type = cbsp::type_of(message);
    log_.debug("cbsp.received", {{"type", cbsp::to_string(type)}});
    switch (type) {
        case cbsp::MessageType::kRestart:
            return handle_restart(std::get<cbsp::Restart>(message));
        case cbsp::MessageType::kFailure:
            return handle_failure(std::get<cbsp::Failure>(message));
        case cbsp::MessageType::kErrorIndication:
            return handle_error(std::get<cbsp::ErrorIndication>(message));
        case cbsp::MessageType::kResetComplete:
            return link_.resetting() ? handle_reset_answer(RequestResult::kComplete) : unasked(message);
        case cbsp::MessageType::kResetFailure:
            return link_.resetting() ? handle_reset_answer(RequestResult::kFailure) : unasked(message);
        case cbsp::MessageType::kKeepAliveComplete:
            return keep_alive_sent_ ? keep_alive_answered() : unasked(message);
        case cbsp::MessageType::kWriteReplaceComplete:
        case cbsp::MessageType::kWriteReplaceFailure:
        case cbsp::MessageType::kKillComplete:
        case cbsp::MessageType::kKillFailure:
        case cbsp::MessageType::kMessageStatusQueryComplete:
        case cbsp::MessageType::kMessageStatusQueryFailure:
            return handle_answer(message);
        case cbsp::MessageType::kLoadQueryComplete:
        case cbsp::MessageType::kLoadQueryFailure:
        case cbsp::MessageType::kSetDrxComplete:
        case cbsp::MessageType::kSetDrxFailure:
            return upkeep_.take_answer(message) ? void() : unasked(message);
        case cbsp::MessageType::kWriteReplace:
        case cbsp::MessageType::kKill:
        case cbsp::MessageType::kLoadQuery:
        case cbsp::MessageType::kMessageStatusQuery:
        case cbsp::MessageType::kSetDrx:
        case cbsp::MessageType::kReset:
        case cbsp::MessageType::kKeepAlive:
            break;
    }
    // A request that only a CBC may make.
    log_.warning("cbsp.peer.wrong_direction", {{"type", cbsp::to_string(type)}});
    parts_.metrics.odd(Oddity::kWrongDirection);
    cbsp::ErrorIndication error;
    error.cause = cbsp::Cause::kUnrecognisedMessage;
    write(error);
}

void CbspLink::handle_reset_answer(RequestResult result) {
    if (result != RequestResult::kComplete) log_.warning("cbsp.reset.refused");
    link_.reset_answered(result);
}

void CbspLink::handle_restart(const cbsp::Restart& restart) {
    parts_.metrics.indicated(Indication::kRestart);
    const Recovery recovery = recovery_of(restart.recovery);
    log_.notice("cbsp.restart", {{"cells", cbsp::size_of(restart.cells)},
                                 {"data", recovery == Recovery::kDataAvailable ? "available" : "lost"}});
    const auto cells = patterns_in(restart.cells);
    const bool everything = cells.size() == 1 && cells.front().everything();
    if (everything && recovery == Recovery::kDataLost) upkeep_.data_lost();
    parts_.owner.kind_restarted(link_.name(), kind_of(restart.type), cells, recovery);
    link_.restart_seen(everything, recovery);
}

void CbspLink::handle_failure(const cbsp::Failure& failure) {
    parts_.metrics.indicated(Indication::kFailure);
    parts_.owner.kind_failed(link_.name(), kind_of(failure.type), failures_in(failure.failures));
}

void CbspLink::handle_error(const cbsp::ErrorIndication& error) {
    parts_.metrics.indicated(Indication::kError);
    log_.warning("cbsp.error_indication", {{"cause", cbsp::to_string(error.cause)}});
    const bool unnamed = !error.message_identifier && !error.new_serial && !error.old_serial;
    if (unnamed) return handle_unnamed_error(error.cause);
    if (about_our_request(error)) link_.requests().finish(refused_with(error.cause), RequestResult::kError);
}

// A peer may put the serial number of a KILL into either element.
bool CbspLink::about_our_request(const cbsp::ErrorIndication& error) const {
    const auto& out = link_.requests().out();
    if (!out) return false;
    const auto asked = reference_of(out->request);
    if (error.message_identifier && *error.message_identifier != asked.identifier) return false;
    const auto* write = std::get_if<WriteRequest>(&out->request);
    const auto ours = [&](const std::optional<SerialNumber>& serial) {
        return !serial || *serial == asked.serial || (write != nullptr && serial == write->replaces);
    };
    return ours(error.new_serial) && ours(error.old_serial);
}

// It answers what was asked first.
void CbspLink::handle_unnamed_error(cbsp::Cause cause) {
    if (link_.resetting()) return handle_reset_answer(RequestResult::kFailure);
    const auto asked = upkeep_.asked();
    const auto& out = link_.requests().out();
    if (out && (!asked || out->sent <= *asked))
        return link_.requests().finish(refused_with(cause), RequestResult::kError);
    if (upkeep_.take_error(cause)) return;
    // A BSC of an early release does not know KEEP-ALIVE. That it says so shows that it lives.
    if (keep_alive_sent_ && cause == cbsp::Cause::kUnrecognisedMessage) keep_alive_answered();
}

void CbspLink::handle_answer(const cbsp::Message& message) {
    const auto answer = answer_in(message);
    const auto reference = reference_in(message);
    const auto procedure = answered_by(cbsp::type_of(message));
    if (!answer || !reference || !procedure || !link_.requests().asked(*procedure, *reference))
        return unasked(message);
    const bool complete = answer->kind == AnswerKind::kComplete;
    link_.requests().finish(*answer, complete ? RequestResult::kComplete : RequestResult::kFailure);
}

void CbspLink::unasked(const cbsp::Message& message) {
    log_.warning("cbsp.peer.unasked_answer", {{"type", cbsp::to_string(cbsp::type_of(message))}});
    parts_.metrics.odd(Oddity::kUnasked);
    cbsp::ErrorIndication error;
    error.cause = cbsp::Cause::kMessageReferenceNotIdentified;
    if (const auto reference = reference_in(message)) {
        error.message_identifier = reference->identifier;
        const bool written = cbsp::request_of(cbsp::type_of(message)) == cbsp::MessageType::kWriteReplace;
        (written ? error.new_serial : error.old_serial) = reference->serial;
    }
    write(error);
}

}  // namespace cbc
