// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/cbsp_upkeep.h"

#include "tests/support/fake_timers.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using cbsp::MessageType;

struct Bench {
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    metrics::Registry registry;
    LinkMetrics metrics{registry, Protocol::kCbsp, kCbspProcedures};
    UpkeepTuning tuning;
    CbspManner manner;
    std::vector<cbsp::Message> sent;
    bool busy = false;
    int concluded = 0;
    CbspUpkeep upkeep;

    explicit Bench(CbspManner how = {})
        : manner(how),
          upkeep({timers, clock, metrics, tuning, manner}, logs::Log::discard(),
                 {.write = [this](const cbsp::Message& message) { sent.push_back(message); },
                  .busy = [this] { return busy; },
                  .concluded = [this] { ++concluded; }}) {}
    size_t count(MessageType type) const {
        return static_cast<size_t>(std::count_if(
            sent.begin(), sent.end(), [&](const auto& one) { return cbsp::type_of(one) == type; }));
    }
};

cbsp::LoadedCell loaded(uint16_t ci, uint8_t first, uint8_t second) { return {Ci{ci}, first, second}; }

void an_idle_link_is_asked_for_its_load_again_and_again() {
    Bench bench;
    bench.upkeep.link_up();
    CHECK(bench.sent.empty());
    bench.timers.advance(bench.tuning.load_query_period);
    CHECK_EQ(bench.count(MessageType::kLoadQuery), size_t{1});
    CHECK(bench.upkeep.asked().has_value());
    bench.timers.advance(20ms);
    CHECK(bench.upkeep.take_answer(
        cbsp::LoadQueryComplete{{loaded(1, 10, 20), loaded(2, 5, 70), loaded(3, 60, 0)}, {}}));
    const auto& test = *bench.upkeep.last_test();
    CHECK(test.result == RequestResult::kComplete && test.took == 20ms);
    CHECK_EQ(test.cells, size_t{3});
    CHECK(test.busiest == loaded(2, 5, 70));
    CHECK_EQ(bench.concluded, 1);
    CHECK(!bench.upkeep.asked());
    bench.timers.advance(bench.tuning.load_query_period);
    CHECK_EQ(bench.count(MessageType::kLoadQuery), size_t{2});
}

void a_busy_link_needs_no_test() {
    Bench bench;
    bench.upkeep.link_up();
    bench.busy = true;
    bench.timers.advance(bench.tuning.load_query_period * 3);
    CHECK(bench.sent.empty());
    bench.busy = false;
    bench.timers.advance(bench.tuning.load_query_period);
    CHECK_EQ(bench.count(MessageType::kLoadQuery), size_t{1});
}

void cells_that_cannot_tell_are_counted() {
    Bench bench;
    bench.upkeep.link_up();
    bench.upkeep.test();
    CHECK(bench.upkeep.take_answer(cbsp::LoadQueryFailure{
        {{Ci{9}, cbsp::Cause::kCellBroadcastNotOperational}}, {}, cbsp::LoadList{loaded(1, 7, 7)}}));
    const auto& test = *bench.upkeep.last_test();
    CHECK(test.result == RequestResult::kFailure);
    CHECK_EQ(test.failed, size_t{1});
    CHECK_EQ(test.cells, size_t{1});
    bench.upkeep.test();
    CHECK(bench.upkeep.take_answer(
        cbsp::LoadQueryFailure{{{Ci{9}, cbsp::Cause::kCellBroadcastNotOperational}}, {}, {}}));
    CHECK(!bench.upkeep.last_test()->busiest.has_value());
}

void a_peer_that_leaves_two_unanswered_is_asked_no_more_but_when_somebody_wants_it() {
    Bench bench;
    bench.upkeep.link_up();
    bench.timers.advance(1h);
    CHECK_EQ(bench.count(MessageType::kLoadQuery), size_t{2});
    CHECK(bench.upkeep.last_test()->result == RequestResult::kTimeout);
    bench.upkeep.test();
    CHECK_EQ(bench.count(MessageType::kLoadQuery), size_t{3});
    bench.timers.advance(1h);
    CHECK_EQ(bench.count(MessageType::kLoadQuery), size_t{3});
    bench.upkeep.link_down();
    bench.upkeep.link_up();  // a newer BSC, perhaps
    bench.timers.advance(bench.tuning.load_query_period);
    CHECK_EQ(bench.count(MessageType::kLoadQuery), size_t{4});
}

void a_peer_that_says_that_it_does_not_know_the_question_is_asked_once() {
    Bench bench;
    bench.upkeep.link_up();
    bench.upkeep.test();
    CHECK(bench.upkeep.take_error(cbsp::Cause::kUnrecognisedMessage));
    CHECK(bench.upkeep.last_test()->result == RequestResult::kError);
    bench.timers.advance(1h);
    CHECK_EQ(bench.count(MessageType::kLoadQuery), size_t{1});
    CHECK(!bench.upkeep.take_error(cbsp::Cause::kUnrecognisedMessage));  // about nothing of ours
}

void drx_is_set_when_the_link_comes_up_and_before_any_test() {
    Bench bench{{.channel = cbsp::ChannelIndicator::kExtended, .drx = DrxLevel{20, 3}}};
    bench.upkeep.link_up();
    CHECK((bench.sent.back() ==
           cbsp::Message{cbsp::SetDrx{cbsp::AllCells{}, 20, 3, cbsp::ChannelIndicator::kExtended}}));
    CHECK(!bench.upkeep.drx()->result.has_value());
    bench.upkeep.test();  // one question at a time
    CHECK_EQ(bench.sent.size(), size_t{1});
    CHECK(!bench.upkeep.take_answer(cbsp::LoadQueryComplete{{}, {}}));
    CHECK(
        bench.upkeep.take_answer(cbsp::SetDrxComplete{cbsp::AllCells{}, cbsp::ChannelIndicator::kExtended}));
    CHECK(bench.upkeep.drx()->result == RequestResult::kComplete);
    CHECK((bench.upkeep.drx()->level == DrxLevel{20, 3}));
    bench.timers.advance(bench.tuning.load_query_period);
    CHECK((bench.sent.back() ==
           cbsp::Message{cbsp::LoadQuery{cbsp::AllCells{}, cbsp::ChannelIndicator::kExtended}}));
}

void a_refused_or_unanswered_drx_level_is_told() {
    Bench bench{{.drx = DrxLevel{20, 3}}};
    bench.upkeep.link_up();
    CHECK(bench.upkeep.take_answer(
        cbsp::SetDrxFailure{{{Ci{1}, cbsp::Cause::kIncompatibleDrxParameter}}, {}, {}}));
    CHECK(bench.upkeep.drx()->result == RequestResult::kFailure);
    CHECK_EQ(bench.upkeep.drx()->failed, size_t{1});
    bench.upkeep.data_lost();
    CHECK_EQ(bench.count(MessageType::kSetDrx), size_t{2});
    bench.timers.advance(bench.tuning.answer_timeout);
    CHECK(bench.upkeep.drx()->result == RequestResult::kTimeout);
}

void what_is_out_goes_with_the_link() {
    Bench bench;
    bench.upkeep.link_up();
    bench.upkeep.test();
    bench.upkeep.link_down();
    CHECK(!bench.upkeep.take_answer(cbsp::LoadQueryComplete{{}, {}}));
    bench.timers.advance(1h);
    CHECK_EQ(bench.sent.size(), size_t{1});
    CHECK(!bench.upkeep.last_test().has_value());
    bench.upkeep.test();
    CHECK_EQ(bench.sent.size(), size_t{1});
}

void nothing_is_asked_where_the_configuration_says_never() {
    Bench bench;
    bench.tuning.load_query_period = 0ms;
    bench.upkeep.link_up();
    bench.timers.advance(24h);
    CHECK(bench.sent.empty());
}

}  // namespace

GROUP(cbsp_upkeep, CASE(an_idle_link_is_asked_for_its_load_again_and_again), CASE(a_busy_link_needs_no_test),
      CASE(cells_that_cannot_tell_are_counted),
      CASE(a_peer_that_leaves_two_unanswered_is_asked_no_more_but_when_somebody_wants_it),
      CASE(a_peer_that_says_that_it_does_not_know_the_question_is_asked_once),
      CASE(drx_is_set_when_the_link_comes_up_and_before_any_test),
      CASE(a_refused_or_unanswered_drx_level_is_told), CASE(what_is_out_goes_with_the_link),
      CASE(nothing_is_asked_where_the_configuration_says_never))
