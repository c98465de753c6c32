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
//        └──▶ where it was, by `restore`, for half a minute
//
// Pending goes to rejected by `reject`, which is final. An update of a live alert is an alert of its own:
// when it is confirmed, the one that it updates goes from approved or broadcasting to superseded. An update
// that only takes something off the air goes from draft or returned to approved by `shrink`, by one person.
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
    kRejected,
    kDiscarded,
    kApproved,
    kBroadcasting,
    kCompleted,
    kCancelled,
    kSuperseded,
    kFailed,
};
inline constexpr std::array kAllStatuses{
    Status::kDraft,     Status::kPendingApproval, Status::kReturned,     Status::kRejected,
    Status::kDiscarded, Status::kApproved,        Status::kBroadcasting, Status::kCompleted,
    Status::kCancelled, Status::kSuperseded,      Status::kFailed,
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
    kReject,
    kShrink,
    kSupersede,
    kRestoreDraft,
    kRestoreReturned,
};
inline constexpr std::array kAllAlertEvents{
    AlertEvent::kSubmit,       AlertEvent::kWithdraw,        AlertEvent::kReturn,
    AlertEvent::kApprove,      AlertEvent::kConfirm,         AlertEvent::kStop,
    AlertEvent::kExpire,       AlertEvent::kTrainingOver,    AlertEvent::kDiscard,
    AlertEvent::kReject,       AlertEvent::kShrink,          AlertEvent::kSupersede,
    AlertEvent::kRestoreDraft, AlertEvent::kRestoreReturned,
};

// None: the event has no row for that status.
std::optional<Status> next_status(Status in, AlertEvent event);

// Content can be edited; nothing is frozen.
bool is_editable(Status status);
// Approved and not over: something is, or is to be, on the air.
bool is_live(Status status);

}  // namespace cbe
