// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/admission.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "cbc/domain/message_content.h"
#include "common/cbs/text.h"

namespace cbc {
namespace {

using Verdict = std::optional<Refused>;  // none: this check is passed

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

Verdict check_against_held(const SendRequest& request, const Held& held, const Cbe& cbe) {
    if (held.revision == nullptr) return {};
    if (held.revision->cbe != cbe.name)
        return Refused{Refusal::kNotOwner, "alert " + request.id.value().text() + " belongs to CBE " +
                                               quoted(held.revision->cbe.value()) +
                                               "; send yours under an identifier of its own"};
    if (held.stop != nullptr)
        return Refused{Refusal::kAlertStopped, "alert " + request.id.value().text() + " was stopped at " +
                                                   base::to_rfc3339(held.stop->at) +
                                                   "; a stop is final: send a new alert"};
    const uint16_t known = held.revision->revision.value();
    if (request.revision.value() == known)
        return Refused{Refusal::kRevisionConflict,
                       "revision " + std::to_string(known) + " is held with digest " +
                           held.revision->digest.value() + "; send a change as a higher revision"};
    if (request.revision.value() < known)
        return Refused{
            Refusal::kRevisionOutdated,
            "revision " + std::to_string(known) + " is held already; send a change as a higher revision"};
    return {};
}

Verdict check_rights(const Content& content, const Cbe& cbe) {
    if (content.mode != cbe.mode)
        return Refused{Refusal::kModeNotAllowed, "CBE " + quoted(cbe.name.value()) +
                                                     " may send only alerts of mode " +
                                                     std::string(to_string(cbe.mode))};
    for (const Message& message : content.messages) {
        if (cbe.owns_code(content.serial, message.identifier)) continue;
        return Refused{Refusal::kSerialOutOfRange,
                       "message code " + std::to_string(message_code(content.serial, message.identifier)) +
                           " of serial number " + std::to_string(content.serial.value()) +
                           " is outside the range of CBE " + quoted(cbe.name.value()) + ", " +
                           cbe.codes_text(message.identifier)};
    }
    for (const Message& message : content.messages) {
        if (cbe.may_use(message.identifier)) continue;
        return Refused{Refusal::kIdentifierNotAllowed,
                       "CBE " + quoted(cbe.name.value()) + " may not send message identifier " +
                           std::to_string(message.identifier.value()) + " (" +
                           std::string(cbs::meaning(message.identifier)) + ")"};
    }
    return {};
}

Verdict check_messages(const Content& content) {
    if (content.messages.empty())
        return Refused{Refusal::kMessagesInvalid, "there is no message; an alert has at least one"};
    std::set<MessageIdentifier> seen;
    for (const Message& message : content.messages) {
        // Two texts under one identifier and serial number: a phone would show one of them, at random.
        if (!seen.insert(message.identifier).second)
            return Refused{
                Refusal::kMessagesInvalid,
                "message identifier " + std::to_string(message.identifier.value()) +
                    " stands twice; a further language takes the identifier for additional languages"};
    }
    return {};
}

Verdict check_text(const Message& message) {
    if (is_primary_alone(message) || message.coded) return {};
    const std::string where =
        "message " + std::to_string(message.identifier.value()) + " (" + message.language + "): ";
    const auto measured = cbs::measure(message.text, {.language = message.language});
    if (!measured) return Refused{Refusal::kTextNotEncodable, where + measured.error().text};
    if (!measured->refused.empty())
        return Refused{Refusal::kTextNotEncodable, where + measured->refused.front().sentence};
    if (measured->pages > cbs::kMaxPages)
        return Refused{Refusal::kTextTooLong,
                       where + "the text takes " + std::to_string(measured->characters) +
                           " characters; 15 pages hold " + std::to_string(measured->limit)};
    const auto encoded = cbs::encode(message.text, {.language = message.language});
    if (!encoded) return Refused{Refusal::kTextNotEncodable, where + encoded.error().text};
    return {};
}

Verdict check_times(const Schedule& schedule, base::Instant now) {
    const auto refuse = [](std::string text) { return Refused{Refusal::kTimesInvalid, std::move(text)}; };
    const std::string end = base::to_rfc3339(schedule.end);
    if (schedule.end <= schedule.start)
        return refuse("end " + end + " is not after start " + base::to_rfc3339(schedule.start));
    if (schedule.end <= now)
        return refuse("end " + end + " is past; it is " + base::to_rfc3339(now) + " here");
    if (schedule.end - schedule.start > kDurationMax) return refuse("from start to end is more than 7 days");
    if (schedule.start - now > kStartAheadMax) return refuse("start is more than 7 days ahead");
    return {};
}

Verdict check_repetition(const Schedule& schedule) {
    const auto period = schedule.repetition_period;
    if (schedule.slots) return {};  // counted as its own interface counts, and checked there
    if (period < kRepetitionMin || period > kRepetitionMax)
        return Refused{
            Refusal::kRepetitionInvalid,
            "a repetition period of " + std::to_string(period.count()) + " s is outside 2 to 7710 s"};
    if (schedule.number_of_broadcasts && *schedule.number_of_broadcasts == 0)
        return Refused{Refusal::kRepetitionInvalid,
                       "number_of_broadcasts is 0; leave it null to go on until the end"};
    return {};
}

// "12 cells, 2 areas and 1 shape"
std::string size_text(const ChosenArea& area) {
    const auto cells =
        static_cast<size_t>(std::count_if(area.places.begin(), area.places.end(),
                                          [](const Place& place) { return place.kind == PlaceKind::kCell; }));
    std::vector<std::string> parts;
    const auto add = [&](size_t count, const std::string& one) {
        if (count > 0) parts.push_back(std::to_string(count) + " " + one + (count == 1 ? "" : "s"));
    };
    add(cells, "cell");
    add(area.places.size() - cells, "area");
    add(area.shapes.size(), "shape");
    std::string text;
    for (size_t i = 0; i < parts.size(); ++i)
        text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
    return text.empty() ? "nothing" : text;
}

// Cells of other operators are no error: every operator gets the same request.
Verdict check_cells(const Area& area, const AdmissionContext& context) {
    const auto* chosen = std::get_if<ChosenArea>(&area);
    if (chosen == nullptr) return {};
    std::optional<base::Result<Targets>> own;
    if (context.targets == nullptr) own = targets_of(area, context.cells);
    const base::Result<Targets>& targets = own ? *own : *context.targets;
    if (!targets) return Refused{Refusal::kCellsUnknown, "the area cannot be used: " + targets.error().text};
    if (targets->any()) return {};
    const std::string first = chosen->places.empty() ? "" : ", as " + chosen->places.front().text();
    return Refused{Refusal::kCellsUnknown,
                   "none of this operator's " + std::to_string(context.cells.rows().size()) +
                       " cells is in the area, which is " + size_text(*chosen) + first};
}

Verdict check_serial_free(const SendRequest& request, const AdmissionContext& context) {
    for (const Message& message : request.content.messages) {
        const AlertRevision* user =
            context.user_of_code(request.content.serial, message.identifier, request.id);
        if (user == nullptr) continue;
        return Refused{Refusal::kSerialInUse,
                       "message code " +
                           std::to_string(message_code(request.content.serial, message.identifier)) +
                           " is in use by alert " + user->id.value().text() + " until " +
                           base::to_rfc3339(user->content.schedule.end + kKeptAfterEnd)};
    }
    return {};
}

// A primary notification may be given its text, the secondary one, which phones have not shown yet.
bool only_adds_text(const Message& before, const Message& after) {
    return is_primary_alone(before) && before.identifier == after.identifier &&
           before.security == after.security && before.warning_type == after.warning_type;
}

bool may_keep_serial(const std::vector<Message>& before, const std::vector<Message>& after) {
    return std::equal(before.begin(), before.end(), after.begin(), after.end(),
                      [](const Message& a, const Message& b) { return a == b || only_adds_text(a, b); });
}

// A phone that has shown this serial number stays silent for other words under it. TS 23.041 §9.4.1.2.1.
Verdict check_new_text(const SendRequest& request, const Held& held) {
    if (held.revision == nullptr) return {};
    const Content& before = held.revision->content;
    if (before.serial != request.content.serial || may_keep_serial(before.messages, request.content.messages))
        return {};
    return Refused{Refusal::kSerialInUse,
                   "other texts or identifiers need another serial number than that of revision " +
                       std::to_string(held.revision->revision.value()) + "; raise the update number"};
}

// One submit and one approve by different users; a revision that only shrinks needs any one decision.
Verdict check_decisions(const SendRequest& request, const Held& held) {
    const auto& decisions = request.decisions;
    if (held.revision != nullptr && extent_of(held.revision->content, request.content) == Extent::kShrinks &&
        !decisions.empty())
        return {};
    bool submitted = false;
    bool approved = false;
    for (const Decision& submit : decisions) {
        if (submit.action != DecisionAction::kSubmit) continue;
        submitted = true;
        for (const Decision& approve : decisions) {
            if (approve.action != DecisionAction::kApprove) continue;
            approved = true;
            if (approve.user != submit.user) return {};
        }
    }
    std::string why = "a new alert or revision needs one submit and one approve by different users; ";
    why += !submitted ? "there is no submit" : !approved ? "there is no approve" : "both are by one user";
    return Refused{Refusal::kDecisionsInsufficient, std::move(why)};
}

Verdict check_content(const SendRequest& request, const AdmissionContext& context, const Cbe& cbe) {
    if (auto no = check_rights(request.content, cbe)) return no;
    if (auto no = check_messages(request.content)) return no;
    for (const Message& message : request.content.messages)
        if (auto no = check_text(message)) return no;
    if (auto no = check_times(request.content.schedule, context.now)) return no;
    if (auto no = check_repetition(request.content.schedule)) return no;
    if (auto no = check_cells(request.content.area, context)) return no;
    return check_serial_free(request, context);
}

Refused unknown_cbe(std::string_view uri) {
    return {Refusal::kUnknownCbe, "certificate " + quoted(uri) +
                                      " is not in this CBC's table of CBEs; the operator adds it under cbes"};
}

}  // namespace

std::string_view code_of(Refusal refusal) {
    switch (refusal) {
        case Refusal::kUnknownCbe:
            return "unknown-cbe";
        case Refusal::kDigestMismatch:
            return "digest-mismatch";
        case Refusal::kNotOwner:
            return "not-owner";
        case Refusal::kAlertStopped:
            return "alert-stopped";
        case Refusal::kAlertUnknown:
            return "alert-unknown";
        case Refusal::kRevisionConflict:
            return "revision-conflict";
        case Refusal::kRevisionOutdated:
            return "revision-outdated";
        case Refusal::kModeNotAllowed:
            return "mode-not-allowed";
        case Refusal::kSerialOutOfRange:
            return "serial-out-of-range";
        case Refusal::kIdentifierNotAllowed:
            return "identifier-not-allowed";
        case Refusal::kMessagesInvalid:
            return "messages-invalid";
        case Refusal::kTextNotEncodable:
            return "text-not-encodable";
        case Refusal::kTextTooLong:
            return "text-too-long";
        case Refusal::kTimesInvalid:
            return "times-invalid";
        case Refusal::kRepetitionInvalid:
            return "repetition-invalid";
        case Refusal::kCellsUnknown:
            return "cells-unknown";
        case Refusal::kSerialInUse:
            return "serial-in-use";
        case Refusal::kDecisionsInsufficient:
            return "decisions-insufficient";
    }
    return "refused";
}

base::Result<Admitted, Refused> admit(const SendRequest& request, const AdmissionContext& context) {
    const Cbe* cbe = context.cbes.by_certificate(request.certificate_uri);
    if (cbe == nullptr) return unknown_cbe(request.certificate_uri);
    if (request.digest != request.recomputed)
        return Refused{Refusal::kDigestMismatch,
                       "the digest is " + request.digest.value() + " but that of this content is " +
                           request.recomputed.value() + "; what was approved is not what was sent"};
    const Held held = context.held(request.id);
    if (held.revision != nullptr && held.stop == nullptr && held.revision->cbe == cbe->name &&
        held.revision->revision == request.revision && held.revision->digest == request.digest)
        return Admitted::kRepeat;
    if (auto no = check_against_held(request, held, *cbe)) return *no;
    if (auto no = check_content(request, context, *cbe)) return *no;
    if (auto no = check_new_text(request, held)) return *no;
    if (cbe->approval == Approval::kTwoPersons)
        if (auto no = check_decisions(request, held)) return *no;
    return Admitted::kNew;
}

base::Result<Admitted, Refused> admit(const AlertRevision& of_twin, const AdmissionContext& context) {
    const Content& content = of_twin.content;
    const Cbe* cbe = context.cbes.by_name(of_twin.cbe);
    if (cbe == nullptr)
        return Refused{Refusal::kUnknownCbe,
                       "CBE " + quoted(of_twin.cbe.value()) +
                           " is not in this CBC's table of CBEs; twins need the same table"};
    if (auto no = check_rights(content, *cbe)) return *no;
    if (auto no = check_messages(content)) return *no;
    for (const Message& message : content.messages)
        if (auto no = check_text(message)) return *no;
    // Its start is near enough, and what is over is only remembered.
    if (auto no = check_times(content.schedule, std::min(context.now, content.schedule.start))) return *no;
    if (auto no = check_repetition(content.schedule)) return *no;
    return Admitted::kNew;
}

base::Result<Admitted, Refused> admit(const StopRequest& request, const AdmissionContext& context) {
    const Cbe* cbe = context.cbes.by_certificate(request.certificate_uri);
    if (cbe == nullptr) return unknown_cbe(request.certificate_uri);
    const Held held = context.held(request.id);
    if (held.revision == nullptr)
        return Refused{Refusal::kAlertUnknown, "alert " + request.id.value().text() + " is not known here"};
    if (held.revision->cbe != cbe->name && cbe->stop_right == StopRight::kOwnAlerts)
        return Refused{Refusal::kNotOwner, "alert " + request.id.value().text() + " belongs to CBE " +
                                               quoted(held.revision->cbe.value()) + ", and CBE " +
                                               quoted(cbe->name.value()) + " may not stop others' alerts"};
    if (held.stop != nullptr) return Admitted::kRepeat;
    const bool decided = std::any_of(request.decisions.begin(), request.decisions.end(),
                                     [](const Decision& d) { return d.action == DecisionAction::kStop; });
    if (!decided)
        return Refused{Refusal::kDecisionsInsufficient, "stopping needs one decision with the action stop"};
    return Admitted::kNew;
}

}  // namespace cbc
