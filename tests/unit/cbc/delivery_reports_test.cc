// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A Delivery at a peer that cannot replace and reports by itself (MME, AMF).
#include "cbc/domain/delivery.h"
#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using test::complete;
using FsmState = delivery_fsm::State;

const PlmnId kPlmn = *PlmnId::parse("001-01");
const Place kA = Place::lte_cell(kPlmn, 0xa101);
const Place kB = Place::lte_cell(kPlmn, 0xa102);
const Place kChild = Place::lte_cell(kPlmn, 0xb101);
const Place kTa = Place::area_of(Technology::kLte, kPlmn, 7);
const RadioNode kNode{RadioNode::Kind::kEnb, kPlmn, 0xa1, 20};
const DeliveryTuning kTuning{};
constexpr MessageIdentifier kIdentifier{4370};

struct Bench {
    base::FakeClock clock;
    Delivery delivery{kIdentifier, kTuning, traits_of(Protocol::kSbcap)};
    DeliveryEffects last;

    Now now() const { return now_of(clock); }
    static SerialNumber serial(uint16_t update) {
        return SerialNumber{static_cast<uint16_t>(0x4010 + update)};
    }
    // The update number goes into the serial number.
    void want(uint16_t revision, uint16_t update, PeerArea area) {
        const Content content = test::content_for(1, base::FakeClock{}.now());
        last = delivery.retarget(Target{Revision{revision},
                                        {serial(update), content.schedule},
                                        content.messages.front(),
                                        std::move(area),
                                        {}},
                                 now());
    }
    void unwant() { last = delivery.retarget(std::nullopt, now()); }
    void up() { last = delivery.link_up(Recovery::kUnknown, now()); }
    void answer(const PeerAnswer& answer) { last = delivery.answered(answer, now()); }
    void accept(const std::vector<Place>& places) { answer(complete(places)); }
    void refuse(const Place& place, uint16_t cause) {
        PeerAnswer no;
        no.kind = AnswerKind::kFailure;
        no.failed = {{exactly(place), sbcap_cause(cause)}};
        answer(no);
    }
    void report(ReportKind kind, uint16_t update, const std::vector<Place>& places,
                std::optional<uint16_t> broadcasts = std::nullopt) {
        Report report{kIdentifier, serial(update), kind, {}};
        for (const Place& place : places) report.cells.push_back({exactly(place), broadcasts});
        last = delivery.reported(report, now());
    }
    template <class Request>
    const Request* sent() const {
        for (const auto& effect : last)
            if (const auto* send = std::get_if<Send>(&effect)) return std::get_if<Request>(&send->request);
        return nullptr;
    }
    DeliveryState state(const Place& place) const { return delivery.cells().at(place).state; }
    void on_air(PeerArea area, const std::vector<Place>& places) {
        want(1, 0, std::move(area));
        up();
        accept(places);
    }
};

void new_text_is_written_first_and_the_old_one_stopped_then() {
    Bench bench;
    bench.on_air(PlaceSet{kA, kB}, {kA, kB});
    bench.want(2, 1, PlaceSet{kA, kB});
    const auto* write = bench.sent<WriteRequest>();
    CHECK(write != nullptr && !write->replaces && write->serial == Bench::serial(1));
    bench.accept({kA, kB});
    const auto* kill = bench.sent<KillRequest>();
    CHECK(kill != nullptr && kill->serial == Bench::serial(0));
    CHECK_EQ(bench.state(kA), DeliveryState::kAccepted);  // the new one stays on the air meanwhile
    bench.accept({kA, kB});
    CHECK_EQ(bench.delivery.fsm_state(), FsmState::kSettled);
    CHECK(!bench.delivery.cells().at(kA).beside);
    CHECK_EQ(bench.state(kB), DeliveryState::kAccepted);
}

void refused_new_text_leaves_the_old_one_on_the_air() {
    Bench bench;
    bench.on_air(PlaceSet{kA}, {kA});
    bench.want(2, 1, PlaceSet{kA});
    bench.refuse(kA, 9);
    CHECK_EQ(bench.state(kA), DeliveryState::kRefused);
    CHECK(bench.delivery.on_air() == Delivery::OnAir::kSomewhere);
    bench.unwant();
    const auto* kill = bench.sent<KillRequest>();
    CHECK(kill != nullptr && kill->serial == Bench::serial(0));
}

void a_stop_ends_both_messages() {
    Bench bench;
    bench.on_air(PlaceSet{kA}, {kA});
    bench.want(2, 1, PlaceSet{kA});
    bench.accept({kA});  // the new one; the KILL of the old one is out
    bench.unwant();
    bench.answer(complete({kA}));
    const auto* kill = bench.sent<KillRequest>();
    CHECK(kill != nullptr && kill->serial == Bench::serial(1));
    bench.accept({kA});
    CHECK_EQ(bench.state(kA), DeliveryState::kStopped);
    CHECK(bench.delivery.on_air() == Delivery::OnAir::kNowhere);
}

void new_text_that_was_never_answered_may_be_there_beside_the_old_one() {
    Bench bench;
    bench.on_air(PlaceSet{kA}, {kA});
    bench.want(2, 1, PlaceSet{kA});
    bench.last = bench.delivery.link_down(bench.now());
    bench.unwant();
    bench.up();
    CHECK(bench.sent<KillRequest>() != nullptr && bench.sent<KillRequest>()->serial == Bench::serial(1));
    bench.accept({kA});
    CHECK(bench.sent<KillRequest>() != nullptr && bench.sent<KillRequest>()->serial == Bench::serial(0));
    bench.accept({kA});
    CHECK(bench.delivery.on_air() == Delivery::OnAir::kNowhere);
}

void a_report_says_where_it_is_on_the_air() {
    Bench bench;
    bench.on_air(PlaceSet{kA, kB}, {kA, kB});
    bench.report(ReportKind::kScheduled, 0, {kA});
    CHECK_EQ(bench.state(kA), DeliveryState::kScheduled);
    CHECK_EQ(bench.state(kB), DeliveryState::kAccepted);
    bench.clock.advance(kTuning.report_wait);
    bench.last = bench.delivery.tick(bench.now());
    CHECK_EQ(bench.state(kA), DeliveryState::kScheduled);
    CHECK_EQ(bench.state(kB), DeliveryState::kNotReported);
    bench.report(ReportKind::kScheduled, 0, {kB});
    CHECK_EQ(bench.state(kB), DeliveryState::kScheduled);
}

void a_report_about_another_serial_number_changes_nothing() {
    Bench bench;
    bench.on_air(PlaceSet{kA}, {kA});
    bench.report(ReportKind::kScheduled, 3, {kA});
    bench.report(ReportKind::kCancelled, 3, {kA}, 4);
    CHECK_EQ(bench.state(kA), DeliveryState::kAccepted);
    CHECK(bench.sent<WriteRequest>() == nullptr);
}

void cells_of_an_area_are_shown_and_go_with_it() {
    Bench bench;
    bench.on_air(PlaceSet{kTa}, {kTa});
    bench.report(ReportKind::kScheduled, 0, {kChild});
    CHECK_EQ(bench.state(kChild), DeliveryState::kScheduled);
    bench.unwant();
    const auto* kill = bench.sent<KillRequest>();
    CHECK(kill != nullptr && std::get<PlaceSet>(kill->area) == PlaceSet{kTa});
    CHECK_EQ(bench.state(kChild), DeliveryState::kStopSent);
    bench.accept({kTa});
    CHECK_EQ(bench.state(kChild), DeliveryState::kStopped);
    bench.report(ReportKind::kCancelled, 0, {kChild}, 12);
    CHECK(bench.delivery.cells().at(kChild).broadcasts == uint16_t{12});
}

void a_cell_that_nobody_asked_about_is_not_taken_in() {
    Bench bench;
    bench.on_air(PlaceSet{kA}, {kA});
    bench.report(ReportKind::kScheduled, 0, {kChild});
    CHECK(!bench.delivery.cells().contains(kChild));
}

void a_restarted_node_gets_its_cells_alone() {
    Bench bench;
    bench.on_air(PlaceSet{kA, kB}, {kA, kB});
    bench.last = bench.delivery.cells_restarted({exactly(kB)}, Recovery::kDataLost, kNode, bench.now());
    const auto* write = bench.sent<WriteRequest>();
    CHECK(write != nullptr && std::get<PlaceSet>(write->area) == PlaceSet{kB});
    CHECK(write->restarted == kNode);
    CHECK(write->serial == Bench::serial(0));
    bench.accept({kB});
    CHECK_EQ(bench.state(kB), DeliveryState::kAccepted);
    CHECK_EQ(bench.delivery.fsm_state(), FsmState::kSettled);
}

void with_the_whole_network_a_restarted_cell_is_written_by_name() {
    Bench bench;
    bench.on_air(AllCells{}, {});
    bench.report(ReportKind::kScheduled, 0, {kA});
    bench.last =
        bench.delivery.cells_restarted({exactly(kA), exactly(kB)}, Recovery::kDataLost, kNode, bench.now());
    const auto* write = bench.sent<WriteRequest>();
    CHECK(write != nullptr && std::get<PlaceSet>(write->area) == (PlaceSet{kA, kB}));
    bench.accept({kA, kB});
    bench.unwant();
    CHECK(bench.sent<KillRequest>() != nullptr &&
          std::holds_alternative<AllCells>(bench.sent<KillRequest>()->area));
}

void cells_and_areas_are_asked_for_one_kind_at_a_time() {
    Bench bench;
    bench.want(1, 0, PlaceSet{kA, kTa});
    bench.up();
    const auto* first = bench.sent<WriteRequest>();
    CHECK(first != nullptr && std::get<PlaceSet>(first->area) == PlaceSet{kA});
    bench.accept({kA});
    const auto* second = bench.sent<WriteRequest>();
    CHECK(second != nullptr && std::get<PlaceSet>(second->area) == PlaceSet{kTa});
}

void an_unknown_area_is_shown_as_unknown_to_the_peer() {
    Bench bench;
    bench.want(1, 0, PlaceSet{kTa});
    bench.up();
    bench.refuse(kTa, 4);
    CHECK_EQ(bench.state(kTa), DeliveryState::kUnknownToPeer);
    CHECK_EQ(bench.delivery.fsm_state(), FsmState::kSettled);
}

void a_message_that_the_peer_has_already_counts_as_accepted() {
    Bench bench;
    bench.on_air(PlaceSet{kA}, {kA});
    bench.last = bench.delivery.link_down(bench.now());
    bench.up();
    CHECK(bench.sent<WriteRequest>() != nullptr);
    bench.refuse(kA, 11);
    CHECK_EQ(bench.state(kA), DeliveryState::kAccepted);
}

void a_refusal_of_everything_is_one_of_the_cells_that_nobody_named_too() {
    Bench bench;
    bench.want(1, 0, AllCells{});
    bench.up();
    PeerAnswer no;
    no.kind = AnswerKind::kFailure;
    no.failed = {{PlacePattern{}, sbcap_cause(9)}};
    bench.answer(no);
    CHECK_EQ(bench.delivery.rest()->state, DeliveryState::kRefused);
    CHECK(bench.delivery.on_air() == Delivery::OnAir::kNowhere);
    bench.unwant();
    CHECK(bench.sent<KillRequest>() == nullptr);
}

void a_stop_that_is_refused_everywhere_is_asked_again() {
    Bench bench;
    PeerAnswer done;
    done.done = {PlacePattern{}};
    bench.want(1, 0, AllCells{});
    bench.up();
    bench.answer(done);
    bench.unwant();
    PeerAnswer no;
    no.kind = AnswerKind::kFailure;
    no.failed = {{PlacePattern{}, sbcap_cause(12)}};
    bench.answer(no);
    CHECK_EQ(bench.delivery.rest()->state, DeliveryState::kStopFailed);
    CHECK(bench.delivery.on_air() != Delivery::OnAir::kNowhere);
    bench.clock.advance(kTuning.retry_pause);
    bench.last = bench.delivery.tick(bench.now());
    CHECK(bench.sent<KillRequest>() != nullptr);
    no.failed = {{PlacePattern{}, sbcap_cause(3)}};  // it is not there any more
    bench.answer(no);
    CHECK_EQ(bench.delivery.rest()->state, DeliveryState::kStopped);
}

void lists_stay_below_16_kib() {
    Bench bench;
    PlaceSet many;
    for (uint32_t cell = 0; cell < 1500; ++cell) many.push_back(Place::lte_cell(kPlmn, cell));
    bench.want(1, 0, many);
    bench.up();
    const auto* first = bench.sent<WriteRequest>();
    CHECK(first != nullptr);
    const PlaceSet asked = std::get<PlaceSet>(first->area);
    CHECK_EQ(asked.size(), size_t{1000});
    bench.accept({asked.begin(), asked.end()});
    CHECK_EQ(std::get<PlaceSet>(bench.sent<WriteRequest>()->area).size(), size_t{500});
}

}  // namespace

GROUP(delivery_reports, CASE(a_refusal_of_everything_is_one_of_the_cells_that_nobody_named_too),
      CASE(a_stop_that_is_refused_everywhere_is_asked_again), CASE(lists_stay_below_16_kib),
      CASE(new_text_is_written_first_and_the_old_one_stopped_then),
      CASE(refused_new_text_leaves_the_old_one_on_the_air), CASE(a_stop_ends_both_messages),
      CASE(new_text_that_was_never_answered_may_be_there_beside_the_old_one),
      CASE(a_report_says_where_it_is_on_the_air), CASE(a_report_about_another_serial_number_changes_nothing),
      CASE(cells_of_an_area_are_shown_and_go_with_it), CASE(a_cell_that_nobody_asked_about_is_not_taken_in),
      CASE(a_restarted_node_gets_its_cells_alone),
      CASE(with_the_whole_network_a_restarted_cell_is_written_by_name),
      CASE(cells_and_areas_are_asked_for_one_kind_at_a_time),
      CASE(an_unknown_area_is_shown_as_unknown_to_the_peer),
      CASE(a_message_that_the_peer_has_already_counts_as_accepted))
