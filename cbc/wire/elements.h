// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The form that SBc-AP, NGAP and SABP share: a procedure's message is a list of elements, each with an
// identifier, a criticality and a value of its own, so that a receiver can skip what it does not know.
// TS 29.168 §5.4, TS 38.413 §9.4, TS 25.419 §9.3; aligned PER (X.691).
//
// And what a receiver says of elements that are unknown, missing or unreadable: TS 29.168 §5.5, TS 38.413
// §10.3, TS 25.419 §10.3.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/result.h"

namespace asn1 {
class BitReader;
}

namespace cbc::wire {

enum class Criticality : uint8_t { kReject = 0, kIgnore = 1, kNotify = 2 };
// Which of the alternatives of a PDU it is.
enum class Trigger : uint8_t { kInitiatingMessage = 0, kSuccessfulOutcome = 1, kUnsuccessfulOutcome = 2 };

struct Element {
    uint16_t id;
    Criticality criticality;
    base::Bytes value;  // the contents of its open type
};

struct Pdu {
    Trigger trigger = Trigger::kInitiatingMessage;
    uint8_t procedure = 0;
    Criticality criticality = Criticality::kReject;
    std::vector<Element> elements;
    std::vector<Element> extensions;  // protocolExtensions; NGAP has none
};

// Whether the messages of a protocol have the optional member protocolExtensions.
enum class Extensions { kNone, kOptional };

base::Bytes encode(const Pdu& pdu, Extensions extensions);
// A PDU as far as its first three octets tell; the open type with all the rest follows.
base::Result<Pdu, base::DecodeError> read_header(asn1::BitReader& in);
// The procedure decides whether its message has the member (Error-Indication of SBc-AP has not).
using HasExtensions = Extensions (*)(uint8_t procedure);
base::Result<Pdu, base::DecodeError> decode(base::ByteView in, HasExtensions has_extensions);

// What a message may hold. A table is sorted as the standard lists the elements.
enum class Presence : uint8_t { kMandatory, kOptional };
enum class Where : uint8_t { kElement, kExtension };
struct ElementRule {
    uint16_t id;
    Criticality criticality;
    Presence presence;
    Where where;
    std::string_view name;
};
struct MessageRule {
    uint8_t procedure;
    Trigger trigger;
    Criticality criticality;  // of the procedure
    std::string_view name;
    std::span<const ElementRule> elements;
};

// One line of Criticality Diagnostics.
struct Diagnostic {
    Criticality criticality;
    uint16_t id;
    enum class Kind : uint8_t { kNotUnderstood = 0, kMissing = 1 } kind;
    friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

// What a message says of another one: Criticality Diagnostics. TS 29.168 §4.3.4.3.3, TS 38.413 §9.3.1.3.
struct CriticalityDiagnostics {
    std::optional<uint8_t> procedure;
    std::optional<uint8_t> trigger;
    std::optional<Criticality> criticality;
    std::vector<Diagnostic> elements;
    friend bool operator==(const CriticalityDiagnostics&, const CriticalityDiagnostics&) = default;
};

// What stands in a message beyond what is understood.
struct Verdict {
    // The message cannot be used: an element marked reject is not understood or missing.
    bool rejected = false;
    // For the sender: elements marked reject or notify. Those marked ignore are passed over in silence.
    std::vector<Diagnostic> diagnostics;
};
// Compares identifiers alone; an element that is there twice counts as not understood the second time.
Verdict judge(const Pdu& pdu, const MessageRule& rule);

}  // namespace cbc::wire
