// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/alarm_watch.h"

#include "tests/support/cbc.h"
#include "tests/support/fake_timers.h"
#include "tests/support/store.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;

struct Bench {
    test::StoreBench store;
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    alarms::Alarms list{alarms::Alarms::Parts{store.store(), timers, clock}, logs::Log::discard()};
    Network network = test::two_peers();
    Centre centre{network, {}};
    AlarmWatch watch{list, centre};
    PeerStatus peer;

    Bench() {
        peer.profile.name = PeerName{"bsc-1"};
        peer.ready = true;
    }
    // What is active when the peer's link test has come to this.
    std::string test(const std::string& result) {
        clock.advance(60s);
        peer.link_test.emplace();
        peer.link_test->at = clock.now();
        peer.link_test->result = result;
        return look();
    }
    std::string look() {
        watch.look_at_peers({peer});
        watch.look_at_peers({peer});  // again, with nothing new
        timers.advance(31s);          // what is damped has cleared
        return active();
    }
    std::string active() const {
        std::string all;
        for (const alarms::Alarm* alarm : list.active())
            all += std::string(alarm->kind->id) + " " + std::string(to_string(alarm->severity)) + ";";
        return all;
    }
    // An alert in two cells of bsc-1 and one of bsc-2.
    DeliveryKey send() {
        const PlaceSet three{test::gsm_cell(1, 100), test::gsm_cell(1, 101), test::gsm_cell(2, 200)};
        centre.received(test::revision_of(1, 1, test::content_for(1, clock.now(), three)), now_of(clock));
        return {test::alert_id(1), PeerName{"bsc-1"}, MessageIdentifier{4370}};
    }
    void up(const std::string& name) { centre.peer_up(PeerName{name}, Recovery::kDataLost, now_of(clock)); }
    void answered(const DeliveryKey& key, const PeerAnswer& answer) {
        centre.answered(key, answer, now_of(clock));
    }
    std::string after(std::chrono::seconds time) {
        clock.advance(time);
        watch.look_at_alerts(clock.now());
        return active();
    }
    std::string cells(std::chrono::days age) {
        watch.look_at_cells(clock.now() - age, clock.now());
        timers.advance(31s);
        return active();
    }
};

void a_link_test_that_is_not_answered_is_minor_and_three_in_a_row_are_major() {
    Bench bench;
    CHECK_EQ(bench.test("complete"), "");
    CHECK_EQ(bench.test("timeout"), "F1007 MINOR;");
    CHECK_EQ(bench.test("timeout"), "F1007 MINOR;");
    CHECK_EQ(bench.test("timeout"), "F1007 MAJOR;");
    CHECK_EQ(bench.test("failure"), "");  // some cells cannot tell: the way works
}

void a_peer_that_never_answered_one_does_not_know_the_question() {
    Bench bench;
    CHECK_EQ(bench.test("error"), "");
    for (int i = 0; i < 4; ++i) CHECK_EQ(bench.test("timeout"), "");
}

void a_peer_that_is_down_or_gone_has_no_alarm_for_its_test() {
    Bench bench;
    bench.test("complete");
    bench.test("timeout");
    bench.peer.ready = false;
    CHECK_EQ(bench.look(), "F1006 CRITICAL;");
    bench.watch.peer_removed(bench.peer.profile.name);
    bench.timers.advance(31s);
    CHECK_EQ(bench.active(), "");
    bench.peer.leaving = true;
    CHECK_EQ(bench.look(), "");
}

void the_last_peer_of_a_protocol_is_critical_and_others_are_major() {
    Bench bench;
    bench.peer.ready = false;
    PeerStatus mme;
    mme.profile = {PeerName{"mme-1"}, Protocol::kSbcap, std::nullopt};
    mme.ready = true;
    bench.watch.look_at_peers({bench.peer, mme});
    CHECK_EQ(bench.active(), "F1006 CRITICAL;");
    PeerStatus other = bench.peer;
    other.profile.name = PeerName{"bsc-2"};
    other.ready = true;
    bench.watch.look_at_peers({bench.peer, other, mme});
    CHECK_EQ(bench.active(), "F1006 MAJOR;");
}

void an_alert_that_no_cell_has_accepted_after_30_s_is_critical() {
    Bench bench;
    const DeliveryKey key = bench.send();
    bench.up("bsc-1");
    CHECK_EQ(bench.after(30s), "");
    CHECK_EQ(bench.after(1s), "F1001 CRITICAL;");
    bench.answered(key, test::complete({test::gsm_cell(1, 100)}));
    CHECK_EQ(bench.after(0s), "");
}

void an_alert_that_some_cells_have_not_accepted_after_60_s_is_major_and_less_than_half_of_them_critical() {
    Bench bench;
    DeliveryKey key = bench.send();
    bench.up("bsc-1");
    bench.answered(key, test::failure({{test::gsm_cell(1, 101), 0x0f}}, {test::gsm_cell(1, 100)}));
    CHECK_EQ(bench.after(60s), "");
    CHECK_EQ(bench.after(1s), "F1002 CRITICAL;");
    bench.up("bsc-2");
    key.peer = PeerName{"bsc-2"};
    bench.answered(key, test::complete({test::gsm_cell(2, 200)}));
    CHECK_EQ(bench.after(0s), "F1002 MAJOR;");
    bench.centre.stopped({test::alert_id(1), CbeName{"national"}, {}, {}, bench.clock.now()},
                         now_of(bench.clock));
    CHECK_EQ(bench.after(0s), "");
}

void a_stop_that_is_not_confirmed_after_60_s_is_critical() {
    Bench bench;
    const DeliveryKey key = bench.send();
    bench.up("bsc-1");
    const PeerAnswer both = test::complete({test::gsm_cell(1, 100), test::gsm_cell(1, 101)});
    bench.answered(key, both);
    bench.centre.stopped({test::alert_id(1), CbeName{"national"}, {}, {}, bench.clock.now()},
                         now_of(bench.clock));
    CHECK_EQ(bench.after(60s), "");
    CHECK_EQ(bench.after(1s), "F1003 CRITICAL;");
    bench.answered(key, both);
    CHECK_EQ(bench.after(0s), "");
}

void a_live_alert_is_told_and_an_exercise_of_training_is_not() {
    Bench bench;
    AlertRevision revision = test::revision_of(1, 1, test::content_for(1, bench.clock.now()));
    revision.content.mode = Mode::kTraining;
    bench.watch.live_alert_sent(revision);
    CHECK(bench.list.all().empty());
    revision.content.mode = Mode::kLive;
    bench.watch.live_alert_sent(revision);
    CHECK_EQ(bench.list.all().size(), size_t{1});
    const alarms::Alarm& told = *bench.list.all().front();
    CHECK_EQ(told.kind->id, "F1004");
    CHECK_EQ(told.text, "revision 1 by CBE national");
    CHECK_EQ(bench.active(), "");
}

void an_old_file_of_cells_is_an_alarm() {
    Bench bench;
    CHECK_EQ(bench.cells(std::chrono::days{30}), "");
    CHECK_EQ(bench.cells(std::chrono::days{31}), "F1008 WARNING;");
    CHECK_EQ(bench.cells(std::chrono::days{61}), "F1008 MINOR;");
    CHECK_EQ(bench.cells(std::chrono::days{1}), "");
    bench.watch.look_at_cells(std::nullopt, bench.clock.now());
    CHECK_EQ(bench.active(), "");
}

}  // namespace

GROUP(
    alarm_watch, CASE(a_link_test_that_is_not_answered_is_minor_and_three_in_a_row_are_major),
    CASE(a_peer_that_never_answered_one_does_not_know_the_question),
    CASE(a_peer_that_is_down_or_gone_has_no_alarm_for_its_test), CASE(an_old_file_of_cells_is_an_alarm),
    CASE(the_last_peer_of_a_protocol_is_critical_and_others_are_major),
    CASE(an_alert_that_no_cell_has_accepted_after_30_s_is_critical),
    CASE(an_alert_that_some_cells_have_not_accepted_after_60_s_is_major_and_less_than_half_of_them_critical),
    CASE(a_stop_that_is_not_confirmed_after_60_s_is_critical),
    CASE(a_live_alert_is_told_and_an_exercise_of_training_is_not))
