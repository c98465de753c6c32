// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What we ask a peer to do about one message, and what it answers, in terms of warnings and cells.
//
// net/ turns a request into the peer's protocol and its answer back into a PeerAnswer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cbc/domain/alert.h"
#include "cbc/domain/cause.h"

namespace cbc {

// What one peer is asked about.
using PeerArea = std::variant<AllCells, PlaceSet>;

// Put it on the air there; with `replaces`, in place of that serial number (PeerTraits::replaces).
// TS 48.049 §8.1.3.1, TS 25.419 §8.2, TS 29.168 §4.3.2, TS 38.413 §8.9.1.
struct WriteRequest {
    Message message;
    SerialNumber serial;
    std::optional<SerialNumber> replaces;
    PeerArea area;
    Schedule schedule;
    base::Instant at;  // what is left of the schedule counts from here
    // The node has restarted: the request is for it alone. TS 29.168 §4.3.3E.2.
    std::optional<RadioNode> restarted{};
};

// Take it off the air. TS 48.049 §8.1.3.4.
struct KillRequest {
    MessageIdentifier identifier;
    SerialNumber serial;
    PeerArea area;
};

// How often was it broadcast? TS 48.049 §8.1.3.10.
struct StatusRequest {
    MessageIdentifier identifier;
    SerialNumber serial;
    PeerArea area;
};

using PeerRequest = std::variant<WriteRequest, KillRequest, StatusRequest>;

// A place as a peer names it: what is absent holds for any. All absent: everything that the peer has.
struct PlacePattern {
    std::optional<Technology> technology{};
    PlaceKind kind = PlaceKind::kCell;
    std::optional<PlmnId> plmn{};
    std::optional<uint32_t> area{};
    std::optional<uint64_t> cell{};

    // Of a kArea: the area itself, and the cells whose name holds it.
    bool matches(const Place& place) const;
    bool everything() const { return kind == PlaceKind::kCell && !technology && !plmn && !area && !cell; }
    // The one cell that it names in full.
    std::optional<Place> exact() const;
    friend bool operator==(const PlacePattern&, const PlacePattern&) = default;
};
PlacePattern exactly(const Place& place);

// CBSP says what became of broadcast messages and of emergency messages (ETWS) apart. TS 48.049 §8.2.24.
enum class MessageKind : uint8_t { kAny, kBroadcast, kEmergency };
constexpr bool is_of(MessageKind kind, MessageIdentifier identifier) {
    return kind == MessageKind::kAny || (kind == MessageKind::kEmergency) == cbs::is_etws(identifier);
}

struct CellFailure {
    PlacePattern cell;
    Cause cause;
};

struct CellCount {
    PlacePattern cell;
    std::optional<uint16_t> broadcasts;  // none: the peer does not know
};

enum class AnswerKind { kComplete, kFailure };

struct PeerAnswer {
    AnswerKind kind = AnswerKind::kComplete;
    std::vector<PlacePattern> done;
    std::vector<CellFailure> failed;
    std::vector<CellCount> counts;
};

// What a peer tells by itself about a message that it accepted earlier (PeerTraits::reports).
enum class ReportKind : uint8_t {
    kScheduled,  // it is on the air there, or will be at its next turn
    kCancelled,  // it is off the air there
};
struct Report {
    MessageIdentifier identifier;
    SerialNumber serial;
    ReportKind kind;
    std::vector<CellCount> cells;
};

}  // namespace cbc
