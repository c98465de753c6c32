// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/alarm_watch.h"

#include "cbe/store/alert_record.h"
#include "cbe/store/alert_results.h"
#include "cbe/store/tables.h"
#include "common/store/key.h"
#include "tests/support/fake_timers.h"
#include "tests/support/store.h"
#include "tests/support/test.h"
#include "tests/unit/cbe/fake_store.h"
#include "tests/unit/cbe/people.h"

namespace {

using namespace std::chrono_literals;
using cbe::Status;

struct Watch {
    test::MemoryTransaction txn;
    test::StoreBench bench;
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    alarms::Alarms list{alarms::Alarms::Parts{bench.store(), timers, clock}, logs::Log::discard()};
    cbe::AlarmWatch watch{list};
    cbe::Network network;

    cbe::Alert put(Status status, cbe::Mode mode = cbe::Mode::kLive) {
        cbe::Alert alert;
        alert.id = base::new_uuid(1);
        alert.number = 7;
        alert.status = status;
        alert.mode = mode;
        alert.frozen = cbe::Frozen{cbs::SerialNumber{0x4000}, clock.now(), clock.now() + 1h, "{}", "d"};
        alert.approved_at = clock.now();
        alert.ended_at = clock.now();
        write(alert);
        return alert;
    }
    void write(const cbe::Alert& alert) {
        cbe::put_alert(txn, alert);
        txn.put(cbe::tables::kLive, store::Key().uuid(alert.id), "");
    }
    // The ids of what is active now, a while later.
    std::string after(std::chrono::seconds later) {
        timers.advance(later);
        watch.look(txn, network, clock.now());
        std::string ids;
        for (const alarms::Alarm* alarm : list.active())
            ids += (ids.empty() ? "" : " ") + std::string(alarm->kind->id);
        return ids;
    }
};

void an_approved_alert_that_nobody_confirms_is_an_alarm_after_30_s() {
    Watch it;
    cbe::Alert alert = it.put(Status::kApproved);
    CHECK_EQ(it.after(30s), "");
    CHECK_EQ(it.after(1s), "F1001");
    CHECK_EQ(it.list.active().front()->object, "cbe/alerts/" + alert.id.text());
    alert.status = Status::kBroadcasting;
    it.write(alert);
    CHECK_EQ(it.after(0s), "");
}

void a_refusal_is_an_alarm_at_once_with_its_cause() {
    Watch it;
    const cbe::Alert alert = it.put(Status::kApproved);
    cbe::put_result(it.txn, alert.id,
                    {"north", cbe::SendingWhat::kSend, cbe::SendingState::kRefused, "no such code"});
    CHECK_EQ(it.after(0s), "F1001");
    CHECK_EQ(it.list.active().front()->text, "no such code");
}

void an_alert_whose_time_is_over_is_no_alarm_any_more() {
    Watch it;
    it.put(Status::kApproved);
    CHECK_EQ(it.after(31s), "F1001");
    CHECK_EQ(it.after(1h), "");
}

void a_stop_that_is_not_confirmed_is_an_alarm_after_60_s() {
    Watch it;
    const cbe::Alert alert = it.put(Status::kCancelled);
    cbe::Sending stop{"north", cbe::SendingWhat::kStop, cbe::SendingState::kWaiting, ""};
    cbe::put_result(it.txn, alert.id, stop);
    CHECK_EQ(it.after(60s), "");
    CHECK_EQ(it.after(1s), "F1003");
    stop.state = cbe::SendingState::kTaken;
    cbe::put_result(it.txn, alert.id, stop);
    CHECK_EQ(it.after(0s), "");
}

void training_raises_nothing() {
    Watch it;
    it.put(Status::kApproved, cbe::Mode::kTraining);
    CHECK_EQ(it.after(10min), "");
}

void a_centre_that_does_not_answer_is_an_alarm_until_it_has_answered_for_30_s() {
    Watch it;
    it.network.cbcs = {{"north", cbe::CbcState::kDown, {}, "refused", {}}};
    CHECK_EQ(it.after(0s), "F1005");
    it.network.cbcs.front().state = cbe::CbcState::kUp;
    CHECK_EQ(it.after(1s), "F1005");
    CHECK_EQ(it.after(30s), "");
}

void a_centre_that_the_configuration_no_longer_has_is_none() {
    Watch it;
    it.network.cbcs = {{"north", cbe::CbcState::kDown, {}, "refused", {}}};
    CHECK_EQ(it.after(0s), "F1005");
    it.network.cbcs.clear();
    it.after(0s);
    CHECK_EQ(it.after(30s), "");
}

void a_locked_officer_is_an_alarm_until_the_lock_ends() {
    Watch it;
    auth::User user = test::user_of({cbe::UserId{"u1"}, "ana", "Ana", {}});
    user.second.codes.tries.locked_until = it.clock.now() + 15min;
    auth::put_user(it.txn, user);
    CHECK_EQ(it.after(0s), "F1011");
    CHECK_EQ(it.list.active().front()->object, "cbe/users/u1");
    it.after(15min);
    CHECK_EQ(it.after(30s), "");
}

}  // namespace

GROUP(alarm_watch, CASE(an_approved_alert_that_nobody_confirms_is_an_alarm_after_30_s),
      CASE(a_refusal_is_an_alarm_at_once_with_its_cause),
      CASE(an_alert_whose_time_is_over_is_no_alarm_any_more),
      CASE(a_stop_that_is_not_confirmed_is_an_alarm_after_60_s), CASE(training_raises_nothing),
      CASE(a_centre_that_does_not_answer_is_an_alarm_until_it_has_answered_for_30_s),
      CASE(a_centre_that_the_configuration_no_longer_has_is_none),
      CASE(a_locked_officer_is_an_alarm_until_the_lock_ends))
