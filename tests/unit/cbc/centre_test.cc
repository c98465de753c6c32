// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/centre.h"

#include <algorithm>

#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using test::complete;
using test::gsm_cell;
using State = warning_fsm::State;

const Place kA = gsm_cell(1, 100);
const Place kB = gsm_cell(2, 200);
const PeerName kOne{"bsc-1"};
const PeerName kTwo{"bsc-2"};

struct Bench {
    base::FakeClock clock;
    Network network = test::two_peers();
    Centre centre{network, {}};
    Effects last;

    Now now() const { return now_of(clock); }
    AlertRevision alert(uint8_t id, std::chrono::seconds from = 0s) const {
        return test::revision_of(id, 1, test::content_for(id, clock.now() + from, PlaceSet{kA}));
    }
    void receive(AlertRevision revision) { last = centre.received(std::move(revision), now()); }
    void up(const PeerName& peer) { last = centre.peer_up(peer, Recovery::kDataLost, now()); }
    void tick() { last = centre.tick(now()); }
    template <class Request>
    size_t sent() const {
        size_t count = 0;
        for (const Effect& effect : last)
            if (const auto* send = std::get_if<SendToPeer>(&effect))
                count += std::holds_alternative<Request>(send->request);
        return count;
    }
    State state(uint8_t id) const { return centre.find(test::alert_id(id))->state(); }
    static DeliveryKey key(uint8_t id) { return {test::alert_id(id), kOne, MessageIdentifier{4370}}; }
    void answer(uint8_t id) { last = centre.answered(key(id), complete({kA}), now()); }
    void on_air(uint8_t id) {
        receive(alert(id));
        answer(id);
    }
};

void an_alert_goes_to_the_peers_that_are_up_and_to_others_when_they_come() {
    Bench bench;
    bench.receive(bench.alert(1));
    CHECK_EQ(bench.sent<WriteRequest>(), size_t{0});
    bench.up(kTwo);  // none of its cells is in the area
    CHECK_EQ(bench.sent<WriteRequest>(), size_t{0});
    bench.up(kOne);
    CHECK_EQ(bench.sent<WriteRequest>(), size_t{1});
    bench.receive(bench.alert(2));
    CHECK_EQ(bench.sent<WriteRequest>(), size_t{1});
    bench.last = bench.centre.peer_down(kOne, bench.now());
    bench.receive(bench.alert(3));
    CHECK_EQ(bench.sent<WriteRequest>(), size_t{0});
}

void the_same_or_an_older_revision_changes_nothing() {
    Bench bench;
    bench.up(kOne);
    bench.receive(bench.alert(1));
    bench.receive(bench.alert(1));
    CHECK(bench.last.empty());
}

void after_a_stop_no_revision_counts() {
    Bench bench;
    bench.up(kOne);
    bench.on_air(1);
    const Tombstone stop{test::alert_id(1), CbeName{"national"}, {}, {}, bench.clock.now()};
    bench.last = bench.centre.stopped(stop, bench.now());
    CHECK_EQ(bench.sent<KillRequest>(), size_t{1});
    AlertRevision longer = bench.alert(1);
    longer.revision = Revision{2};
    bench.receive(longer);
    CHECK(bench.last.empty());
    bench.last = bench.centre.stopped(stop, bench.now());
    CHECK(bench.last.empty());
    CHECK_EQ(bench.state(1), State::kStopping);
}

void start_and_end_come_by_the_clock_and_only_to_those_that_are_due() {
    Bench bench;
    bench.up(kOne);
    bench.receive(bench.alert(1, 10s));
    bench.receive(bench.alert(2, 20s));
    CHECK(bench.centre.until_next(bench.now()) == 10s);
    bench.clock.advance(10s);
    bench.tick();
    CHECK_EQ(bench.state(1), State::kSending);
    CHECK_EQ(bench.state(2), State::kScheduled);
    CHECK(bench.centre.until_next(bench.now()) == 10s);
    bench.last = bench.centre.answered(Bench::key(1), complete({kA}), bench.now());
    bench.clock.advance(1h);
    bench.tick();
    CHECK_EQ(bench.state(1), State::kEnding);
    CHECK(bench.sent<KillRequest>() == 1);
}

void what_waits_for_monotonic_time_is_found_too() {
    Bench bench;
    bench.up(kOne);
    bench.on_air(1);
    CHECK(bench.centre.until_next(bench.now()) == DeliveryTuning{}.probe_first);
    bench.clock.advance(DeliveryTuning{}.probe_first);
    bench.tick();
    CHECK_EQ(bench.sent<StatusRequest>(), size_t{1});
}

void nothing_waits_longer_than_a_minute_because_the_clock_can_be_set() {
    Bench bench;
    CHECK(bench.centre.until_next(bench.now()) == 1min);
    bench.receive(bench.alert(1, 100h));
    CHECK(bench.centre.until_next(bench.now()) == 1min);
}

void a_day_after_its_end_an_alert_is_forgotten() {
    Bench bench;
    bench.up(kOne);
    bench.on_air(1);
    bench.clock.advance(1h);
    bench.tick();
    bench.last = bench.centre.answered(Bench::key(1), complete({kA}), bench.now());
    CHECK_EQ(bench.state(1), State::kEnded);
    CHECK(bench.centre.user_of_code(SerialNumber{0x4010}, MessageIdentifier{4370}, test::alert_id(9)) !=
          nullptr);
    bench.clock.advance(24h - 1s);
    bench.tick();
    CHECK_EQ(bench.centre.size(), size_t{1});
    bench.clock.advance(1s);
    bench.tick();
    CHECK_EQ(bench.centre.size(), size_t{0});
    CHECK(std::any_of(bench.last.begin(), bench.last.end(),
                      [](const Effect& effect) { return std::holds_alternative<ForgetAlert>(effect); }));
    CHECK(bench.centre.until_next(bench.now()) == 1min);
    CHECK(bench.centre.user_of_code(SerialNumber{0x4010}, MessageIdentifier{4370}, test::alert_id(9)) ==
          nullptr);
}

void a_code_is_in_use_by_another_alert_of_the_same_kind_only() {
    Bench bench;
    bench.receive(bench.alert(1));
    const auto user = [&](uint16_t serial, uint16_t identifier, uint8_t self) {
        return bench.centre.user_of_code(SerialNumber{serial}, MessageIdentifier{identifier},
                                         test::alert_id(self));
    };
    CHECK(user(0x4010, 4370, 2) != nullptr);
    CHECK(user(0x4013, 4379, 2) != nullptr);  // another update number and identifier: the same code
    CHECK(user(0x4020, 4370, 2) == nullptr);
    CHECK(user(0x4010, 4370, 1) == nullptr);  // its own
    CHECK(user(0x4010, 4352, 2) == nullptr);  // codes of ETWS are counted apart
}

void a_peer_has_something_live_until_it_is_stopped() {
    Bench bench;
    bench.receive(bench.alert(1));
    CHECK(bench.centre.live_at(kOne));
    CHECK(!bench.centre.live_at(kTwo));
    bench.last = bench.centre.stopped({test::alert_id(1), CbeName{"national"}, {}, {}, bench.clock.now()},
                                      bench.now());
    CHECK(!bench.centre.live_at(kOne));
}

void a_peer_that_joins_gets_its_share_of_what_is_live() {
    Bench bench;
    bench.receive(test::revision_of(1, 1, test::content_for(1, bench.clock.now(), AllCells{})));
    bench.network.join({PeerName{"bsc-9"}});
    bench.last = bench.centre.network_changed(bench.now());
    bench.up(PeerName{"bsc-9"});
    CHECK_EQ(bench.sent<WriteRequest>(), size_t{1});
}

std::vector<PeerProfile> only(const PeerName& peer, uint32_t area) {
    return {{peer, Protocol::kCbsp, std::vector{area}}};
}

void a_peer_that_leaves_is_asked_to_stop_and_the_others_are_left_alone() {
    Bench bench;
    bench.up(kOne);
    bench.up(kTwo);
    bench.receive(test::revision_of(1, 1, test::content_for(1, bench.clock.now(), AllCells{})));
    bench.answer(1);
    CHECK(bench.centre.held_at(kOne));
    bench.network.replace_peers(only(kTwo, 2));
    bench.last = bench.centre.network_changed(bench.now());
    CHECK_EQ(bench.sent<KillRequest>(), size_t{1});
    CHECK_EQ(bench.sent<WriteRequest>(), size_t{0});
    bench.answer(1);
    CHECK(!bench.centre.held_at(kOne));
}

void a_stop_does_not_wait_for_one_that_is_no_peer_any_more_and_is_made_up_when_it_comes_back() {
    Bench bench;
    bench.up(kOne);
    bench.receive(bench.alert(1));
    bench.answer(1);
    bench.last = bench.centre.peer_down(kOne, bench.now());
    bench.network.replace_peers(only(kTwo, 2));
    bench.last = bench.centre.network_changed(bench.now());
    CHECK(bench.centre.held_at(kOne));
    bench.last = bench.centre.peer_gone(kOne, bench.now());
    CHECK(!bench.centre.held_at(kOne));
    bench.last = bench.centre.stopped({test::alert_id(1), CbeName{"national"}, {}, {}, bench.clock.now()},
                                      bench.now());
    const Warning& warning = *bench.centre.find(test::alert_id(1));
    CHECK_EQ(warning.state(), warning_fsm::State::kStopped);
    const CellRecord& cell = warning.deliveries().begin()->second.cells().at(kA);
    CHECK_EQ(cell.state, DeliveryState::kNotConnected);
    CHECK(cell.cause == kCauseNoLongerPeer);
    bench.network.replace_peers(only(kOne, 1));
    bench.last = bench.centre.network_changed(bench.now());
    CHECK(bench.centre.held_at(kOne));
    bench.up(kOne);
    CHECK_EQ(bench.sent<KillRequest>(), size_t{1});
}

void an_answer_about_an_alert_that_is_gone_changes_nothing() {
    Bench bench;
    bench.last = bench.centre.answered(Bench::key(7), complete({kA}), bench.now());
    CHECK(bench.last.empty());
    bench.last = bench.centre.timed_out(Bench::key(7), bench.now());
    CHECK(bench.last.empty());
}

void after_a_restart_what_was_live_is_written_again_when_the_peer_comes() {
    Bench bench;
    bench.last = bench.centre.restored(bench.alert(1), std::nullopt, {}, bench.now());
    CHECK(bench.centre.live_at(kOne));
    bench.up(kOne);
    CHECK_EQ(bench.sent<WriteRequest>(), size_t{1});
}

}  // namespace

GROUP(centre, CASE(an_alert_goes_to_the_peers_that_are_up_and_to_others_when_they_come),
      CASE(the_same_or_an_older_revision_changes_nothing), CASE(after_a_stop_no_revision_counts),
      CASE(start_and_end_come_by_the_clock_and_only_to_those_that_are_due),
      CASE(what_waits_for_monotonic_time_is_found_too),
      CASE(nothing_waits_longer_than_a_minute_because_the_clock_can_be_set),
      CASE(a_day_after_its_end_an_alert_is_forgotten),
      CASE(a_code_is_in_use_by_another_alert_of_the_same_kind_only),
      CASE(a_peer_has_something_live_until_it_is_stopped),
      CASE(a_peer_that_joins_gets_its_share_of_what_is_live),
      CASE(a_peer_that_leaves_is_asked_to_stop_and_the_others_are_left_alone),
      CASE(a_stop_does_not_wait_for_one_that_is_no_peer_any_more_and_is_made_up_when_it_comes_back),
      CASE(an_answer_about_an_alert_that_is_gone_changes_nothing),
      CASE(after_a_restart_what_was_live_is_written_again_when_the_peer_comes))
