// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An alert as it is written, decided on and kept.
//
// What an author writes is a Draft; Submit freezes it (serial number, start, end, digest of the exact content
// that is sent). Decisions are bound to that digest. Contributors only ever grow: who took part once can
// never approve.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cbe/domain/alert_fsm.h"
#include "cbe/domain/cell.h"
#include "cbe/domain/delivery.h"
#include "cbe/domain/ids.h"
#include "common/cbs/message_identifier.h"
#include "common/cbs/serial_number.h"
#include "common/time/clock.h"

namespace cbe {

struct Message {
    std::string language;  // ISO 639-1
    std::string text;      // tidied
    friend bool operator==(const Message&, const Message&) = default;
};

struct AllCells {
    friend bool operator==(const AllCells&, const AllCells&) = default;
};
struct ChosenCells {
    std::vector<Cell> cells;  // each once, sorted
    friend bool operator==(const ChosenCells&, const ChosenCells&) = default;
};
using Area = std::variant<AllCells, ChosenCells>;
inline constexpr size_t kMaxChosenCells = 2000;
Area chosen_cells(std::vector<Cell> cells);

// How the network queues it; officers always send high.
enum class Category { kNormal, kHigh, kBackground };
std::string_view to_string(Category category);
std::optional<Category> category_of(std::string_view word);

struct Draft {
    std::string channel;  // key; empty: an identifier that no channel has (machine clients only)
    cbs::MessageIdentifier identifier;
    std::vector<Message> messages;
    Area area = AllCells{};
    std::optional<base::Instant>
        start;  // none: when it is submitted. Only tests and exercises may wait (C-63)
    std::chrono::seconds duration{0};
    std::chrono::seconds repetition_period{60};
    std::optional<uint16_t> broadcasts;  // none: until the end
    Category category = Category::kHigh;
    std::string note;  // to the approver; never sent
};

// Everything that goes on air, and nothing else: what the digest is over.
struct Content {
    Mode mode = Mode::kTraining;
    cbs::SerialNumber serial;
    std::vector<cbs::MessageIdentifier> identifiers;  // one per message
    std::vector<Message> messages;
    Area area = AllCells{};
    base::Instant start{};
    base::Instant end{};
    std::chrono::seconds repetition_period{60};
    std::optional<uint16_t> broadcasts;
    Category category = Category::kHigh;
};

// Submitted content: the exact text that is digested and sent, as one string, so that nothing can differ.
struct Frozen {
    cbs::SerialNumber serial;
    base::Instant start{};
    base::Instant end{};
    std::string content;  // canonical JSON
    std::string digest;   // SHA-256 of `content`, lower-case hexadecimal
};

enum class DecisionKind { kSubmit, kApprove, kShrink, kStop };
std::string_view to_string(DecisionKind kind);
std::optional<DecisionKind> decision_kind_of(std::string_view word);

struct Decision {
    DecisionKind kind;
    UserId user;
    base::Instant time{};
    int64_t totp_step = 0;  // 0: a machine client, known by its certificate
};

enum class HistoryAction {
    kCreated,
    kSaved,
    kSubmitted,
    kWithdrawn,
    kReturned,
    kRejected,
    kDiscarded,
    kRestored,
    kApproved,
    kOnAir,
    kShrunk,
    kStopped,
    kStopAgain,
    kSuperseded,
    kCompleted,
    kFailed,
};
inline constexpr std::array kAllHistoryActions{
    HistoryAction::kCreated,   HistoryAction::kSaved,      HistoryAction::kSubmitted,
    HistoryAction::kWithdrawn, HistoryAction::kReturned,   HistoryAction::kRejected,
    HistoryAction::kDiscarded, HistoryAction::kRestored,   HistoryAction::kApproved,
    HistoryAction::kOnAir,     HistoryAction::kShrunk,     HistoryAction::kStopped,
    HistoryAction::kStopAgain, HistoryAction::kSuperseded, HistoryAction::kCompleted,
    HistoryAction::kFailed,
};
std::string_view to_string(HistoryAction action);
std::optional<HistoryAction> history_action_of(std::string_view word);

struct HistoryEntry {
    base::Instant at{};
    HistoryAction action;
    UserId by;  // empty: the system
    std::string reason;
    std::string digest;
};

// How an alert came out of an earlier one. An update takes its place, under the same name at the broadcast
// centres and with the next revision. An all-clear and a false alarm are alerts of their own, which end the
// first once they are on the air. A copy shares nothing but the words.
enum class RelationKind { kUpdate, kAllClear, kFalseAlarm, kCopy };
std::string_view to_string(RelationKind kind);
std::optional<RelationKind> relation_kind_of(std::string_view word);

struct Relation {
    RelationKind kind;
    AlertId to;
    friend bool operator==(const Relation&, const Relation&) = default;
};

struct Alert {
    AlertId id;
    uint64_t number = 0;    // counts up from 1: the cbc_message_id of the compatible interface
    uint32_t version = 1;   // of the record: each saved change adds one
    AlertId chain;          // its name at the broadcast centres: the id of the first of its revisions
    uint16_t revision = 1;  // towards the broadcast centres
    Status status = Status::kDraft;
    Mode mode = Mode::kTraining;
    Draft draft;
    std::optional<Frozen> frozen;
    std::vector<UserId> contributors;  // in the order they came
    std::vector<Decision> decisions;   // for the frozen content
    std::vector<HistoryEntry> history;
    UserId created_by;
    base::Instant created_at{};
    base::Instant updated_at{};
    std::optional<UserId> submitted_by;
    std::optional<base::Instant> submitted_at;
    std::optional<UserId> approved_by;
    std::optional<base::Instant> approved_at;
    std::optional<Relation> relation;
    std::optional<AlertId> superseded_by;
    std::optional<UserId> returned_by;  // of the last return; cannot edit until it is submitted again
    std::optional<base::Instant> on_air_at;
    std::optional<base::Instant> ended_at;

    bool has_contributor(const UserId& user) const;
    bool is_update() const { return relation && relation->kind == RelationKind::kUpdate; }
    // It ends another alert once it is on the air.
    bool ends_another() const {
        return relation &&
               (relation->kind == RelationKind::kAllClear || relation->kind == RelationKind::kFalseAlarm);
    }
};

void add_contributor(Alert& alert, const UserId& user);
void note(Alert& alert, HistoryAction action, const UserId& by, base::Instant now, std::string reason = {});

// What the end of its time means for this alert.
AlertEvent expiry_of(const Alert& alert);
// The status at that time: an alert whose end has passed is over even before anybody has written so.
Status status_at(const Alert& alert, base::Instant now);

// Applies an event with a row; answers false, and changes nothing, without one.
[[nodiscard]] bool move(Alert& alert, AlertEvent event, base::Instant now);

}  // namespace cbe
