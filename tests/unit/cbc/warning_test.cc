// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/warning.h"

#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using test::complete;
using test::gsm_cell;
using State = warning_fsm::State;

const Place kA = gsm_cell(1, 100);
const Place kB = gsm_cell(1, 101);
const Place kC = gsm_cell(2, 200);
const PeerName kOne{"bsc-1"};
const PeerName kTwo{"bsc-2"};

struct Bench {
    base::FakeClock clock;
    Network network = test::two_peers();
    DeliveryTuning tuning;
    Warning warning{network, tuning};
    PeersUp up{kOne, kTwo};
    Effects last;
    base::Instant start = clock.now();

    Now now() const { return now_of(clock); }
    AlertRevision revision(uint16_t number, Area area) const {
        return test::revision_of(1, number, test::content_for(1, start, std::move(area)));
    }
    void receive(Area area) { last = warning.receive(revision(1, std::move(area)), up, now()); }
    void answer(const PeerName& peer, const PeerAnswer& answer) {
        last = warning.answered({test::alert_id(1), peer, MessageIdentifier{4370}}, answer, now());
    }
    template <class Request>
    std::vector<PeerName> asked() const {
        std::vector<PeerName> peers;
        for (const Effect& effect : last)
            if (const auto* send = std::get_if<SendToPeer>(&effect))
                if (std::holds_alternative<Request>(send->request)) peers.push_back(send->key.peer);
        return peers;
    }
    template <class What>
    bool has() const {
        return std::any_of(last.begin(), last.end(),
                           [](const Effect& effect) { return std::holds_alternative<What>(effect); });
    }
};

void each_peer_is_asked_for_its_own_cells() {
    Bench bench;
    bench.receive(PlaceSet{kA, kC});
    CHECK(bench.asked<WriteRequest>() == (std::vector{kOne, kTwo}));
    CHECK_EQ(bench.warning.state(), State::kSending);
    CHECK(!bench.warning.settled());
    bench.answer(kOne, complete({kA}));
    CHECK_EQ(bench.warning.state(), State::kBroadcasting);
    CHECK(bench.has<PersistDelivery>() && bench.has<AlertChanged>());
    bench.answer(kTwo, complete({kC}));
    CHECK(bench.warning.settled());
    CHECK((bench.warning.cells() == CellTally{2, 2, 0}));
}

void an_area_that_moves_is_killed_here_and_written_there() {
    Bench bench;
    bench.receive(PlaceSet{kA});
    bench.answer(kOne, complete({kA}));
    bench.last = bench.warning.receive(bench.revision(2, PlaceSet{kC}), bench.up, bench.now());
    CHECK(bench.asked<KillRequest>() == std::vector{kOne});
    CHECK(bench.asked<WriteRequest>() == std::vector{kTwo});
    bench.answer(kOne, complete({kA}));
    CHECK(!bench.warning.live_at(kOne) && bench.warning.live_at(kTwo));
}

void it_is_ended_when_the_last_peer_says_so() {
    Bench bench;
    bench.receive(PlaceSet{kA, kC});
    bench.answer(kOne, complete({kA}));
    bench.answer(kTwo, complete({kC}));
    bench.clock.advance(1h);
    bench.last = bench.warning.tick(bench.up, bench.now());
    CHECK(bench.asked<KillRequest>() == (std::vector{kOne, kTwo}));
    bench.answer(kOne, complete({kA}));
    CHECK_EQ(bench.warning.state(), State::kEnding);
    bench.answer(kTwo, complete({kC}));
    CHECK_EQ(bench.warning.state(), State::kEnded);
}

void when_no_cell_has_it_any_more_it_is_sending_again() {
    Bench bench;
    bench.receive(PlaceSet{kA});
    bench.answer(kOne, complete({kA}));
    CHECK_EQ(bench.warning.state(), State::kBroadcasting);
    bench.last = bench.warning.cells_failed(kOne, {{exactly(kA), cbsp_cause(0x0a)}}, bench.now());
    CHECK_EQ(bench.warning.state(), State::kSending);
    bench.last = bench.warning.cells_restarted(kOne, {exactly(kA)}, Recovery::kDataAvailable, std::nullopt,
                                               bench.now());
    CHECK_EQ(bench.warning.state(), State::kBroadcasting);
}

void what_befalls_emergency_messages_leaves_broadcast_messages_alone() {
    Bench bench;
    bench.receive(PlaceSet{kA});
    bench.answer(kOne, complete({kA}));
    const std::vector<CellFailure> failed{{exactly(kA), cbsp_cause(0x0a)}};
    bench.last = bench.warning.cells_failed(kOne, failed, bench.now(), MessageKind::kEmergency);
    CHECK_EQ(bench.warning.state(), State::kBroadcasting);
    bench.last = bench.warning.cells_restarted(kOne, {exactly(kA)}, Recovery::kDataLost, std::nullopt,
                                               bench.now(), MessageKind::kEmergency);
    CHECK(bench.asked<WriteRequest>().empty());
    bench.last = bench.warning.cells_restarted(kOne, {exactly(kA)}, Recovery::kDataLost, std::nullopt,
                                               bench.now(), MessageKind::kBroadcast);
    CHECK(bench.asked<WriteRequest>() == std::vector{kOne});
}

void what_one_peer_says_leaves_the_other_alone() {
    Bench bench;
    bench.receive(PlaceSet{kA, kC});
    bench.answer(kOne, complete({kA}));
    bench.answer(kTwo, complete({kC}));
    bench.last = bench.warning.peer_down(kOne, bench.now());
    bench.last = bench.warning.peer_up(kOne, Recovery::kDataLost, bench.now());
    CHECK(bench.asked<WriteRequest>() == std::vector{kOne});
}

void who_waits_is_told_when_the_older_words_are_off_the_air() {
    const PeerName mme{"mme-1"};
    Bench bench;
    bench.network =
        Network{*CellTable::parse("technology,mcc,mnc,tac,cell,name,lat,lon\nlte,001,01,1,257,A,0,0\n"),
                {{mme, Protocol::kSbcap, {}}}};
    bench.up = {mme};
    const Place cell = Place::lte_cell(*PlmnId::parse("001", "01"), 257);
    bench.receive(PlaceSet{cell});
    bench.answer(mme, complete({cell}));
    AlertRevision newer = bench.revision(2, PlaceSet{cell});
    newer.content.serial = SerialNumber{0x4011};
    bench.last = bench.warning.receive(std::move(newer), bench.up, bench.now());
    bench.answer(mme, complete({cell}));
    CHECK(bench.asked<KillRequest>() == std::vector{mme});
    CHECK(!bench.warning.settled());
    bench.answer(mme, complete({cell}));
    CHECK(bench.warning.settled());
    CHECK(bench.has<AlertChanged>());
}

void a_stop_waits_for_the_answer_to_a_write_that_is_out() {
    Bench bench;
    bench.receive(PlaceSet{kA});
    bench.last =
        bench.warning.stop({test::alert_id(1), CbeName{"national"}, {}, {}, bench.start}, bench.now());
    CHECK_EQ(bench.warning.state(), State::kStopping);
    CHECK(bench.warning.held_at(kOne));
    bench.answer(kOne, complete({kA}));
    CHECK(bench.asked<KillRequest>() == std::vector{kOne});
    CHECK_EQ(bench.warning.state(), State::kStopping);
    bench.answer(kOne, complete({kA}));
    CHECK_EQ(bench.warning.state(), State::kStopped);
}

void a_training_alert_asks_nobody() {
    Bench bench;
    AlertRevision revision = bench.revision(1, AllCells{});
    revision.content.mode = Mode::kTraining;
    bench.last = bench.warning.receive(revision, bench.up, bench.now());
    CHECK_EQ(bench.warning.state(), State::kTraining);
    CHECK(bench.asked<WriteRequest>().empty() && bench.warning.deliveries().empty());
    bench.last =
        bench.warning.stop({test::alert_id(1), CbeName{"national"}, {}, {}, bench.start}, bench.now());
    CHECK_EQ(bench.warning.state(), State::kStopped);
}

void two_languages_are_two_messages_at_each_peer() {
    Bench bench;
    AlertRevision revision = bench.revision(1, PlaceSet{kA});
    revision.content.messages.push_back({MessageIdentifier{4383}, "pt", "A agua sobe"});
    bench.last = bench.warning.receive(revision, bench.up, bench.now());
    CHECK_EQ(bench.asked<WriteRequest>().size(), size_t{2});
    CHECK_EQ(bench.warning.confirmed_ratio(), 0.0);
    bench.answer(kOne, complete({kA}));
    CHECK_EQ(bench.warning.confirmed_ratio(), 0.5);
}

void a_stop_read_back_at_start_is_killed_wherever_it_may_be() {
    Bench bench;
    const Tombstone stop{test::alert_id(1), CbeName{"national"}, {}, {}, bench.start};
    bench.last = bench.warning.restore(bench.revision(1, PlaceSet{kA}), stop, {}, bench.now());
    CHECK_EQ(bench.warning.state(), State::kStopping);
    CHECK(!bench.warning.live_at(kOne));
    bench.last = bench.warning.peer_up(kOne, Recovery::kUnknown, bench.now());
    CHECK(bench.asked<KillRequest>() == std::vector{kOne});
    bench.answer(kOne, test::failure({{kA, 0x02}}));  // it had not come to it
    CHECK_EQ(bench.warning.state(), State::kStopped);
}

void what_was_recorded_as_stopped_is_not_killed_again() {
    Bench bench;
    bench.receive(PlaceSet{kA});
    bench.answer(kOne, complete({kA}));
    const Tombstone stop{test::alert_id(1), CbeName{"national"}, {}, {}, bench.start};
    bench.last = bench.warning.stop(stop, bench.now());
    bench.answer(kOne, complete({kA}));
    DeliveryRecords records;
    for (const auto& [key, delivery] : bench.warning.deliveries()) records.emplace(key, delivery.record());
    Warning again{bench.network, bench.tuning};
    bench.last = again.restore(bench.revision(1, PlaceSet{kA}), stop, records, bench.now());
    CHECK_EQ(again.state(), State::kStopped);
    bench.last = again.peer_up(kOne, Recovery::kUnknown, bench.now());
    CHECK(bench.asked<KillRequest>().empty());
}

// The cells of the table stand at 0, 0.
void a_new_cell_file_counts_from_the_next_revision_that_grows() {
    Bench bench;
    const Area area = ChosenArea{{}, {geo::Circle{{0, 0}, 100}}};
    bench.receive(area);
    CHECK_EQ(bench.warning.targets().cells.size(), size_t{4});
    auto table = CellTable::parse(
        "technology,mcc,mnc,lac,ci,name,lat,lon\ngsm,001,01,1,100,A,0,0\ngsm,001,01,1,109,New,0,0\n");
    CHECK(table);
    bench.network.replace_cells(std::move(*table));
    bench.last = bench.warning.network_changed(bench.up, bench.now());
    CHECK_EQ(bench.warning.targets().cells.size(), size_t{4});
    AlertRevision shorter = bench.revision(2, area);
    shorter.content.schedule.end -= 1s;
    bench.last = bench.warning.receive(shorter, bench.up, bench.now());
    CHECK_EQ(bench.warning.division().known_cells, size_t{4});
    bench.last = bench.warning.receive(bench.revision(3, area), bench.up, bench.now());
    CHECK_EQ(bench.warning.division().known_cells, size_t{2});
}

void an_alert_read_back_has_the_cells_that_it_had_until_the_next_revision() {
    Bench bench;
    const Area area = ChosenArea{{}, {geo::Circle{{0, 0}, 100}}};
    bench.receive(area);
    const Targets had = bench.warning.targets();
    auto table = CellTable::parse(
        "technology,mcc,mnc,lac,ci,name,lat,lon\ngsm,001,01,1,100,A,0,0\ngsm,001,01,1,109,New,0,0\n");
    CHECK(table);
    bench.network.replace_cells(std::move(*table));
    Warning again{bench.network, bench.tuning};
    bench.last = again.restore(bench.revision(1, area), std::nullopt, {}, bench.now(), had);
    CHECK(again.targets() == had);
    CHECK(again.division().shares.at(kTwo).area == PeerArea{PlaceSet{kC}});
    bench.last = again.receive(bench.revision(2, area), bench.up, bench.now());
    CHECK_EQ(again.division().known_cells, size_t{4});  // it only repeats: nothing is added
    AlertRevision longer = bench.revision(3, area);
    longer.content.schedule.end += 1h;
    bench.last = again.receive(longer, bench.up, bench.now());
    CHECK_EQ(again.division().known_cells, size_t{2});
    CHECK(!again.division().shares.contains(kTwo));
}

void a_revision_that_shrinks_keeps_a_named_cell_that_the_file_has_lost() {
    Bench bench;
    bench.receive(PlaceSet{kA, kC});
    bench.network.replace_cells(CellTable{});
    bench.last = bench.warning.receive(bench.revision(2, PlaceSet{kC}), bench.up, bench.now());
    CHECK_EQ(bench.warning.targets().cells.size(), size_t{1});
    CHECK(bench.warning.division().shares.at(kTwo).area == PeerArea{PlaceSet{kC}});
}

void an_alert_read_back_before_its_start_was_never_sent() {
    Bench bench;
    bench.start = bench.clock.now() + 1h;
    bench.last = bench.warning.restore(bench.revision(1, PlaceSet{kA}), std::nullopt, {}, bench.now());
    CHECK_EQ(bench.warning.state(), State::kScheduled);
    CHECK(bench.warning.deliveries().empty());
    CHECK(bench.warning.next_civil() == bench.start);
}

}  // namespace

GROUP(warning, CASE(each_peer_is_asked_for_its_own_cells),
      CASE(an_area_that_moves_is_killed_here_and_written_there), CASE(it_is_ended_when_the_last_peer_says_so),
      CASE(when_no_cell_has_it_any_more_it_is_sending_again),
      CASE(what_befalls_emergency_messages_leaves_broadcast_messages_alone),
      CASE(what_one_peer_says_leaves_the_other_alone),
      CASE(who_waits_is_told_when_the_older_words_are_off_the_air),
      CASE(a_stop_waits_for_the_answer_to_a_write_that_is_out), CASE(a_training_alert_asks_nobody),
      CASE(two_languages_are_two_messages_at_each_peer),
      CASE(a_stop_read_back_at_start_is_killed_wherever_it_may_be),
      CASE(what_was_recorded_as_stopped_is_not_killed_again),
      CASE(a_new_cell_file_counts_from_the_next_revision_that_grows),
      CASE(an_alert_read_back_has_the_cells_that_it_had_until_the_next_revision),
      CASE(a_revision_that_shrinks_keeps_a_named_cell_that_the_file_has_lost),
      CASE(an_alert_read_back_before_its_start_was_never_sent))
