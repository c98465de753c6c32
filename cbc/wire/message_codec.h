// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A message of SBc-AP, NGAP or SABP to octets and back, as far as the three do it alike: what is not
// understood is judged by its criticality, and what is wrong becomes an objection that its sender may be
// told. TS 29.168 §5.5, TS 38.413 §10, TS 25.419 §8.10, §10. Pure functions. For the codecs alone.
#pragma once

#include <optional>
#include <utility>

#include "cbc/wire/element_io.h"
#include "cbc/wire/objections.h"

namespace cbc::wire {

struct Protocol {
    size_t octets_max;  // a longer message is refused before it is read
    HasExtensions has_extensions;
    const MessageRule* (*rule_of)(uint8_t procedure, Trigger trigger);
    std::optional<uint8_t> error_indication;  // its procedure: nothing is answered to it
    // A mandatory element that may be missing all the same; none: there is no such.
    bool (*forgives)(const Pdu& pdu, const Diagnostic& missing) = nullptr;
};

// A message whose elements were judged but not read.
struct Opened {
    const Protocol* protocol;
    const MessageRule* rule;
    Pdu pdu;
    std::vector<Diagnostic> to_notify;
};
base::Result<Opened, Fault<Objection>> open(base::ByteView in, const Protocol& protocol);
// An element that the message cannot do without was not readable.
Fault<Objection> unreadable(const Opened& message, const std::optional<BadElement>& bad);
std::optional<Objection> notification(const Opened& message, const std::vector<Diagnostic>& unreadable);

// The protocols' causes have the same names for the same thing, and other numbers.
template <class Cause>
constexpr Cause cause_of(Complaint complaint) {
    switch (complaint) {
        case Complaint::kTransferSyntax:
            return Cause::kTransferSyntaxError;
        case Complaint::kMissingElement:
            return Cause::kMissingMandatoryElement;
        case Complaint::kAbstractSyntaxReject:
            return Cause::kAbstractSyntaxErrorReject;
        case Complaint::kAbstractSyntaxNotify:
            return Cause::kAbstractSyntaxErrorIgnoreAndNotify;
    }
    return Cause::kUnspecifiedError;
}

// `read(pdu, elements)` makes the message, or nothing when an element is bad.
template <class Values, class Message, class Read>
base::Result<Decoded<Message, Objection>, Fault<Objection>> decode_message(base::ByteView in,
                                                                           const Protocol& protocol,
                                                                           const Read& read) {
    const auto opened = open(in, protocol);
    if (!opened) return opened.error();
    ElementReader<Values> elements(opened->pdu, *opened->rule);
    std::optional<Message> message = read(opened->pdu, elements);
    if (!message || elements.bad()) return unreadable(*opened, elements.bad());
    return Decoded<Message, Objection>{std::move(*message), notification(*opened, elements.to_notify())};
}

// The same in a protocol that has a message for objections: `indicate(objection)` makes it.
template <class Values, class Message, class Indication, class Read, class Indicate>
base::Result<Decoded<Message, Indication>, Fault<Indication>> decode_message(base::ByteView in,
                                                                             const Protocol& protocol,
                                                                             const Read& read,
                                                                             const Indicate& indicate) {
    const auto told = [&](const std::optional<Objection>& objection) -> std::optional<Indication> {
        if (!objection) return std::nullopt;
        return indicate(*objection);
    };
    auto decoded = decode_message<Values, Message>(in, protocol, read);
    if (!decoded) return Fault<Indication>{decoded.error().error, told(decoded.error().answer)};
    return Decoded<Message, Indication>{std::move(decoded->message), told(decoded->notify)};
}

// `write(elements)` puts in what the message has.
template <class Values, class Write>
base::Result<base::Bytes> encode_message(const MessageRule& rule, Extensions extensions, const Write& write) {
    Pdu pdu{rule.trigger, rule.procedure, rule.criticality, {}, {}};
    ElementWriter<Values> elements(pdu, rule);
    write(elements);
    if (elements.error()) return *elements.error();
    return encode(pdu, extensions);
}

}  // namespace cbc::wire
