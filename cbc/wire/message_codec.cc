// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/message_codec.h"

#include <algorithm>

namespace cbc::wire {
namespace {

using base::DecodeError;

Objection objection(Complaint complaint, const Pdu& pdu, std::vector<Diagnostic> elements) {
    constexpr size_t kElementsMax = 256;  // maxNrOfErrors
    if (elements.size() > kElementsMax) elements.resize(kElementsMax);
    return {complaint, CriticalityDiagnostics{pdu.procedure, static_cast<uint8_t>(pdu.trigger),
                                              pdu.criticality, std::move(elements)}};
}

// An indication of an error is never answered by another.
std::optional<Objection> unless_error(const Protocol& protocol, const Pdu& pdu, Objection answer) {
    if (pdu.procedure == protocol.error_indication) return std::nullopt;
    return answer;
}

Fault<Objection> no_pdu(DecodeError error) {
    return {std::move(error), Objection{Complaint::kTransferSyntax, std::nullopt}};
}

Fault<Objection> unknown_procedure(const Pdu& pdu) {
    Fault<Objection> fault{{DecodeError::Kind::kUnknownElement, 1, "procedureCode"}, std::nullopt};
    if (pdu.criticality == Criticality::kReject)
        fault.answer = objection(Complaint::kAbstractSyntaxReject, pdu, {});
    if (pdu.criticality == Criticality::kNotify)
        fault.answer = objection(Complaint::kAbstractSyntaxNotify, pdu, {});
    return fault;
}

void forgive(Verdict& verdict, const Protocol& protocol, const Pdu& pdu) {
    if (protocol.forgives == nullptr) return;
    verdict.rejected = std::ranges::any_of(verdict.diagnostics, [&](const Diagnostic& one) {
        const bool forgiven = one.kind == Diagnostic::Kind::kMissing && protocol.forgives(pdu, one);
        return one.criticality == Criticality::kReject && !forgiven;
    });
}

Fault<Objection> rejected(const Protocol& protocol, const Pdu& pdu, const MessageRule& rule,
                          const std::vector<Diagnostic>& diagnostics) {
    const auto& first = diagnostics.front();
    const bool is_missing = std::ranges::all_of(
        diagnostics, [](const Diagnostic& one) { return one.kind == Diagnostic::Kind::kMissing; });
    const auto kind = is_missing ? DecodeError::Kind::kMissingElement : DecodeError::Kind::kUnknownElement;
    return {{kind, 0, std::string(rule.name) + ": element " + std::to_string(first.id)},
            unless_error(protocol, pdu, objection(Complaint::kAbstractSyntaxReject, pdu, diagnostics))};
}

}  // namespace

base::Result<Opened, Fault<Objection>> open(base::ByteView in, const Protocol& protocol) {
    if (in.size() > protocol.octets_max) return no_pdu({DecodeError::Kind::kTooLong, 0, "PDU"});
    auto pdu = decode(in, protocol.has_extensions);
    if (!pdu) return no_pdu(pdu.error());
    const auto* rule = protocol.rule_of(pdu->procedure, pdu->trigger);
    if (rule == nullptr) return unknown_procedure(*pdu);
    auto verdict = judge(*pdu, *rule);
    forgive(verdict, protocol, *pdu);
    if (verdict.rejected) return rejected(protocol, *pdu, *rule, verdict.diagnostics);
    return Opened{&protocol, rule, std::move(*pdu), std::move(verdict.diagnostics)};
}

Fault<Objection> unreadable(const Opened& message, const std::optional<BadElement>& bad) {
    const auto& [protocol, rule, pdu, to_notify] = message;
    if (!bad)
        return {{DecodeError::Kind::kMissingElement, 0, std::string(rule->name)},
                unless_error(*protocol, pdu, objection(Complaint::kMissingElement, pdu, {}))};
    auto error = bad->error;
    error.field = std::string(rule->name) + ": " + error.field;
    const Diagnostic which{bad->element->criticality, bad->element->id, Diagnostic::Kind::kNotUnderstood};
    return {std::move(error),
            unless_error(*protocol, pdu, objection(Complaint::kAbstractSyntaxReject, pdu, {which}))};
}

std::optional<Objection> notification(const Opened& message, const std::vector<Diagnostic>& unreadable) {
    auto all = message.to_notify;
    all.insert(all.end(), unreadable.begin(), unreadable.end());
    if (all.empty()) return std::nullopt;
    return unless_error(*message.protocol, message.pdu,
                        objection(Complaint::kAbstractSyntaxNotify, message.pdu, std::move(all)));
}

}  // namespace cbc::wire
