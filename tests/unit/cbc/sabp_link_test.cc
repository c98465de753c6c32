// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/sabp_link.h"

#include <algorithm>

#include "tests/support/cbc.h"
#include "tests/support/fake_stream.h"
#include "tests/support/fake_timers.h"
#include "tests/support/link_owner.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using State = stream_link_fsm::State;
using Told = std::vector<std::string>;

const PlmnId kPlmn = *PlmnId::parse("001-01");
const sabp::ServiceArea kOne{kPlmn, 1, 512};
const sabp::ServiceArea kTwo{kPlmn, 1, 513};

PlaceSet table() {
    return {Place::service_area(kPlmn, Lac{1}, 512), Place::service_area(kPlmn, Lac{1}, 513)};
}

using Wire = test::Wire<sabp::Message>;
using FakeStream = test::FakeStream<sabp::Message, sabp::decode>;

struct Bench {
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    metrics::Registry registry;
    LinkMetrics metrics{registry, Protocol::kSabp, kSabpProcedures};
    SabpTuning tuning;
    test::LinkOwner owner;
    std::shared_ptr<Wire> wire;
    int connects = 0;
    std::unique_ptr<SabpLink> link;

    explicit Bench(SabpTuning with = {}, const PlaceSet& areas = table()) : tuning(with) {
        link = std::make_unique<SabpLink>(PeerName{"rnc-1"},
                                          SabpLink::Parts{timers, clock, metrics, tuning, owner},
                                          logs::Log::discard(), [this] {
                                              ++connects;
                                              return base::Result<net::StreamPtr>{stream()};
                                          });
        link->use_table(areas);
    }
    net::StreamPtr stream() {
        wire = std::make_shared<Wire>();
        return std::make_unique<FakeStream>(wire, "192.0.2.2:3452");
    }
    void say(const sabp::Message& message) const { wire->events.on_octets(*sabp::encode(message)); }
    void connect() {
        link->start();
        wire->events.on_open();
    }
    void up() {
        connect();
        timers.advance(tuning.restart_wait);
        say(reset_complete());
        CHECK_EQ(link->state(), State::kReady);
        owner.told.clear();
    }
    template <class M>
    size_t count() const {
        return static_cast<size_t>(std::ranges::count_if(
            wire->sent, [](const auto& one) { return std::holds_alternative<M>(one); }));
    }
    template <class M>
    const M& last() const {
        CHECK(std::holds_alternative<M>(wire->sent.back()));
        return std::get<M>(wire->sent.back());
    }
    static sabp::Message reset_complete() {
        sabp::ResetComplete complete;
        complete.areas = {kOne, kTwo};
        return complete;
    }
    static sabp::Message load() {
        sabp::LoadQueryComplete complete;
        complete.loads = {{kOne, 100}};
        return complete;
    }
    static DeliveryKey key() { return {test::alert_id(1), PeerName{"rnc-1"}, MessageIdentifier{4370}}; }
    void kill(uint16_t serial) {
        link->send(key(), KillRequest{MessageIdentifier{4370}, SerialNumber{serial}, AllCells{}});
    }
    void ask_status(uint16_t serial) {
        link->send(key(), StatusRequest{MessageIdentifier{4370}, SerialNumber{serial}, AllCells{}});
    }
    void write(uint16_t serial) {
        const Content content = test::content_for(1, clock.now());
        link->send(key(), WriteRequest{content.messages.front(), SerialNumber{serial}, std::nullopt,
                                       AllCells{}, content.schedule, clock.now()});
    }
    template <class M>
    static sabp::Message answer(uint16_t serial) {
        M message;
        message.message_identifier = MessageIdentifier{4370};
        message.serial = SerialNumber{serial};
        message.completed = {{kOne, 0, std::nullopt}, {kTwo, 0, std::nullopt}};
        return message;
    }
};

void without_a_live_warning_the_peer_is_reset_in_all_its_areas_and_then_up() {
    Bench bench;
    bench.connect();
    CHECK(bench.wire->sent.empty());  // it may say first what it holds
    bench.timers.advance(bench.tuning.restart_wait);
    CHECK(bench.last<sabp::Reset>().areas == (sabp::ServiceAreas{kOne, kTwo}));
    CHECK(bench.owner.told.empty());
    bench.say(Bench::reset_complete());
    CHECK(bench.owner.told == (Told{"wiped", "up"}));
}

void with_a_live_warning_there_is_no_reset() {
    Bench bench;
    bench.owner.live = LiveWarnings::kSome;
    bench.connect();
    bench.say(sabp::Restart{{kOne, kTwo}, sabp::RecoveryIndication::kDataAvailable});
    CHECK_EQ(bench.link->state(), State::kReady);
    CHECK_EQ(bench.count<sabp::Reset>(), size_t{0});
    CHECK(bench.owner.recovery == Recovery::kDataAvailable);
}

void a_refused_reset_wipes_nothing_and_the_peer_is_up() {
    Bench bench;
    bench.connect();
    bench.timers.advance(bench.tuning.restart_wait);
    sabp::ResetFailure failure;
    failure.failed = {{kTwo, sabp::Cause::kServiceAreaNotValid}};
    bench.say(failure);
    CHECK(bench.owner.told == Told{"up"});
}

// An RNC that our table does not know says at connect which areas it has.
void areas_are_learned_from_a_restart() {
    Bench bench({}, {});
    bench.connect();
    bench.timers.advance(bench.tuning.restart_wait);
    CHECK_EQ(bench.link->state(), State::kDown);
    CHECK(bench.link->standing().reason().find("no service area") != std::string::npos);
    bench.timers.advance(bench.tuning.backoff.first * 2);
    bench.wire->events.on_open();
    bench.say(sabp::Restart{{kTwo}, sabp::RecoveryIndication::kDataLost});
    CHECK(bench.last<sabp::Reset>().areas == sabp::ServiceAreas{kTwo});
    CHECK(bench.owner.restarted == std::vector{exactly(Place::service_area(kPlmn, Lac{1}, 513))});
}

void another_cell_table_takes_the_place_of_the_old_one_but_not_of_what_was_told() {
    Bench bench;
    bench.owner.live = LiveWarnings::kSome;
    bench.connect();
    bench.say(sabp::Restart{{kTwo}, sabp::RecoveryIndication::kDataAvailable});
    bench.link->use_table({Place::service_area(kPlmn, Lac{1}, 600)});
    bench.kill(0x4010);
    CHECK(bench.last<sabp::Kill>().areas == (sabp::ServiceAreas{kTwo, {kPlmn, 1, 600}}));
}

void a_reset_without_an_answer_closes_and_comes_back() {
    Bench bench;
    bench.connect();
    bench.timers.advance(bench.tuning.restart_wait);
    bench.timers.advance(bench.tuning.reset_timeout);
    CHECK_EQ(bench.link->state(), State::kDown);
    CHECK_EQ(bench.link->standing().reason(), std::string("RESET was not answered"));
    bench.timers.advance(bench.tuning.backoff.first * 2);
    CHECK_EQ(bench.connects, 2);
}

void the_load_of_each_area_is_asked_in_turn_and_broadcasts_nothing() {
    Bench bench;
    bench.up();
    CHECK(bench.last<sabp::LoadQuery>().areas == sabp::ServiceAreas{kOne});
    bench.say(Bench::load());
    bench.timers.advance(bench.tuning.load_query_period);
    CHECK(bench.last<sabp::LoadQuery>().areas == sabp::ServiceAreas{kTwo});
    sabp::LoadQueryFailure failure;
    failure.failed = {{kTwo, sabp::Cause::kServiceAreaNotValid}};
    bench.say(failure);  // that it answers is what counts
    bench.timers.advance(bench.tuning.load_query_period);
    CHECK(bench.last<sabp::LoadQuery>().areas == sabp::ServiceAreas{kOne});
    CHECK_EQ(bench.link->last_test()->result, std::string("failure"));
    CHECK_EQ(bench.link->last_test()->failed_cells, size_t{1});
    CHECK(bench.link->last_test_answered().has_value());
    bench.timers.advance(bench.tuning.load_query_timeout);
    CHECK_EQ(bench.link->state(), State::kDown);
    CHECK(bench.owner.told == Told{"down"});
}

void without_a_period_no_load_is_asked() {
    SabpTuning tuning;
    tuning.load_query_period = 0ms;
    Bench bench(tuning);
    bench.up();
    bench.timers.advance(1h);
    CHECK_EQ(bench.count<sabp::LoadQuery>(), size_t{0});
    bench.link->test();  // but by an operator, and then its silence closes nothing
    CHECK_EQ(bench.count<sabp::LoadQuery>(), size_t{1});
    bench.timers.advance(tuning.load_query_timeout);
    CHECK_EQ(bench.link->last_test()->result, std::string("timeout"));
    CHECK_EQ(bench.link->state(), State::kReady);
}

void one_request_is_out_at_a_time_and_stops_go_first() {
    Bench bench;
    bench.up();
    bench.write(0x4010);
    bench.ask_status(0x4020);
    bench.write(0x4030);
    bench.kill(0x4040);
    CHECK_EQ(bench.count<sabp::WriteReplace>(), size_t{1});
    bench.say(Bench::answer<sabp::WriteReplaceComplete>(0x4010));
    CHECK(bench.last<sabp::Kill>().serial == SerialNumber{0x4040});
    bench.say(Bench::answer<sabp::KillComplete>(0x4040));
    CHECK(bench.last<sabp::WriteReplace>().new_serial == SerialNumber{0x4030});
    auto failure = Bench::answer<sabp::WriteReplaceFailure>(0x4030);
    std::get<sabp::WriteReplaceFailure>(failure).failed = {{kTwo, sabp::Cause::kRncMemoryExceeded}};
    bench.say(failure);
    CHECK(bench.last<sabp::MessageStatusQuery>().serial == SerialNumber{0x4020});
    CHECK_EQ(bench.owner.answers.size(), size_t{3});
    CHECK(bench.owner.answers[2].kind == AnswerKind::kFailure);
}

void an_answer_to_something_else_is_told_so_and_the_request_waits_on() {
    Bench bench;
    bench.up();
    bench.say(Bench::load());
    bench.write(0x4010);
    bench.say(Bench::answer<sabp::WriteReplaceComplete>(0x4020));
    CHECK(bench.last<sabp::ErrorIndication>().serial == SerialNumber{0x4020});
    bench.say(Bench::answer<sabp::KillComplete>(0x4010));
    CHECK_EQ(bench.count<sabp::ErrorIndication>(), size_t{2});
    CHECK(bench.owner.told.empty());
    bench.timers.advance(bench.tuning.request_timeout);
    CHECK(std::ranges::count(bench.owner.told, "timed out") == 1);
}

void an_error_indication_ends_the_request_that_it_is_about() {
    Bench bench;
    bench.up();
    bench.say(Bench::load());
    bench.write(0x4010);
    bench.say(sabp::ErrorIndication{.serial = SerialNumber{0x4020}, .cause = sabp::Cause::kSemanticError});
    CHECK(bench.owner.answers.empty());
    bench.say(sabp::ErrorIndication{.cause = sabp::Cause::kRncMemoryExceeded});
    CHECK_EQ(bench.owner.answers.size(), size_t{1});
    CHECK(bench.owner.answers[0].failed[0].cause == sabp_cause(7));
}

void an_error_indication_to_a_load_query_shows_that_the_peer_lives() {
    Bench bench;
    bench.up();
    bench.say(sabp::ErrorIndication{.cause = sabp::Cause::kUnrecognisedMessage});
    bench.timers.advance(bench.tuning.load_query_timeout);
    CHECK_EQ(bench.link->state(), State::kReady);
}

void what_only_a_centre_may_say_is_refused() {
    Bench bench;
    bench.up();
    bench.say(sabp::Kill{MessageIdentifier{1}, SerialNumber{2}, {kOne}});
    CHECK(bench.last<sabp::ErrorIndication>().cause == sabp::Cause::kUnrecognisedMessage);
    bench.wire->events.on_octets(*base::from_hex("0001000f000002000600021112000a00024000"));
    CHECK(bench.last<sabp::ErrorIndication>().cause == sabp::Cause::kAbstractSyntaxErrorReject);
    CHECK_EQ(bench.link->state(), State::kReady);
}

void a_stream_that_has_lost_its_place_is_closed() {
    Bench bench;
    bench.up();
    const auto wire = bench.wire;
    wire->events.on_octets(*base::from_hex("ff"));
    CHECK_EQ(bench.link->state(), State::kDown);
    bench.timers.advance(1ms);
    CHECK(!wire->open);
}

void failures_and_restarts_are_told_area_by_area() {
    Bench bench;
    bench.up();
    bench.say(sabp::Failure{{kTwo}});
    CHECK(bench.owner.failed[0].cell == exactly(Place::service_area(kPlmn, Lac{1}, 513)));
    CHECK(bench.owner.failed[0].cause == kCauseReportedDown);
    bench.say(sabp::Restart{{kTwo}, std::nullopt});
    CHECK(bench.owner.told == (Told{"failed", "restarted"}));
}

void a_peer_that_comes_back_replaces_its_older_connection() {
    Bench bench;
    bench.up();
    const auto old = bench.wire;
    bench.link->accept(bench.stream());
    CHECK(bench.owner.told == Told{"down"});
    bench.timers.advance(bench.tuning.restart_wait);
    CHECK(!old->open);
    bench.say(Bench::reset_complete());
    CHECK_EQ(bench.link->state(), State::kReady);
}

void a_full_queue_takes_the_link_down() {
    SabpTuning tuning;
    tuning.queue_limit = 2;
    Bench bench(tuning);
    bench.up();
    for (uint16_t i = 0; i < 4; ++i) bench.kill(i);
    CHECK_EQ(bench.link->state(), State::kReady);  // never from within send()
    bench.timers.advance(1ms);
    CHECK_EQ(bench.link->state(), State::kDown);
    CHECK_EQ(bench.link->waiting(), size_t{0});
}

}  // namespace

GROUP(sabp_link, CASE(without_a_live_warning_the_peer_is_reset_in_all_its_areas_and_then_up),
      CASE(with_a_live_warning_there_is_no_reset), CASE(a_refused_reset_wipes_nothing_and_the_peer_is_up),
      CASE(areas_are_learned_from_a_restart),
      CASE(another_cell_table_takes_the_place_of_the_old_one_but_not_of_what_was_told),
      CASE(a_reset_without_an_answer_closes_and_comes_back),
      CASE(the_load_of_each_area_is_asked_in_turn_and_broadcasts_nothing),
      CASE(without_a_period_no_load_is_asked), CASE(one_request_is_out_at_a_time_and_stops_go_first),
      CASE(an_answer_to_something_else_is_told_so_and_the_request_waits_on),
      CASE(an_error_indication_ends_the_request_that_it_is_about),
      CASE(an_error_indication_to_a_load_query_shows_that_the_peer_lives),
      CASE(what_only_a_centre_may_say_is_refused), CASE(a_stream_that_has_lost_its_place_is_closed),
      CASE(failures_and_restarts_are_told_area_by_area),
      CASE(a_peer_that_comes_back_replaces_its_older_connection), CASE(a_full_queue_takes_the_link_down))
