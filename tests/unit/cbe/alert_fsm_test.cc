// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/alert_fsm.h"

#include <optional>

#include "cbe/domain/alert.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using cbe::AlertEvent;
using cbe::Status;

struct Row {
    Status in;
    AlertEvent event;
    Status to;
};
constexpr std::array kExpected{
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
    Row{Status::kApproved, AlertEvent::kSupersede, Status::kSuperseded},
    Row{Status::kBroadcasting, AlertEvent::kSupersede, Status::kSuperseded},
    Row{Status::kApproved, AlertEvent::kConfirm, Status::kBroadcasting},
    Row{Status::kApproved, AlertEvent::kStop, Status::kCancelled},
    Row{Status::kApproved, AlertEvent::kExpire, Status::kFailed},
    Row{Status::kApproved, AlertEvent::kTrainingOver, Status::kCompleted},
    Row{Status::kBroadcasting, AlertEvent::kStop, Status::kCancelled},
    Row{Status::kBroadcasting, AlertEvent::kExpire, Status::kCompleted},
};

std::optional<Status> expected(Status in, AlertEvent event) {
    for (const Row& row : kExpected)
        if (row.in == in && row.event == event) return row.to;
    return {};
}

// Every pair of status and event: those with a row go where it says, all others go nowhere.
void every_row_moves_and_every_missing_row_refuses() {
    size_t rows = 0;
    for (const Status in : cbe::kAllStatuses) {
        for (const AlertEvent event : cbe::kAllAlertEvents) {
            const auto to = cbe::next_status(in, event);
            CHECK(to == expected(in, event));
            rows += to ? 1U : 0U;
            cbe::Alert alert;
            alert.status = in;
            const auto version = alert.version;
            CHECK_EQ(cbe::move(alert, event, base::Instant{5s}), to.has_value());
            CHECK_EQ(alert.status, to.value_or(in));
            CHECK_EQ(alert.version, version + (to ? 1U : 0U));
        }
    }
    CHECK_EQ(rows, kExpected.size());
}

// kShrink is for updates that only take something off the air; submission.cc asks for that.
void c4_nothing_reaches_the_air_but_through_approve_or_an_update_that_shrinks() {
    for (const Status in : cbe::kAllStatuses)
        for (const AlertEvent event : cbe::kAllAlertEvents)
            if (const auto to = cbe::next_status(in, event); to && cbe::is_live(*to) && !cbe::is_live(in))
                CHECK(event == AlertEvent::kApprove || event == AlertEvent::kShrink);
}

void words_go_both_ways() {
    for (const Status status : cbe::kAllStatuses) CHECK(cbe::status_of(cbe::to_string(status)) == status);
    CHECK(!cbe::status_of("on_air"));
}

void an_alert_whose_end_has_passed_is_over_on_reading() {
    cbe::Alert alert;
    alert.mode = cbe::Mode::kLive;
    alert.frozen =
        cbe::Frozen{cbs::SerialNumber{0x4010}, base::Instant{100s}, base::Instant{200s}, "{}", "d"};
    struct Case {
        Status stored;
        Status after;
    };
    for (const Case& row :
         {Case{Status::kBroadcasting, Status::kCompleted}, Case{Status::kApproved, Status::kFailed},
          Case{Status::kCancelled, Status::kCancelled},
          Case{Status::kPendingApproval, Status::kPendingApproval}}) {
        alert.status = row.stored;
        CHECK_EQ(cbe::status_at(alert, base::Instant{200s - 1us}), row.stored);
        CHECK_EQ(cbe::status_at(alert, base::Instant{200s}), row.after);
    }
    alert.mode = cbe::Mode::kTraining;
    alert.status = Status::kApproved;
    CHECK_EQ(cbe::status_at(alert, base::Instant{200s}), Status::kCompleted);
}

void contributors_only_grow_and_saves_in_a_row_are_one_entry() {
    cbe::Alert alert;
    const cbe::UserId ana{"ana"};
    const cbe::UserId carla{"carla"};
    cbe::add_contributor(alert, ana);
    cbe::add_contributor(alert, carla);
    cbe::add_contributor(alert, ana);
    CHECK_EQ(alert.contributors.size(), 2U);
    cbe::note(alert, cbe::HistoryAction::kSaved, ana, base::Instant{1s});
    cbe::note(alert, cbe::HistoryAction::kSaved, ana, base::Instant{2s});
    cbe::note(alert, cbe::HistoryAction::kSaved, carla, base::Instant{3s});
    CHECK_EQ(alert.history.size(), 2U);
    CHECK(alert.history.front().at == base::Instant{2s});
}

}  // namespace

GROUP(alert_fsm, CASE(every_row_moves_and_every_missing_row_refuses),
      CASE(c4_nothing_reaches_the_air_but_through_approve_or_an_update_that_shrinks),
      CASE(words_go_both_ways), CASE(an_alert_whose_end_has_passed_is_over_on_reading),
      CASE(contributors_only_grow_and_saves_in_a_row_are_one_entry))
