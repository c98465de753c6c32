// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/rules.h"

#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using cbe::Mode;
using cbe::Permission;
using cbe::RefusalCode;
using cbe::Status;

const cbe::Person kAna{cbe::UserId{"u1"}, "ana", "Ana", {Permission::kView, Permission::kCreate}};
const cbe::Person kBruno{
    cbe::UserId{"u2"}, "bruno", "Bruno", {Permission::kView, Permission::kApprove, Permission::kStop}};
const cbe::Person kCarla{cbe::UserId{"u3"},
                         "carla",
                         "Carla",
                         {Permission::kView, Permission::kCreate, Permission::kApprove, Permission::kStop}};
const base::Instant kNow{1000s};

cbe::Alert alert_in(Status status) {
    cbe::Alert alert;
    alert.mode = Mode::kLive;
    alert.status = status;
    alert.created_by = kAna.id;
    cbe::add_contributor(alert, kAna.id);
    if (!cbe::is_editable(status))
        alert.frozen = cbe::Frozen{cbs::SerialNumber{0x4010}, kNow, kNow + 1h, "{}", "digest"};
    return alert;
}

cbe::Situation by(const cbe::Person& who, base::Instant now = kNow) { return {who, Mode::kLive, now}; }

void c10_c11_nobody_who_took_part_approves() {
    cbe::Alert alert = alert_in(Status::kPendingApproval);
    CHECK(!cbe::may_approve(alert, by(kBruno), {}));
    CHECK(!cbe::may_approve(alert, by(kCarla), {}));
    cbe::add_contributor(alert, kCarla.id);
    const auto no = cbe::may_approve(alert, by(kCarla), {kBruno});
    CHECK(no && no->code == RefusalCode::kContributor);
    CHECK_EQ(no->text, "You took part in writing this alert, so you cannot approve it. Ask one of: Bruno.");
    // The set survives withdraw and return: it is only ever added to.
    CHECK(cbe::move(alert, cbe::AlertEvent::kWithdraw, kNow));
    CHECK(cbe::move(alert, cbe::AlertEvent::kSubmit, kNow));
    CHECK(cbe::may_approve(alert, by(kCarla), {}).has_value());
}

void an_author_without_the_permission_is_told_so_first() {
    const auto no = cbe::may_approve(alert_in(Status::kPendingApproval), by(kAna), {});
    CHECK(no && no->code == RefusalCode::kPermission);
    CHECK(no->text.find("alert.approve") != std::string::npos);
}

void approving_needs_time_left() {
    const cbe::Alert alert = alert_in(Status::kPendingApproval);
    CHECK(!cbe::may_approve(alert, by(kBruno, kNow + 1h - 1min - 1us), {}));
    CHECK(cbe::may_approve(alert, by(kBruno, kNow + 1h - 1min), {})->code == RefusalCode::kTooLate);
}

void each_action_names_the_status_it_needs() {
    struct Row {
        Status status;
        bool edit, submit, withdraw, send_back, approve, stop;
    };
    // clang-format off
    for (const Row& row : {
             //                            edit   submit withdr return approv stop
             Row{Status::kDraft,           true,  true,  false, false, false, false},
             Row{Status::kPendingApproval, false, false, true,  true,  true,  false},
             Row{Status::kReturned,        true,  true,  false, false, false, false},
             Row{Status::kDiscarded,       false, false, false, false, false, false},
             Row{Status::kApproved,        false, false, false, false, false, true},
             Row{Status::kBroadcasting,    false, false, false, false, false, true},
             Row{Status::kCompleted,       false, false, false, false, false, false},
             Row{Status::kCancelled,       false, false, false, false, false, false},
             Row{Status::kFailed,          false, false, false, false, false, false},
         }) {
        // clang-format on
        const cbe::Alert alert = alert_in(row.status);
        CHECK_EQ(!cbe::may_edit(alert, by(kAna)), row.edit);
        CHECK_EQ(!cbe::may_submit(alert, by(kAna)), row.submit);
        CHECK_EQ(!cbe::may_withdraw(alert, by(kAna)), row.withdraw);
        CHECK_EQ(!cbe::may_return(alert, by(kBruno)), row.send_back);
        CHECK_EQ(!cbe::may_approve(alert, by(kBruno), {}), row.approve);
        CHECK_EQ(!cbe::may_stop(alert, by(kBruno)), row.stop);
    }
}

void who_returned_it_cannot_edit_or_submit_it() {
    cbe::Alert alert = alert_in(Status::kReturned);
    alert.returned_by = kCarla.id;
    CHECK(cbe::may_edit(alert, by(kCarla))->code == RefusalCode::kReturnedByYou);
    CHECK(cbe::may_submit(alert, by(kCarla))->code == RefusalCode::kReturnedByYou);
    CHECK(!cbe::may_edit(alert, by(kAna)));
}

void only_contributors_withdraw() {
    const cbe::Alert alert = alert_in(Status::kPendingApproval);
    CHECK(cbe::may_withdraw(alert, by(kCarla))->code == RefusalCode::kPermission);
}

void c17_an_alert_of_the_other_mode_is_left_alone() {
    cbe::Alert alert = alert_in(Status::kPendingApproval);
    alert.mode = Mode::kTraining;
    CHECK(cbe::may_approve(alert, by(kBruno), {})->code == RefusalCode::kMode);
    alert.status = Status::kDraft;
    CHECK(cbe::may_edit(alert, by(kAna))->code == RefusalCode::kMode);
}

void what_has_ended_by_the_clock_cannot_be_stopped() {
    const cbe::Alert alert = alert_in(Status::kBroadcasting);
    CHECK(!cbe::may_stop(alert, by(kBruno, kNow + 1h - 1us)));
    CHECK(cbe::may_stop(alert, by(kBruno, kNow + 1h))->code == RefusalCode::kStatus);
}

void digest_version_and_reason_are_compared() {
    const cbe::Alert alert = alert_in(Status::kPendingApproval);
    CHECK(!cbe::same_digest(alert, "digest"));
    CHECK(cbe::same_digest(alert, "Digest")->code == RefusalCode::kDigestChanged);
    CHECK(cbe::same_digest(alert_in(Status::kDraft), "")->code == RefusalCode::kDigestChanged);
    CHECK(!cbe::same_version(alert, 1));
    CHECK(cbe::same_version(alert, 2)->code == RefusalCode::kVersionConflict);
    CHECK(!cbe::long_enough("ten signs!", 10));
    CHECK(cbe::long_enough("nine sign", 10)->code == RefusalCode::kInvalid);
    CHECK(cbe::long_enough("áéíóúàèìò", 10).has_value());  // nine characters in 18 octets
}

void c19_approvers_are_those_with_the_right_who_took_no_part() {
    cbe::Alert alert = alert_in(Status::kPendingApproval);
    CHECK_EQ(cbe::eligible_approvers(alert, {kAna, kBruno, kCarla}).size(), 2U);
    cbe::add_contributor(alert, kCarla.id);
    const auto left = cbe::eligible_approvers(alert, {kAna, kBruno, kCarla});
    CHECK_EQ(left.size(), 1U);
    CHECK_EQ(left.front().username, "bruno");
}

}  // namespace

GROUP(rules, CASE(c10_c11_nobody_who_took_part_approves),
      CASE(an_author_without_the_permission_is_told_so_first), CASE(approving_needs_time_left),
      CASE(each_action_names_the_status_it_needs), CASE(who_returned_it_cannot_edit_or_submit_it),
      CASE(only_contributors_withdraw), CASE(c17_an_alert_of_the_other_mode_is_left_alone),
      CASE(what_has_ended_by_the_clock_cannot_be_stopped), CASE(digest_version_and_reason_are_compared),
      CASE(c19_approvers_are_those_with_the_right_who_took_no_part))
