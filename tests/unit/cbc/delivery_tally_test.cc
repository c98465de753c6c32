// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/delivery_tally.h"

#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using test::complete;
using test::failure;
using test::gsm_cell;

const Place kA = gsm_cell(1, 100);
const Place kB = gsm_cell(1, 101);
const DeliveryTuning kTuning{};

// Two peers with the same two cells; every change is noted, as Warning does it.
struct Bench {
    base::FakeClock clock;
    std::map<DeliveryKey, Delivery> deliveries;
    DeliveryTally tally;

    Bench() {
        for (const char* peer : {"bsc-1", "bsc-2"}) {
            deliveries.try_emplace(key(peer), MessageIdentifier{4370}, kTuning, traits_of(Protocol::kCbsp));
            change(peer, [&](Delivery& one) { return one.retarget(target(PlaceSet{kA, kB}), now()); });
            change(peer, [&](Delivery& one) { return one.link_up(Recovery::kDataLost, now()); });
        }
    }
    Now now() const { return now_of(clock); }
    static DeliveryKey key(const char* peer) {
        return {test::alert_id(1), PeerName{peer}, MessageIdentifier{4370}};
    }
    static Target target(PeerArea area) {
        const Content content = test::content_for(1, base::FakeClock{}.now());
        return {Revision{1}, {content.serial, content.schedule}, content.messages.front(), area, {kA, kB}};
    }
    template <class Call>
    void change(const char* peer, Call&& call) {
        Delivery& delivery = deliveries.at(key(peer));
        (void)call(delivery);
        tally.note(key(peer), delivery);
    }
    void answer(const char* peer, const PeerAnswer& answer) {
        change(peer, [&](Delivery& one) { return one.answered(answer, now()); });
    }
};

void cells_are_counted_as_peers_answer() {
    Bench bench;
    CHECK((bench.tally.cells()[Technology::kGsm] == CellTally{4, 0, 0}));
    CHECK(!bench.tally.any_accepted());
    bench.answer("bsc-1", failure({{kB, 0x09}}, {kA}));
    CHECK((bench.tally.cells()[Technology::kGsm] == CellTally{4, 1, 1}));
    CHECK(bench.tally.any_accepted());
    bench.answer("bsc-2", complete({kA, kB}));
    CHECK((bench.tally.cells()[Technology::kGsm] == CellTally{4, 3, 1}));
}

void noting_the_same_twice_counts_once() {
    Bench bench;
    bench.answer("bsc-1", complete({kA, kB}));
    const CellTally before = bench.tally.cells()[Technology::kGsm];
    for (int i = 0; i < 3; ++i)
        bench.tally.note(Bench::key("bsc-1"), bench.deliveries.at(Bench::key("bsc-1")));
    CHECK(bench.tally.cells()[Technology::kGsm] == before);
    CHECK(!bench.tally.settled());  // bsc-2 has not answered
}

void a_cell_left_by_a_smaller_area_is_no_longer_counted() {
    Bench bench;
    bench.answer("bsc-1", complete({kA, kB}));
    bench.change("bsc-1",
                 [&](Delivery& one) { return one.retarget(Bench::target(PlaceSet{kA}), bench.now()); });
    CHECK((bench.tally.cells()[Technology::kGsm] == CellTally{3, 1, 0}));
}

void it_is_settled_when_every_peer_has_answered_or_is_gone() {
    Bench bench;
    bench.answer("bsc-1", complete({kA, kB}));
    CHECK(!bench.tally.settled());
    bench.change("bsc-2", [&](Delivery& one) { return one.link_down(bench.now()); });
    CHECK(bench.tally.settled());
}

void the_ratio_is_that_of_peers() {
    Bench bench;
    CHECK_EQ(bench.tally.accepted_ratio(), 0.0);
    bench.answer("bsc-1", complete({kA, kB}));
    CHECK_EQ(bench.tally.accepted_ratio(), 0.5);
    CHECK_EQ(DeliveryTally{}.accepted_ratio(), 0.0);
}

void it_is_off_only_when_no_peer_holds_it_even_perhaps() {
    Bench bench;
    bench.answer("bsc-1", complete({kA, kB}));
    // The write to bsc-2 was out when its link broke: it may be there.
    bench.change("bsc-2", [&](Delivery& one) { return one.link_down(bench.now()); });
    for (const char* peer : {"bsc-1", "bsc-2"})
        bench.change(peer, [&](Delivery& one) { return one.retarget(std::nullopt, bench.now()); });
    CHECK(!bench.tally.any_accepted());
    bench.answer("bsc-1", complete({kA, kB}));
    CHECK(!bench.tally.all_off());
    bench.change("bsc-2", [&](Delivery& one) { return one.wiped(bench.now()); });
    CHECK(bench.tally.all_off());
}

void what_is_due_is_found_by_its_time_alone() {
    Bench bench;
    CHECK(!bench.tally.earliest().has_value());
    bench.answer("bsc-1", complete({kA, kB}));
    bench.clock.advance(1s);
    bench.answer("bsc-2", complete({kA, kB}));
    CHECK(bench.tally.earliest() == bench.now().ticks + kTuning.probe_first - 1s);
    bench.clock.advance(kTuning.probe_first - 1s);
    CHECK(bench.tally.due(bench.now().ticks) == std::vector{Bench::key("bsc-1")});
    bench.change("bsc-1",
                 [&](Delivery& one) { return one.tick(bench.now()); });  // it asks; nothing to wait for
    CHECK(bench.tally.due(bench.now().ticks).empty());
    bench.clock.advance(1s);
    CHECK(bench.tally.due(bench.now().ticks) == std::vector{Bench::key("bsc-2")});
}

void an_agenda_keeps_one_time_for_each_key() {
    Agenda<int, int> agenda;
    agenda.set(1, 30);
    agenda.set(2, 20);
    agenda.set(1, 10);
    CHECK(agenda.earliest() == 10);
    CHECK(agenda.due(20) == (std::vector{1, 2}));
    agenda.set(1, std::nullopt);
    agenda.set(3, std::nullopt);
    CHECK(agenda.due(100) == std::vector{2});
    CHECK_EQ(agenda.size(), size_t{1});
}

}  // namespace

GROUP(delivery_tally, CASE(cells_are_counted_as_peers_answer), CASE(noting_the_same_twice_counts_once),
      CASE(a_cell_left_by_a_smaller_area_is_no_longer_counted),
      CASE(it_is_settled_when_every_peer_has_answered_or_is_gone), CASE(the_ratio_is_that_of_peers),
      CASE(it_is_off_only_when_no_peer_holds_it_even_perhaps), CASE(what_is_due_is_found_by_its_time_alone),
      CASE(an_agenda_keeps_one_time_for_each_key))
