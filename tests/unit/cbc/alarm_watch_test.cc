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

GROUP(alarm_watch, CASE(a_link_test_that_is_not_answered_is_minor_and_three_in_a_row_are_major),
      CASE(a_peer_that_never_answered_one_does_not_know_the_question),
      CASE(a_peer_that_is_down_or_gone_has_no_alarm_for_its_test), CASE(an_old_file_of_cells_is_an_alarm))
