// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/cbsp_link.h"

#include "tests/support/cbc.h"
#include "tests/support/fake_stream.h"
#include "tests/support/fake_timers.h"
#include "tests/support/link_owner.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using cbsp::MessageType;
using State = stream_link_fsm::State;

using Wire = test::Wire<cbsp::Message>;
using FakeStream = test::FakeStream<cbsp::Message, cbsp::decode>;

struct Bench {
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    metrics::Registry registry;
    LinkMetrics metrics{registry, Protocol::kCbsp, kCbspProcedures};
    LinkTuning tuning;
    test::LinkOwner owner;
    std::shared_ptr<Wire> wire;
    int connects = 0;
    std::unique_ptr<CbspLink> link;

    explicit Bench(LinkTuning with = {}, CbspManner manner = {}) : tuning(with) {
        link = std::make_unique<CbspLink>(
            PeerName{"bsc-1"}, CbspLink::Parts{timers, clock, metrics, tuning, owner}, logs::Log::discard(),
            [this] {
                ++connects;
                return base::Result<net::StreamPtr>{stream()};
            },
            manner);
    }
    net::StreamPtr stream() {
        wire = std::make_shared<Wire>();
        return std::make_unique<FakeStream>(wire, "192.0.2.2:48049");
    }
    void say(const cbsp::Message& message) const { wire->events.on_octets(cbsp::encode(message)); }
    void connect() {
        link->start();
        wire->events.on_open();
    }
    void up() {
        connect();
        timers.advance(tuning.restart_wait);
        say(cbsp::ResetComplete{cbsp::AllCells{}});
        say(cbsp::KeepAliveComplete{});
        CHECK_EQ(link->state(), State::kReady);
        owner.told.clear();
    }
    size_t count(MessageType type) const {
        return static_cast<size_t>(std::count_if(wire->sent.begin(), wire->sent.end(), [&](const auto& one) {
            return cbsp::type_of(one) == type;
        }));
    }
    MessageType last() const { return cbsp::type_of(wire->sent.back()); }
    static DeliveryKey key() { return {test::alert_id(1), PeerName{"bsc-1"}, MessageIdentifier{4370}}; }
    void kill(uint16_t serial) {
        link->send(key(), KillRequest{MessageIdentifier{4370}, SerialNumber{serial}, AllCells{}});
    }
    void ask_status(uint16_t serial) {
        link->send(key(), StatusRequest{MessageIdentifier{4370}, SerialNumber{serial}, AllCells{}});
    }
    void write(uint16_t serial, std::optional<SerialNumber> replaces = std::nullopt) {
        const Content content = test::content_for(1, clock.now());
        link->send(key(), WriteRequest{content.messages.front(), SerialNumber{serial}, replaces, AllCells{},
                                       content.schedule, clock.now()});
    }
    static cbsp::Message killed(uint16_t serial) {
        return cbsp::KillComplete{MessageIdentifier{4370},
                                  SerialNumber{serial},
                                  {},
                                  cbsp::CellList{cbsp::AllCells{}},
                                  cbsp::ChannelIndicator::kBasic};
    }
};

void without_a_live_warning_the_peer_is_reset_and_then_up() {
    Bench bench;
    bench.connect();
    CHECK(bench.wire->sent.empty());  // it may say first what it holds
    bench.timers.advance(bench.tuning.restart_wait);
    CHECK_EQ(bench.last(), MessageType::kReset);
    CHECK(bench.owner.told.empty());
    bench.say(cbsp::ResetComplete{cbsp::AllCells{}});
    CHECK(bench.owner.told == (std::vector<std::string>{"wiped", "up"}));
    CHECK_EQ(bench.last(), MessageType::kKeepAlive);
}

void with_a_live_warning_there_is_no_reset() {
    Bench bench;
    bench.owner.live = LiveWarnings::kSome;
    bench.connect();
    bench.say(cbsp::Restart{cbsp::AllCells{}, {}, cbsp::RecoveryIndication::kDataAvailable});
    CHECK_EQ(bench.link->state(), State::kReady);
    CHECK_EQ(bench.count(MessageType::kReset), size_t{0});
    CHECK(bench.owner.recovery == Recovery::kDataAvailable);
}

void a_reset_without_an_answer_closes_and_comes_back_later_and_later() {
    Bench bench;
    bench.connect();
    bench.timers.advance(bench.tuning.restart_wait);
    bench.timers.advance(bench.tuning.reset_timeout);
    CHECK_EQ(bench.link->state(), State::kDown);
    CHECK_EQ(bench.link->standing().reason(), std::string("RESET was not answered"));
    bench.timers.advance(bench.tuning.backoff.first * 2);
    CHECK_EQ(bench.connects, 2);
    bench.wire->events.on_closed(net::CloseReason::kRefused);
    bench.timers.advance(bench.tuning.backoff.first);  // now it waits twice as long
    CHECK_EQ(bench.connects, 2);
    bench.timers.advance(bench.tuning.backoff.first * 2);
    CHECK_EQ(bench.connects, 3);
}

void one_request_is_out_at_a_time_and_stops_go_first() {
    Bench bench;
    bench.up();
    bench.write(1);
    bench.ask_status(2);
    bench.write(3);
    bench.kill(4);
    CHECK_EQ(bench.count(MessageType::kWriteReplace), size_t{1});
    CHECK_EQ(bench.count(MessageType::kKill), size_t{0});
    CHECK_EQ(bench.link->waiting(), size_t{4});
    bench.timers.advance(bench.tuning.request_timeout);
    CHECK_EQ(bench.last(), MessageType::kKill);
    bench.say(Bench::killed(4));
    CHECK_EQ(bench.last(), MessageType::kWriteReplace);
    bench.timers.advance(bench.tuning.request_timeout);
    CHECK_EQ(bench.last(), MessageType::kMessageStatusQuery);
    CHECK(bench.owner.told == (std::vector<std::string>{"timed out", "answered", "timed out"}));
}

void an_answer_to_another_serial_is_none_and_is_told_so() {
    Bench bench;
    bench.up();
    bench.kill(4);
    bench.say(Bench::killed(5));
    CHECK(bench.owner.told.empty());
    CHECK_EQ(bench.last(), MessageType::kErrorIndication);
    const auto& error = std::get<cbsp::ErrorIndication>(bench.wire->sent.back());
    CHECK(error.cause == cbsp::Cause::kMessageReferenceNotIdentified);
    CHECK(error.old_serial == SerialNumber{5} && !error.new_serial);  // a KILL is by the old one
    bench.say(Bench::killed(4));
    CHECK(bench.owner.told == std::vector<std::string>{"answered"});
}

void an_error_indication_about_our_request_is_its_answer() {
    Bench bench;
    bench.up();
    bench.kill(4);
    cbsp::ErrorIndication error;
    error.cause = cbsp::Cause::kUnrecognisedMessage;
    error.new_serial = SerialNumber{9};
    bench.say(error);  // about something else
    CHECK(bench.owner.told.empty());
    error.new_serial.reset();
    bench.say(error);
    CHECK(bench.owner.told == std::vector<std::string>{"answered"});
    CHECK(bench.owner.answers.back().kind == AnswerKind::kFailure);
    CHECK(bench.owner.answers.back().failed.front().cell.everything());
}

cbsp::ErrorIndication error_about(std::optional<SerialNumber> new_serial,
                                  std::optional<SerialNumber> old_serial) {
    return {cbsp::Cause::kParameterValueInvalid, MessageIdentifier{4370}, new_serial, old_serial, {}};
}

void an_error_indication_may_name_the_serial_of_our_request_in_either_element() {
    Bench bench;
    bench.up();
    bench.kill(4);
    bench.say(error_about({}, SerialNumber{9}));
    CHECK(bench.owner.told.empty());
    bench.say(error_about({}, SerialNumber{4}));
    CHECK_EQ(bench.owner.told.size(), size_t{1});
    bench.write(6, SerialNumber{5});
    bench.say(error_about(SerialNumber{6}, SerialNumber{4}));
    CHECK_EQ(bench.owner.told.size(), size_t{1});
    bench.say(error_about(SerialNumber{6}, SerialNumber{5}));
    CHECK_EQ(bench.owner.told.size(), size_t{2});
}

void an_error_indication_answers_a_reset_which_is_then_refused() {
    Bench bench;
    bench.connect();
    bench.timers.advance(bench.tuning.restart_wait);
    bench.say(cbsp::ErrorIndication{cbsp::Cause::kUnrecognisedMessage, {}, {}, {}, {}});
    CHECK_EQ(bench.link->state(), State::kReady);
    CHECK(bench.owner.told == std::vector<std::string>{"up"});  // not wiped
}

void a_peer_that_does_not_know_keep_alive_shows_that_it_lives_by_saying_so() {
    Bench bench;
    bench.up();
    bench.timers.advance(bench.tuning.keep_alive_period);
    bench.say(cbsp::ErrorIndication{cbsp::Cause::kUnrecognisedMessage, {}, {}, {}, {}});
    bench.timers.advance(bench.tuning.keep_alive_timeout);
    CHECK_EQ(bench.link->state(), State::kReady);
    CHECK(bench.owner.told.empty());
}

void an_error_indication_that_names_nothing_is_about_what_was_asked_first() {
    Bench bench;
    bench.up();
    bench.link->test();
    bench.timers.advance(1ms);
    bench.kill(4);
    const cbsp::ErrorIndication error{cbsp::Cause::kUnrecognisedMessage, {}, {}, {}, {}};
    bench.say(error);
    CHECK(bench.owner.told.empty());
    CHECK(bench.link->upkeep().last_test()->result == RequestResult::kError);
    bench.say(error);
    CHECK(bench.owner.told == std::vector<std::string>{"answered"});
}

void an_unreadable_error_indication_is_not_answered() {
    Bench bench;
    bench.up();
    bench.wire->events.on_octets(*base::from_hex("15000000"));  // no cause
    CHECK_EQ(bench.count(MessageType::kErrorIndication), size_t{0});
}

void an_unreadable_message_is_answered_with_what_could_be_read_of_it() {
    Bench bench;
    bench.up();
    bench.wire->events.on_octets(*base::from_hex("05000008 0e1112 024000 1200"));  // complete enough
    bench.wire->events.on_octets(*base::from_hex("05000007 0e1112 024000 7f"));    // an unknown element last
    bench.wire->events.on_octets(*base::from_hex("02000008 0e1112 034000 1200"));  // no Cell List
    const auto& error = std::get<cbsp::ErrorIndication>(bench.wire->sent.back());
    CHECK(error.cause == cbsp::Cause::kMissingMandatoryElement);
    CHECK(error.message_identifier == MessageIdentifier{4370} && error.new_serial == SerialNumber{0x4000});
    CHECK(error.channel == cbsp::ChannelIndicator::kBasic && !error.old_serial);
}

void an_idle_link_is_tested_and_a_warning_does_not_wait_for_the_answer() {
    Bench bench;
    bench.up();
    bench.timers.advance(1s);  // not at the very moment of a KEEP-ALIVE
    bench.link->test();
    bench.kill(4);
    CHECK_EQ(bench.last(), MessageType::kKill);
    bench.say(cbsp::LoadQueryComplete{{{cbsp::LacCi{Lac{1}, Ci{2}}, 30, 20}}, {}});
    bench.say(Bench::killed(4));
    CHECK(bench.owner.told == std::vector<std::string>{"answered"});
    CHECK_EQ(bench.link->upkeep().last_test()->cells, size_t{1});
    bench.say(cbsp::LoadQueryComplete{{}, {}});  // nobody asked
    CHECK_EQ(bench.last(), MessageType::kErrorIndication);
}

void a_bsc_that_has_lost_its_data_is_given_its_drx_level_again() {
    Bench bench{{}, {.drx = DrxLevel{20, 3}}};
    bench.up();
    CHECK_EQ(bench.count(MessageType::kSetDrx), size_t{1});
    bench.say(cbsp::SetDrxComplete{cbsp::AllCells{}, {}});
    bench.say(cbsp::Restart{cbsp::AllCells{}, {}, cbsp::RecoveryIndication::kDataAvailable});
    CHECK_EQ(bench.count(MessageType::kSetDrx), size_t{1});
    bench.say(cbsp::Restart{cbsp::AllCells{}, {}, cbsp::RecoveryIndication::kDataLost});
    CHECK_EQ(bench.count(MessageType::kSetDrx), size_t{2});
}

void a_peer_that_does_not_know_status_queries_is_asked_no_more() {
    Bench bench;
    bench.up();
    for (int i = 0; i < 2; ++i) {
        bench.ask_status(1);
        bench.timers.advance(bench.tuning.status_timeout);
    }
    bench.ask_status(1);
    CHECK_EQ(bench.count(MessageType::kMessageStatusQuery), size_t{2});
    bench.timers.advance(0us);  // not from within send()
    CHECK(bench.owner.told == (std::vector<std::string>{"timed out", "timed out", "timed out"}));
}

void a_silent_keep_alive_closes_the_link() {
    Bench bench;
    bench.up();
    const auto old = bench.wire;
    bench.timers.advance(bench.tuning.keep_alive_period);
    CHECK_EQ(bench.last(), MessageType::kKeepAlive);
    bench.timers.advance(bench.tuning.keep_alive_timeout - 1ms);
    CHECK_EQ(bench.link->state(), State::kReady);
    bench.timers.advance(1ms);
    CHECK(bench.owner.told == std::vector<std::string>{"down"});
    CHECK_EQ(bench.link->standing().reason(), std::string("KEEP-ALIVE was not answered"));
    CHECK(!old->open);
}

void what_waits_is_dropped_with_the_link() {
    Bench bench;
    bench.up();
    bench.kill(1);
    bench.kill(2);
    bench.wire->events.on_closed(net::CloseReason::kReset);
    CHECK_EQ(bench.link->waiting(), size_t{0});
    CHECK(bench.owner.told == std::vector<std::string>{"down"});
    bench.kill(3);  // while it is down: the owner is told when it is up again
    CHECK_EQ(bench.link->waiting(), size_t{0});
    bench.timers.advance(bench.tuning.request_timeout);  // no timer of the old request is left
    CHECK(bench.owner.told == std::vector<std::string>{"down"});
}

void garbage_is_answered_and_a_length_beyond_the_limit_closes() {
    Bench bench;
    bench.up();
    bench.wire->events.on_octets(*base::from_hex("4200000501020304ff"));
    CHECK_EQ(bench.last(), MessageType::kErrorIndication);
    CHECK_EQ(bench.link->state(), State::kReady);
    bench.say(cbsp::Reset{cbsp::AllCells{}});  // only a CBC may
    CHECK_EQ(bench.count(MessageType::kErrorIndication), size_t{2});
    bench.wire->events.on_octets(*base::from_hex("13ffffff"));
    CHECK_EQ(bench.link->state(), State::kDown);
    CHECK(bench.link->standing().reason().find("16777219 octets") != std::string::npos);
}

void a_peer_that_comes_back_replaces_its_dead_connection() {
    Bench bench;
    bench.up();
    const auto old = bench.wire;
    bench.link->accept(bench.stream());
    CHECK(bench.owner.told == std::vector<std::string>{"down"});
    CHECK_EQ(bench.link->state(), State::kAwaitRestart);
    old->events.on_octets(cbsp::encode(Bench::killed(4)));  // the old one still speaks
    old->events.on_closed(net::CloseReason::kReset);
    CHECK_EQ(bench.link->state(), State::kAwaitRestart);
    CHECK(bench.wire->sent.empty());
    bench.timers.advance(0us);
    CHECK(!old->open);
}

void too_many_requests_begin_anew() {
    LinkTuning tuning;
    tuning.queue_limit = 3;
    Bench bench{tuning};
    bench.up();
    for (uint16_t i = 0; i < 6; ++i) bench.kill(i);
    bench.timers.advance(0us);
    CHECK_EQ(bench.link->state(), State::kDown);
    CHECK_EQ(bench.link->standing().reason(), std::string("too many requests wait for the peer"));
}

void restart_and_failure_are_passed_on_at_any_time() {
    Bench bench;
    bench.up();
    bench.say(cbsp::Restart{cbsp::AllCells{}, {}, cbsp::RecoveryIndication::kDataLost});
    bench.say(cbsp::Failure{{{cbsp::AllCells{}, cbsp::Cause::kCellBroadcastNotOperational}}, {}});
    CHECK(bench.owner.told == (std::vector<std::string>{"restarted", "failed"}));
    constexpr auto kEmergency = cbsp::BroadcastMessageType::kEmergency;
    bench.say(cbsp::Restart{cbsp::AllCells{}, kEmergency, cbsp::RecoveryIndication::kDataAvailable});
    bench.say(cbsp::Failure{{{cbsp::AllCells{}, cbsp::Cause::kCellBroadcastNotOperational}}, kEmergency});
    CHECK_EQ(bench.owner.told[2] + ", " + bench.owner.told[3], "emergencies restarted, emergencies failed");
    CHECK_EQ(bench.link->state(), State::kReady);
}

}  // namespace

GROUP(cbsp_link, CASE(without_a_live_warning_the_peer_is_reset_and_then_up),
      CASE(with_a_live_warning_there_is_no_reset),
      CASE(a_reset_without_an_answer_closes_and_comes_back_later_and_later),
      CASE(one_request_is_out_at_a_time_and_stops_go_first),
      CASE(an_answer_to_another_serial_is_none_and_is_told_so),
      CASE(an_error_indication_about_our_request_is_its_answer),
      CASE(an_error_indication_may_name_the_serial_of_our_request_in_either_element),
      CASE(an_error_indication_answers_a_reset_which_is_then_refused),
      CASE(a_peer_that_does_not_know_keep_alive_shows_that_it_lives_by_saying_so),
      CASE(an_error_indication_that_names_nothing_is_about_what_was_asked_first),
      CASE(an_unreadable_error_indication_is_not_answered),
      CASE(an_unreadable_message_is_answered_with_what_could_be_read_of_it),
      CASE(an_idle_link_is_tested_and_a_warning_does_not_wait_for_the_answer),
      CASE(a_bsc_that_has_lost_its_data_is_given_its_drx_level_again),
      CASE(a_peer_that_does_not_know_status_queries_is_asked_no_more),
      CASE(a_silent_keep_alive_closes_the_link), CASE(what_waits_is_dropped_with_the_link),
      CASE(garbage_is_answered_and_a_length_beyond_the_limit_closes),
      CASE(a_peer_that_comes_back_replaces_its_dead_connection), CASE(too_many_requests_begin_anew),
      CASE(restart_and_failure_are_passed_on_at_any_time))
