// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The status of an alert and how it moves.
//
//              submit                 approve            confirm
//     draft ───────────▶ pending ───────────▶ approved ─────────▶ broadcasting
//       │ ▲  withdraw ◀──┘  │                  │   │ expire          │     │ expire
//       │ └────────────     │ return      stop │   └─────▶ failed    │     └─────▶ completed
//       │ discard      │    ▼                  ▼                stop │     (training: approved ─▶ completed)
//       ▼            submit returned         cancelled ◀─────────────┘
//     discarded ◀───────────┘ discard
//
// Approved is not on air: `confirm` is the first network element that confirms. An event without a row is
// refused, and the caller says so to whoever asked.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace cbe {

enum class Status {
    kDraft,
    kPendingApproval,
    kReturned,
    kDiscarded,
    kApproved,
    kBroadcasting,
    kCompleted,
    kCancelled,
    kFailed,
};
inline constexpr std::array kAllStatuses{
    Status::kDraft,     Status::kPendingApproval, Status::kReturned,
    Status::kDiscarded, Status::kApproved,        Status::kBroadcasting,
    Status::kCompleted, Status::kCancelled,       Status::kFailed,
};
std::string_view to_string(Status status);  // as in the API: "pending_approval"
std::optional<Status> status_of(std::string_view word);
std::string_view in_words(Status status);  // for sentences: "waiting for approval"

// kTrainingOver is the expiry of a training alert: nothing was sent, so nothing has failed.
enum class AlertEvent {
    kSubmit,
    kWithdraw,
    kReturn,
    kApprove,
    kConfirm,
    kStop,
    kExpire,
    kTrainingOver,
    kDiscard,
};
inline constexpr std::array kAllAlertEvents{
    AlertEvent::kSubmit,  AlertEvent::kWithdraw,     AlertEvent::kReturn,
    AlertEvent::kApprove, AlertEvent::kConfirm,      AlertEvent::kStop,
    AlertEvent::kExpire,  AlertEvent::kTrainingOver, AlertEvent::kDiscard,
};

// None: the event has no row for that status.
std::optional<Status> next_status(Status in, AlertEvent event);

// Content can be edited; nothing is frozen.
bool is_editable(Status status);
// Approved and not over: something is, or is to be, on the air.
bool is_live(Status status);

}  // namespace cbe
