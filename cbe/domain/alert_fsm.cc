// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/alert_fsm.h"

namespace cbe {
namespace {

struct Row {
    Status in;
    AlertEvent event;
    Status to;
};

// clang-format off
constexpr std::array kRows{
    //  in                        on                      go to
    Row{Status::kDraft, AlertEvent::kSubmit, Status::kPendingApproval},
    Row{Status::kReturned, AlertEvent::kSubmit, Status::kPendingApproval},
    Row{Status::kDraft, AlertEvent::kDiscard, Status::kDiscarded},
    Row{Status::kReturned, AlertEvent::kDiscard, Status::kDiscarded},
    Row{Status::kPendingApproval, AlertEvent::kWithdraw, Status::kDraft},
    Row{Status::kPendingApproval, AlertEvent::kReturn, Status::kReturned},
    Row{Status::kPendingApproval, AlertEvent::kReject, Status::kRejected},
    Row{Status::kPendingApproval, AlertEvent::kApprove, Status::kApproved},
    Row{Status::kDraft, AlertEvent::kShrink, Status::kApproved},
    Row{Status::kReturned, AlertEvent::kShrink, Status::kApproved},
    Row{Status::kDiscarded, AlertEvent::kRestoreDraft, Status::kDraft},
    Row{Status::kDiscarded, AlertEvent::kRestoreReturned, Status::kReturned},
    Row{Status::kApproved, AlertEvent::kConfirm, Status::kBroadcasting},
    Row{Status::kApproved, AlertEvent::kStop, Status::kCancelled},
    Row{Status::kApproved, AlertEvent::kExpire, Status::kFailed},
    Row{Status::kApproved, AlertEvent::kTrainingOver, Status::kCompleted},
    Row{Status::kApproved, AlertEvent::kSupersede, Status::kSuperseded},
    Row{Status::kBroadcasting, AlertEvent::kSupersede, Status::kSuperseded},
    Row{Status::kBroadcasting, AlertEvent::kStop, Status::kCancelled},
    Row{Status::kBroadcasting, AlertEvent::kExpire, Status::kCompleted},
};
// clang-format on

constexpr bool has_row(Status in, AlertEvent event) {
    for (const Row& row : kRows)
        if (row.in == in && row.event == event) return true;
    return false;
}
// What may be on the air always has an end and can always be stopped.
static_assert(has_row(Status::kApproved, AlertEvent::kExpire) &&
              has_row(Status::kApproved, AlertEvent::kStop));
static_assert(has_row(Status::kBroadcasting, AlertEvent::kExpire) &&
              has_row(Status::kBroadcasting, AlertEvent::kStop));

}  // namespace

std::optional<Status> next_status(Status in, AlertEvent event) {
    for (const Row& row : kRows)
        if (row.in == in && row.event == event) return row.to;
    return {};
}

std::string_view to_string(Status status) {
    switch (status) {
        case Status::kDraft:
            return "draft";
        case Status::kPendingApproval:
            return "pending_approval";
        case Status::kReturned:
            return "returned";
        case Status::kRejected:
            return "rejected";
        case Status::kDiscarded:
            return "discarded";
        case Status::kApproved:
            return "approved";
        case Status::kBroadcasting:
            return "broadcasting";
        case Status::kCompleted:
            return "completed";
        case Status::kCancelled:
            return "cancelled";
        case Status::kSuperseded:
            return "superseded";
        case Status::kFailed:
            return "failed";
    }
    return "unknown";
}

std::optional<Status> status_of(std::string_view word) {
    for (const Status status : kAllStatuses)
        if (to_string(status) == word) return status;
    return {};
}

std::string_view in_words(Status status) {
    switch (status) {
        case Status::kDraft:
            return "a draft";
        case Status::kPendingApproval:
            return "waiting for approval";
        case Status::kReturned:
            return "returned to its authors";
        case Status::kRejected:
            return "rejected";
        case Status::kDiscarded:
            return "discarded";
        case Status::kApproved:
            return "approved";
        case Status::kBroadcasting:
            return "live";
        case Status::kCompleted:
            return "ended";
        case Status::kCancelled:
            return "stopped";
        case Status::kSuperseded:
            return "replaced by an update";
        case Status::kFailed:
            return "over, and was never confirmed on air";
    }
    return "unknown";
}

bool is_editable(Status status) { return status == Status::kDraft || status == Status::kReturned; }

bool is_live(Status status) { return status == Status::kApproved || status == Status::kBroadcasting; }

}  // namespace cbe
