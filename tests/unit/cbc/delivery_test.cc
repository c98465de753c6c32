// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/delivery.h"

#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using test::complete;
using test::failure;
using test::gsm_cell;
using FsmState = delivery_fsm::State;

const Place kA = gsm_cell(1, 100);
const Place kB = gsm_cell(1, 101);
const DeliveryTuning kTuning{};

struct Bench {
    base::FakeClock clock{};
    MessageIdentifier identifier{4370};
    Delivery delivery{identifier, kTuning, traits_of(Protocol::kCbsp)};
    DeliveryEffects last{};

    Now now() const { return now_of(clock); }
    Target target(uint16_t revision, uint16_t update, PeerArea area) const {
        const Content content = test::content_for(1, base::FakeClock{}.now());
        return {Revision{revision},
                {SerialNumber{static_cast<uint16_t>(content.serial.value() + update)}, content.schedule},
                content.messages.front(),
                std::move(area),
                {kA, kB}};
    }
    void retarget(std::optional<Target> target) { last = delivery.retarget(std::move(target), now()); }
    void up(Recovery recovery = Recovery::kDataLost) { last = delivery.link_up(recovery, now()); }
    void answer(const PeerAnswer& answer) { last = delivery.answered(answer, now()); }

    template <class Request>
    const Request* sent() const {
        for (const auto& effect : last)
            if (const auto* send = std::get_if<Send>(&effect)) return std::get_if<Request>(&send->request);
        return nullptr;
    }
    bool unexpected() const {
        for (const auto& effect : last)
            if (std::holds_alternative<Unexpected>(effect)) return true;
        return false;
    }
    DeliveryState state(const Place& cell) const { return delivery.cells().at(cell).state; }
    // On the air in both cells with revision 1.
    void on_air() {
        retarget(target(1, 0, PlaceSet{kA, kB}));
        up();
        answer(complete({kA, kB}));
    }
};

void what_is_refused_everywhere_is_refused_where_nobody_named_a_cell() {
    Bench bench;
    bench.retarget(bench.target(1, 0, AllCells{}));
    bench.up();
    PeerAnswer answer;
    answer.kind = AnswerKind::kFailure;
    answer.failed = {{PlacePattern{}, cbsp_cause(0x09)}};
    bench.answer(answer);
    CHECK_EQ(bench.state(kA), DeliveryState::kRefused);
    CHECK(bench.delivery.rest().has_value());
    CHECK_EQ(bench.delivery.rest()->state, DeliveryState::kRefused);
}

void without_a_link_nothing_is_sent_and_cells_say_so() {
    Bench bench;
    bench.retarget(bench.target(1, 0, PlaceSet{kA, kB}));
    CHECK(bench.sent<WriteRequest>() == nullptr);
    CHECK_EQ(bench.state(kA), DeliveryState::kNotConnected);
    bench.up();
    CHECK(bench.sent<WriteRequest>() != nullptr);
    CHECK_EQ(bench.state(kA), DeliveryState::kSent);
}

void a_write_that_completes_is_accepted_in_the_cells_that_it_names() {
    Bench bench;
    bench.on_air();
    CHECK_EQ(bench.state(kA), DeliveryState::kAccepted);
    CHECK_EQ(bench.delivery.fsm_state(), FsmState::kSettled);
    CHECK(bench.delivery.on_air() == Delivery::OnAir::kSomewhere);
}

void a_cell_that_the_answer_does_not_name_is_refused() {
    Bench bench;
    bench.retarget(bench.target(1, 0, PlaceSet{kA, kB}));
    bench.up();
    bench.answer(complete({kA}));
    CHECK_EQ(bench.state(kB), DeliveryState::kRefused);
    CHECK(bench.delivery.cells().at(kB).cause == kCauseNotNamed);
}

void mixed_results_are_kept_per_cell() {
    Bench bench;
    bench.retarget(bench.target(1, 0, PlaceSet{kA, kB}));
    bench.up();
    bench.answer(failure({{kB, 0x09}}, {kA}));
    CHECK_EQ(bench.state(kA), DeliveryState::kAccepted);
    CHECK_EQ(bench.state(kB), DeliveryState::kRefused);
    CHECK_EQ(bench.delivery.fsm_state(), FsmState::kSettled);  // 0x09 will not pass by itself
}

void a_refusal_that_may_pass_is_tried_again_after_the_pause() {
    Bench bench;
    bench.retarget(bench.target(1, 0, PlaceSet{kA}));
    bench.up();
    bench.answer(failure({{kA, 0x06}}));
    CHECK_EQ(bench.delivery.fsm_state(), FsmState::kPausing);
    bench.clock.advance(kTuning.retry_pause);
    bench.last = bench.delivery.tick(bench.now());
    CHECK(bench.sent<WriteRequest>() != nullptr);
}

void a_duplicate_of_what_we_hold_counts_as_accepted() {
    Bench bench;
    bench.on_air();
    bench.last = bench.delivery.link_down(bench.now());
    bench.up(Recovery::kDataLost);
    CHECK(bench.sent<WriteRequest>() != nullptr);
    bench.answer(failure({{kA, 0x0d}, {kB, 0x0d}}));
    CHECK_EQ(bench.state(kA), DeliveryState::kAccepted);
    CHECK_EQ(bench.delivery.fsm_state(), FsmState::kSettled);
}

void data_available_is_not_written_again() {
    Bench bench;
    bench.on_air();
    bench.last = bench.delivery.link_down(bench.now());
    CHECK_EQ(bench.state(kA), DeliveryState::kAccepted);
    bench.up(Recovery::kDataAvailable);
    CHECK(bench.sent<WriteRequest>() == nullptr);
    CHECK_EQ(bench.delivery.fsm_state(), FsmState::kSettled);
}

void data_lost_in_one_cell_is_written_to_that_cell_only() {
    Bench bench;
    bench.on_air();
    bench.last =
        bench.delivery.cells_restarted({exactly(kB)}, Recovery::kDataLost, std::nullopt, bench.now());
    const auto* write = bench.sent<WriteRequest>();
    CHECK(write != nullptr);
    CHECK(std::get<PlaceSet>(write->area) == PlaceSet{kB});
}

void new_text_replaces_the_old_serial_number() {
    Bench bench;
    bench.on_air();
    bench.retarget(bench.target(2, 1, PlaceSet{kA, kB}));
    const auto* write = bench.sent<WriteRequest>();
    CHECK(write != nullptr && write->replaces == SerialNumber{0x4010} &&
          write->serial == SerialNumber{0x4011});
    bench.answer(failure({{kB, 0x02}}, {kA}));  // cell B has nothing to replace: plain write
    write = bench.sent<WriteRequest>();
    CHECK(write != nullptr && !write->replaces);
    CHECK(std::get<PlaceSet>(write->area) == PlaceSet{kB});
}

void longer_is_kill_then_write_and_shorter_is_nothing() {
    Bench bench;
    bench.on_air();
    Target shorter = bench.target(2, 0, PlaceSet{kA, kB});
    shorter.plan.schedule.end -= 10min;
    bench.retarget(shorter);
    CHECK(bench.sent<KillRequest>() == nullptr);
    Target longer = bench.target(3, 0, PlaceSet{kA, kB});
    longer.plan.schedule.end += 10min;
    bench.retarget(longer);
    CHECK(bench.sent<KillRequest>() != nullptr);
    bench.answer(complete({kA, kB}));
    CHECK(bench.sent<WriteRequest>() != nullptr);
}

void larger_writes_the_new_cells_and_smaller_kills_the_left_ones() {
    Bench bench;
    bench.retarget(bench.target(1, 0, PlaceSet{kA}));
    bench.up();
    bench.answer(complete({kA}));
    bench.retarget(bench.target(2, 0, PlaceSet{kA, kB}));
    CHECK(std::get<PlaceSet>(bench.sent<WriteRequest>()->area) == PlaceSet{kB});
    bench.answer(complete({kB}));
    bench.retarget(bench.target(3, 0, PlaceSet{kB}));
    CHECK(std::get<PlaceSet>(bench.sent<KillRequest>()->area) == PlaceSet{kA});
    bench.answer(complete({}));
    CHECK_EQ(bench.state(kA), DeliveryState::kStopped);
    CHECK_EQ(bench.state(kB), DeliveryState::kAccepted);
}

void stopping_kills_and_a_message_that_is_not_there_is_stopped_too() {
    Bench bench;
    bench.on_air();
    bench.retarget(std::nullopt);
    CHECK(bench.sent<KillRequest>() != nullptr);
    CHECK_EQ(bench.state(kA), DeliveryState::kStopSent);
    bench.answer(failure({{kA, 0x02}, {kB, 0x0e}}));
    CHECK_EQ(bench.state(kA), DeliveryState::kStopped);
    CHECK_EQ(bench.state(kB), DeliveryState::kStopFailed);
    CHECK_EQ(bench.delivery.fsm_state(), FsmState::kPausing);
}

void a_stop_while_a_write_is_out_comes_after_its_answer() {
    Bench bench;
    bench.retarget(bench.target(1, 0, PlaceSet{kA}));
    bench.up();
    bench.retarget(std::nullopt);
    CHECK(bench.sent<KillRequest>() == nullptr);
    bench.answer(complete({kA}));
    CHECK(bench.sent<KillRequest>() != nullptr);
}

void timeouts_ask_again_and_then_say_no_answer() {
    Bench bench;
    bench.retarget(bench.target(1, 0, PlaceSet{kA}));
    bench.up();
    for (uint32_t i = 1; i < kTuning.attempts; ++i) {
        bench.last = bench.delivery.timed_out(bench.now());
        CHECK(bench.sent<WriteRequest>() != nullptr);
    }
    bench.last = bench.delivery.timed_out(bench.now());
    CHECK(bench.sent<WriteRequest>() == nullptr);
    CHECK_EQ(bench.state(kA), DeliveryState::kNoAnswer);
    CHECK(bench.delivery.on_air() == Delivery::OnAir::kPerhaps);  // so a stop will kill it
}

void all_cells_learns_the_cells_that_the_peer_names() {
    Bench bench;
    bench.retarget(bench.target(1, 0, AllCells{}));
    bench.up();
    CHECK(std::holds_alternative<AllCells>(bench.sent<WriteRequest>()->area));
    const Place other = gsm_cell(9, 900);
    bench.answer(complete({kA, other}));
    CHECK_EQ(bench.state(other), DeliveryState::kAccepted);
    CHECK_EQ(bench.state(kB), DeliveryState::kRefused);  // in our table, not in the BSC
    bench.retarget(std::nullopt);
    CHECK(std::holds_alternative<AllCells>(bench.sent<KillRequest>()->area));
}

void a_status_report_of_broadcasts_is_what_makes_it_broadcasting() {
    Bench bench;
    bench.on_air();
    bench.clock.advance(kTuning.probe_first);
    bench.last = bench.delivery.tick(bench.now());
    CHECK(bench.sent<StatusRequest>() != nullptr);
    PeerAnswer answer;
    answer.counts = {{exactly(kA), 2}, {exactly(kB), 0}};
    bench.answer(answer);
    CHECK_EQ(bench.state(kA), DeliveryState::kBroadcasting);
    CHECK_EQ(bench.state(kB), DeliveryState::kAccepted);
}

void a_peer_that_lost_it_without_a_word_is_written_again() {
    Bench bench;
    bench.on_air();
    bench.clock.advance(kTuning.probe_first);
    bench.last = bench.delivery.tick(bench.now());
    bench.answer(failure({{kA, 0x02}}));
    CHECK(std::get<PlaceSet>(bench.sent<WriteRequest>()->area) == PlaceSet{kA});
}

void a_peer_that_contradicts_itself_for_ever_is_given_a_pause() {
    Bench bench;
    bench.on_air();
    Target longer = bench.target(2, 0, PlaceSet{kA, kB});
    longer.plan.schedule.end += 10min;
    bench.retarget(longer);
    for (int i = 0; i < 100 && bench.delivery.fsm_state() != FsmState::kPausing; ++i) {
        if (bench.sent<KillRequest>() != nullptr)
            bench.answer(failure({{kA, 0x0e}, {kB, 0x02}}));
        else if (bench.sent<WriteRequest>() != nullptr)
            bench.answer(failure({{kA, 0x02}, {kB, 0x0d}}));
    }
    CHECK(bench.delivery.fsm_state() == FsmState::kPausing ||
          bench.delivery.fsm_state() == FsmState::kSettled);
}

void a_wiped_peer_holds_nothing() {
    Bench bench;
    bench.on_air();
    bench.retarget(std::nullopt);
    bench.last = bench.delivery.link_down(bench.now());
    CHECK_EQ(bench.state(kA), DeliveryState::kStopSent);
    bench.last = bench.delivery.wiped(bench.now());
    bench.up();
    CHECK(bench.sent<KillRequest>() == nullptr);
    CHECK_EQ(bench.state(kA), DeliveryState::kStopped);
}

void after_a_restart_what_was_not_recorded_as_stopped_is_killed() {
    Bench bench;
    bench.delivery.assume_held(bench.target(1, 0, PlaceSet{kA}), bench.now());
    bench.retarget(std::nullopt);
    CHECK_EQ(bench.state(kA), DeliveryState::kStopSent);
    bench.up();
    CHECK(bench.sent<KillRequest>() != nullptr);
}

void an_answer_when_none_is_awaited_is_reported_and_changes_nothing() {
    Bench bench;
    bench.on_air();
    bench.answer(complete({kA}));
    CHECK(bench.unexpected());
    CHECK_EQ(bench.delivery.fsm_state(), FsmState::kSettled);
}

// GSM has room for one emergency message in a cell, and a BSC does not say that it is this one.
void an_emergency_that_may_be_there_still_is_killed_before_it_is_written() {
    Bench bench{.identifier = MessageIdentifier{4352}};
    bench.on_air();
    bench.last = bench.delivery.link_down(bench.now());
    bench.up(Recovery::kUnknown);
    CHECK(bench.sent<KillRequest>() != nullptr);
    bench.answer(failure({{kA, 0x02}, {kB, 0x02}}));
    CHECK(bench.sent<WriteRequest>() != nullptr);
}

// A BSC ends it after an hour at the latest (Warning Period), whoever's clock says so.
void an_emergency_of_more_than_an_hour_is_written_again_before_it_ends() {
    Bench bench{.identifier = MessageIdentifier{4352}};
    Target target = bench.target(1, 0, PlaceSet{kA, kB});
    target.plan.schedule.end = bench.now().civil + 3h;
    bench.retarget(target);
    bench.up();
    bench.answer(complete({kA, kB}));
    CHECK(*bench.delivery.deadline() - bench.now().ticks == 1h - 10s);
    bench.clock.advance(1h - 11s);
    bench.last = bench.delivery.tick(bench.now());
    CHECK(bench.last.empty());
    bench.clock.advance(1s);
    bench.last = bench.delivery.tick(bench.now());
    CHECK(bench.sent<KillRequest>() != nullptr);
    bench.answer(failure({{kA, 0x02}, {kB, 0x02}}));
    const auto* again = bench.sent<WriteRequest>();
    CHECK(again != nullptr && again->at == bench.now().civil && !again->replaces);
    bench.answer(complete({kA, kB}));
    CHECK(*bench.delivery.deadline() - bench.now().ticks == 1h - 10s);
}

// Phones have not shown the text yet, so the serial number stays; a peer would refuse it twice.
void a_primary_notification_that_is_given_its_text_is_stopped_and_written() {
    Bench bench{.identifier = MessageIdentifier{4352},
                .delivery{MessageIdentifier{4352}, kTuning, traits_of(Protocol::kSbcap)}};
    Target primary = bench.target(1, 0, PlaceSet{kA});
    primary.plan.primary_alone = true;
    bench.retarget(primary);
    bench.up();
    bench.answer(complete({kA}));
    bench.retarget(bench.target(2, 0, PlaceSet{kA}));
    CHECK(bench.sent<KillRequest>() != nullptr);
    bench.answer(complete({kA}));
    CHECK(bench.sent<WriteRequest>() != nullptr);
}

void an_area_is_on_the_air_where_the_answer_names_a_cell_of_it() {
    Bench bench;
    const Place area = Place::area_of(Technology::kGsm, kA.plmn, 1);
    const Place other = Place::area_of(Technology::kGsm, kA.plmn, 2);
    PlaceSet wanted{kA, area, other};
    std::sort(wanted.begin(), wanted.end());
    bench.retarget(bench.target(1, 0, wanted));
    bench.up();
    CHECK(std::get<PlaceSet>(bench.sent<WriteRequest>()->area) == PlaceSet{kA});  // cells and areas apart
    bench.answer(complete({kA}));
    CHECK((std::get<PlaceSet>(bench.sent<WriteRequest>()->area) == PlaceSet{area, other}));
    bench.answer(failure({{gsm_cell(1, 101), 0x07}, {gsm_cell(2, 200), 0x09}}, {kA}));
    CHECK_EQ(bench.state(area), DeliveryState::kAccepted);
    CHECK_EQ(bench.state(other), DeliveryState::kRefused);
    bench.clock.advance(kTuning.probe_first);
    bench.last = bench.delivery.tick(bench.now());
    CHECK(std::get<PlaceSet>(bench.sent<StatusRequest>()->area) == PlaceSet{kA});
}

void a_large_area_goes_out_in_several_requests() {
    DeliveryTuning tuning;
    tuning.cells_per_request = 2;
    Bench bench;
    Delivery delivery{MessageIdentifier{4370}, tuning, traits_of(Protocol::kCbsp)};
    const PlaceSet cells{gsm_cell(1, 1), gsm_cell(1, 2), gsm_cell(1, 3)};
    bench.last = delivery.retarget(bench.target(1, 0, cells), bench.now());
    bench.last = delivery.link_up(Recovery::kDataLost, bench.now());
    CHECK_EQ(std::get<PlaceSet>(bench.sent<WriteRequest>()->area).size(), 2u);
    bench.last = delivery.answered(complete({cells[0], cells[1]}), bench.now());
    CHECK(std::get<PlaceSet>(bench.sent<WriteRequest>()->area) == PlaceSet{cells[2]});
}

}  // namespace

GROUP(delivery, CASE(what_is_refused_everywhere_is_refused_where_nobody_named_a_cell),
      CASE(without_a_link_nothing_is_sent_and_cells_say_so),
      CASE(a_write_that_completes_is_accepted_in_the_cells_that_it_names),
      CASE(a_cell_that_the_answer_does_not_name_is_refused), CASE(mixed_results_are_kept_per_cell),
      CASE(a_refusal_that_may_pass_is_tried_again_after_the_pause),
      CASE(a_duplicate_of_what_we_hold_counts_as_accepted), CASE(data_available_is_not_written_again),
      CASE(data_lost_in_one_cell_is_written_to_that_cell_only), CASE(new_text_replaces_the_old_serial_number),
      CASE(longer_is_kill_then_write_and_shorter_is_nothing),
      CASE(larger_writes_the_new_cells_and_smaller_kills_the_left_ones),
      CASE(stopping_kills_and_a_message_that_is_not_there_is_stopped_too),
      CASE(a_stop_while_a_write_is_out_comes_after_its_answer),
      CASE(timeouts_ask_again_and_then_say_no_answer), CASE(all_cells_learns_the_cells_that_the_peer_names),
      CASE(a_status_report_of_broadcasts_is_what_makes_it_broadcasting),
      CASE(a_peer_that_lost_it_without_a_word_is_written_again),
      CASE(a_peer_that_contradicts_itself_for_ever_is_given_a_pause), CASE(a_wiped_peer_holds_nothing),
      CASE(after_a_restart_what_was_not_recorded_as_stopped_is_killed),
      CASE(an_answer_when_none_is_awaited_is_reported_and_changes_nothing),
      CASE(an_emergency_that_may_be_there_still_is_killed_before_it_is_written),
      CASE(an_emergency_of_more_than_an_hour_is_written_again_before_it_ends),
      CASE(a_primary_notification_that_is_given_its_text_is_stopped_and_written),
      CASE(an_area_is_on_the_air_where_the_answer_names_a_cell_of_it),
      CASE(a_large_area_goes_out_in_several_requests))
