// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/figures.h"

#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using cbe::RefusalCode;
using cbe::Status;

struct Counted {
    metrics::Registry registry;
    int locked = 0;
    cbe::AlertFigures figures{registry, cbe::Mode::kLive, logs::Log::discard(), [this] { ++locked; }};

    bool has(const std::string& line) { return registry.text().find(line + "\n") != std::string::npos; }
};

void every_series_is_there_before_anything_has_happened() {
    Counted it;
    CHECK(it.has(R"(farol_cbe_alerts{mode="live",status="draft"} 0)"));
    CHECK(it.has(R"(farol_auth_logins_total{app="cbe",result="limited"} 0)"));
    CHECK(it.has(R"(farol_cbe_approvals_refused_total{mode="live",reason="contributor"} 0)"));
    CHECK(it.has(R"(farol_cbe_transitions_total{from="approved",mode="live",to="broadcasting"} 0)"));
    CHECK(it.has("farol_cbe_sse_clients 0"));
}

void an_alert_is_counted_in_one_status_and_each_move_once() {
    Counted it;
    const base::Instant now{1'800'000'000s};
    cbe::Alert alert;
    alert.id = base::new_uuid(1);
    it.figures.alert_written(alert);
    it.figures.alert_written(alert);  // saved again
    CHECK(it.has(R"(farol_cbe_alerts{mode="live",status="draft"} 1)"));
    alert.status = Status::kPendingApproval;
    alert.submitted_at = now;
    it.figures.alert_written(alert);
    alert.status = Status::kApproved;
    alert.approved_at = now + 90s;
    it.figures.alert_written(alert);
    alert.status = Status::kBroadcasting;
    alert.on_air_at = now + 92s;
    it.figures.alert_written(alert);
    CHECK(it.has(R"(farol_cbe_alerts{mode="live",status="draft"} 0)"));
    CHECK(it.has(R"(farol_cbe_alerts{mode="live",status="broadcasting"} 1)"));
    CHECK(it.has(R"(farol_cbe_transitions_total{from="approved",mode="live",to="broadcasting"} 1)"));
    CHECK(it.has(R"(farol_cbe_submit_to_approve_seconds_sum{mode="live"} 90)"));
    CHECK(it.has(R"(farol_cbe_approve_to_first_confirm_seconds_sum{mode="live"} 2)"));
}

void alerts_that_were_there_at_the_start_are_no_moves() {
    Counted it;
    cbe::Alert alert;
    alert.id = base::new_uuid(1);
    alert.status = Status::kBroadcasting;
    it.figures.alert_written(alert);
    CHECK(it.has(R"(farol_cbe_alerts{mode="live",status="broadcasting"} 1)"));
    CHECK(it.has(R"(farol_cbe_transitions_total{from="approved",mode="live",to="broadcasting"} 0)"));
}

void refused_approvals_are_counted_by_reason() {
    Counted it;
    for (const RefusalCode code :
         {RefusalCode::kContributor, RefusalCode::kDigestChanged, RefusalCode::kTotpWrong,
          RefusalCode::kTotpReplayed, RefusalCode::kLocked, RefusalCode::kTooLate, RefusalCode::kStatus})
        it.figures.approval_refused(code);
    for (const char* reason : {"contributor", "digest", "totp", "replay", "locked"})
        CHECK(it.has("farol_cbe_approvals_refused_total{mode=\"live\",reason=\"" + std::string(reason) +
                     "\"} 1"));
    CHECK(it.has(R"(farol_cbe_approvals_refused_total{mode="live",reason="other"} 2)"));
}

void a_lock_is_told_on() {
    Counted it;
    it.figures.decisions_locked(cbe::UserId{"u"});
    CHECK_EQ(it.locked, 1);
}

}  // namespace

GROUP(figures, CASE(every_series_is_there_before_anything_has_happened),
      CASE(an_alert_is_counted_in_one_status_and_each_move_once),
      CASE(alerts_that_were_there_at_the_start_are_no_moves), CASE(refused_approvals_are_counted_by_reason),
      CASE(a_lock_is_told_on))
