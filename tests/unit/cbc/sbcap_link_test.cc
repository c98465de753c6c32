// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/sbcap_link.h"

#include "tests/support/cbc.h"
#include "tests/support/fake_timers.h"
#include "tests/support/link_owner.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using State = sbcap_link_fsm::State;
using Told = std::vector<std::string>;

const PlmnId kPlmn = *PlmnId::parse("001-01");
const MessageIdentifier kLevel1{4370};
const SerialNumber kSerial{0x4010};

// What the MME's end of an association sees; outlives it.
struct Wire {
    net::SctpAssociation::Events events;
    std::vector<sbcap::Message> sent;
    bool open = true;
};

class FakeAssociation final : public net::SctpAssociation {
 public:
    explicit FakeAssociation(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}
    ~FakeAssociation() override { wire_->open = false; }
    void start(Events events) override { wire_->events = std::move(events); }
    net::Sent send(const net::SctpMessage& message) override {
        CHECK_EQ(message.ppid, uint32_t{24});
        CHECK_EQ(message.stream, uint16_t{0});
        auto decoded = sbcap::decode(message.octets);
        CHECK_OK(decoded);
        wire_->sent.push_back(std::move(decoded->message));
        return net::Sent::kQueued;
    }
    void shut_down() override {}
    void read(net::Reading) override {}
    size_t unsent() const override { return 0; }
    std::vector<net::SctpPath> paths() const override {
        net::SctpPath path;
        path.host = "192.0.2.7";
        return {path};
    }
    net::SctpFigures figures() const override { return {}; }
    std::string remote() const override { return "192.0.2.7:29168"; }
    std::string detail() const override { return "no heartbeat"; }

 private:
    std::shared_ptr<Wire> wire_;
};

struct Bench {
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    metrics::Registry registry;
    LinkMetrics metrics{registry, Protocol::kSbcap, kSbcapProcedures};
    SbcapTuning tuning;
    test::LinkOwner owner;
    Network network{CellTable{}, {{PeerName{"mme-1"}, Protocol::kSbcap}}};
    std::shared_ptr<Wire> wire;
    int connects = 0;
    SbcapLink link{PeerName{"mme-1"},
                   {timers, clock, metrics, tuning, owner, network},
                   logs::Log::discard(),
                   [this]() -> base::Result<net::SctpAssociationPtr> {
                       ++connects;
                       return association();
                   }};

    net::SctpAssociationPtr association() {
        wire = std::make_shared<Wire>();
        return std::make_unique<FakeAssociation>(wire);
    }
    void up() {
        link.start();
        wire->events.on_up({});
        CHECK_EQ(link.state(), State::kReady);
    }
    void say(const sbcap::Message& message) const { say_octets(*sbcap::encode(message)); }
    void say_octets(const base::Bytes& octets, uint32_t ppid = kSbcapPpid) const {
        wire->events.on_message({0, ppid, octets});
    }
    static DeliveryKey key() { return {test::alert_id(1), PeerName{"mme-1"}, kLevel1}; }
    void kill() { link.send(key(), KillRequest{kLevel1, kSerial, AllCells{}}); }
    void write() {
        const Content content = test::content_for(1, clock.now());
        link.send(key(), WriteRequest{content.messages.front(), kSerial, std::nullopt, AllCells{},
                                      content.schedule, clock.now()});
    }
    const sbcap::ErrorIndication* complaint() const {
        return wire->sent.empty() ? nullptr : std::get_if<sbcap::ErrorIndication>(&wire->sent.back());
    }
    double odd(const char* kind) {
        return registry
            .counter("farol_cbc_protocol_errors_total", "", {{"interface", "sbcap"}, {"kind", kind}})
            .value();
    }
};

template <class Response>
sbcap::Message response(SerialNumber serial, sbcap::Cause cause = sbcap::Cause::kMessageAccepted) {
    Response answer;
    answer.message_identifier = kLevel1;
    answer.serial = serial;
    answer.cause = cause;
    return answer;
}

void an_association_that_is_up_takes_requests_and_answers_are_matched() {
    Bench bench;
    bench.write();  // into nothing: the owner knows that it is down
    bench.up();
    CHECK(bench.owner.told == Told{"up"} && bench.owner.recovery == Recovery::kUnknown);
    CHECK(bench.wire->sent.empty());  // SBc-AP has no greeting
    bench.write();
    CHECK(std::holds_alternative<sbcap::WriteReplaceWarningRequest>(bench.wire->sent.back()));
    bench.say(response<sbcap::StopWarningResponse>(kSerial));
    bench.say(response<sbcap::WriteReplaceWarningResponse>(SerialNumber{9}));
    CHECK(bench.owner.told == Told{"up"});
    CHECK_EQ(bench.wire->sent.size(), size_t{3});  // each was answered with an Error-Indication
    CHECK_EQ(bench.odd("unasked"), 2.0);
    bench.say(response<sbcap::WriteReplaceWarningResponse>(kSerial));
    CHECK(bench.owner.told == (Told{"up", "answered"}));
    CHECK(bench.owner.answers.back().kind == AnswerKind::kComplete);
    CHECK(bench.link.paths().size() == 1);
}

void a_lost_association_forgets_what_waits_and_comes_back_later() {
    Bench bench;
    bench.up();
    bench.write();
    bench.kill();
    const auto old = bench.wire;
    old->events.on_closed(net::CloseReason::kTimedOut);
    CHECK(bench.owner.told == (Told{"up", "down"}));
    CHECK_EQ(bench.link.waiting(), size_t{0});
    CHECK(bench.link.standing().reason().find("no heartbeat") != std::string::npos);
    CHECK(old->open);
    bench.timers.advance(0us);
    CHECK(!old->open);
    bench.timers.advance(bench.tuning.backoff.first * 2);
    CHECK_EQ(bench.connects, 2);
    bench.wire->events.on_up({});
    old->events.on_closed(net::CloseReason::kReset);  // no longer of interest
    CHECK_EQ(bench.link.state(), State::kReady);
    CHECK(bench.owner.told == (Told{"up", "down", "up"}));
}

void an_association_begun_anew_is_down_and_up() {
    Bench bench;
    bench.up();
    bench.write();
    net::SctpUp again;
    again.restarted = true;
    bench.wire->events.on_up(again);
    CHECK(bench.owner.told == (Told{"up", "down", "up"}));
    CHECK_EQ(bench.link.waiting(), size_t{0});
    CHECK_EQ(bench.link.state(), State::kReady);
}

void a_peer_that_connects_again_replaces_its_dead_association() {
    Bench bench;
    bench.link.accept(bench.association());
    bench.wire->events.on_up({});
    const auto old = bench.wire;
    bench.link.accept(bench.association());
    bench.wire->events.on_up({});
    bench.timers.advance(0us);
    CHECK(!old->open && bench.wire->open);
    CHECK(bench.owner.told == (Told{"up", "down", "up"}));
}

void a_refusal_and_silence_are_told() {
    Bench bench;
    bench.up();
    bench.write();
    bench.say(response<sbcap::WriteReplaceWarningResponse>(kSerial, sbcap::Cause::kMmeMemoryExceeded));
    const CellFailure& refused = bench.owner.answers.back().failed.front();
    CHECK(refused.cell.everything() && refused.cause == sbcap_cause(8));
    bench.kill();
    bench.timers.advance(bench.tuning.request_timeout);
    CHECK(bench.owner.told == (Told{"up", "answered", "timed out"}));
}

void what_the_mme_says_by_itself_is_passed_on() {
    Bench bench;
    bench.up();
    sbcap::EpsCells cells;
    cells.cells.push_back({{kPlmn, 0xa101}, std::nullopt});
    bench.say(sbcap::WriteReplaceWarningIndication{kLevel1, kSerial, cells, std::nullopt});
    CHECK_EQ(bench.owner.reports.back().cells.size(), size_t{1});
    bench.say(sbcap::PwsRestartIndication{{{kPlmn, 0xa101}}, {kPlmn, 0xa1, 20}, {{kPlmn, 7}}});
    CHECK_EQ(bench.owner.restarted.size(), size_t{2});
    CHECK((bench.owner.node == RadioNode{RadioNode::Kind::kEnb, kPlmn, 0xa1, 20}));
    CHECK(bench.owner.recovery == Recovery::kDataLost);
    bench.say(sbcap::PwsFailureIndication{{{kPlmn, 0xa101}}, {kPlmn, 0xa1, 20}});
    CHECK(bench.owner.failed.front().cell == exactly(Place::lte_cell(kPlmn, 0xa101)));
    CHECK(bench.wire->sent.empty());
}

void what_is_not_understood_is_answered_and_nothing_else_happens() {
    Bench bench;
    bench.up();
    bench.say_octets(base::Bytes{0xff, 0xff});
    CHECK(bench.complaint() != nullptr && bench.complaint()->cause == sbcap::Cause::kTransferSyntaxError);
    bench.say(sbcap::StopWarningRequest{});
    CHECK(bench.complaint()->cause == sbcap::Cause::kMessageNotCompatibleWithReceiverState);
    CHECK(bench.complaint()->diagnostics->procedure == uint8_t{1});
    const size_t answered = bench.wire->sent.size();
    bench.say_octets(*sbcap::encode(response<sbcap::StopWarningResponse>(kSerial)), 18);
    CHECK_EQ(bench.wire->sent.size(), answered);
    CHECK(bench.odd("undecodable") == 1.0 && bench.odd("wrong_direction") == 1.0 &&
          bench.odd("foreign") == 1.0);
    CHECK_EQ(bench.link.state(), State::kReady);
    CHECK(bench.owner.told == Told{"up"});
}

void an_error_indication_about_our_request_is_its_answer() {
    Bench bench;
    bench.up();
    sbcap::ErrorIndication error;
    error.cause = sbcap::Cause::kAbstractSyntaxErrorReject;
    bench.say(error);  // about nothing
    bench.write();
    error.diagnostics =
        wire::CriticalityDiagnostics{.procedure = 1, .trigger = 0, .criticality = {}, .elements = {}};
    bench.say(error);  // about a stop
    CHECK(bench.owner.told == Told{"up"});
    error.diagnostics->procedure = 0;
    bench.say(error);
    CHECK(bench.owner.told == (Told{"up", "answered"}));
    CHECK(bench.owner.answers.back().failed.front().cause == sbcap_cause(16));
    CHECK_EQ(bench.wire->sent.size(), size_t{1});  // never an answer to an error
}

// What broadcasts nothing and has to be answered by the MME itself.
void a_test_is_a_stop_of_nothing_in_an_area_that_is_none() {
    Bench bench;
    bench.link.test();  // into nothing
    bench.up();
    bench.link.test();
    bench.link.test();  // one is out: its answer will do
    CHECK_EQ(bench.wire->sent.size(), size_t{1});
    const auto& stop = std::get<sbcap::StopWarningRequest>(bench.wire->sent.back());
    CHECK(stop.tais == (std::vector<Tai>{{kPlmn, 0xfffe}}) && !stop.send_indication);
    sbcap::StopWarningResponse answer;
    answer.message_identifier = stop.message_identifier;
    answer.serial = stop.serial;
    answer.cause = sbcap::Cause::kValidMessageNotIdentified;
    bench.clock.advance(20ms);
    bench.say(answer);
    CHECK_EQ(bench.link.last_test()->result, std::string("complete"));
    CHECK(bench.link.last_test()->took == 20ms);
    CHECK(bench.owner.told == Told{"up"});
    bench.say(answer);  // a second one is nobody's
    CHECK_EQ(bench.odd("unasked"), 1.0);
}

void a_test_that_is_not_answered_or_not_understood_says_so() {
    Bench bench;
    bench.up();
    bench.link.test();
    bench.timers.advance(bench.tuning.request_timeout);
    CHECK_EQ(bench.link.last_test()->result, std::string("timeout"));
    bench.link.test();
    sbcap::ErrorIndication error;
    error.cause = sbcap::Cause::kAbstractSyntaxErrorReject;
    bench.say(error);
    CHECK_EQ(bench.link.last_test()->result, std::string("error"));
    bench.link.test();
    bench.wire->events.on_closed(net::CloseReason::kReset);
    bench.timers.advance(bench.tuning.request_timeout);
    CHECK_EQ(bench.link.last_test()->result,
             std::string("error"));  // the link is down, which is told already
}

}  // namespace

GROUP(sbcap_link, CASE(a_test_is_a_stop_of_nothing_in_an_area_that_is_none),
      CASE(a_test_that_is_not_answered_or_not_understood_says_so),
      CASE(an_association_that_is_up_takes_requests_and_answers_are_matched),
      CASE(a_lost_association_forgets_what_waits_and_comes_back_later),
      CASE(an_association_begun_anew_is_down_and_up),
      CASE(a_peer_that_connects_again_replaces_its_dead_association), CASE(a_refusal_and_silence_are_told),
      CASE(what_the_mme_says_by_itself_is_passed_on),
      CASE(what_is_not_understood_is_answered_and_nothing_else_happens),
      CASE(an_error_indication_about_our_request_is_its_answer))
