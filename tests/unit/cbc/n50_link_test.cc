// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/n50_link.h"

#include <nlohmann/json.hpp>

#include "cbc/net/n50_peers.h"
#include "common/http/multipart.h"
#include "tests/support/cbc.h"
#include "tests/support/fake_http.h"
#include "tests/support/fake_timers.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using State = n50_link_fsm::State;

const PlmnId kTest = *PlmnId::parse("001", "01");
constexpr const char* kInitiated = R"({"result":"N2_INFO_TRANSFER_INITIATED"})";

struct Owner final : LinkOwner {
    std::vector<std::string> told;
    std::vector<PeerAnswer> answers;
    LiveWarnings live_at(const PeerName&) override { return LiveWarnings::kNone; }
    void peer_wiped(const PeerName&) override { told.emplace_back("wiped"); }
    void peer_up(const PeerName&, Recovery) override { told.emplace_back("up"); }
    void peer_down(const PeerName&) override { told.emplace_back("down"); }
    void cells_restarted(const PeerName&, const std::vector<PlacePattern>&, Recovery recovery,
                         const std::optional<RadioNode>& node) override {
        CHECK(recovery == Recovery::kDataLost && node.has_value());
        told.emplace_back("restarted");
    }
    void cells_failed(const PeerName&, const std::vector<CellFailure>&) override {
        told.emplace_back("failed");
    }
    void reported(const PeerName&, const Report&) override { told.emplace_back("reported"); }
    void answered(const DeliveryKey&, const PeerAnswer& answer) override {
        told.emplace_back("answered");
        answers.push_back(answer);
    }
    void timed_out(const DeliveryKey&) override { told.emplace_back("timed out"); }
    void link_changed(const PeerName&) override {}
    void peer_joined(const PeerProfile&) override {}
};

struct Bench {
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    metrics::Registry registry;
    LinkMetrics metrics{registry, Protocol::kN50, kN50Procedures};
    N50Tuning tuning;
    N50Manner manner{"", "nf"};
    Owner owner;
    test::FakeHttp http;
    N50Link link{PeerName{"amf-1"},
                 "http://amf",
                 "http://us/n50/amf-1/secret",
                 {timers, clock, metrics, tuning, manner, owner,
                  [](const Place&) { return std::optional<uint32_t>(1); }, http.call(), nullptr},
                 logs::Log::discard()};

    void subscribed(const char* id) {
        CHECK_EQ(http.first().url, "http://amf/namf-comm/v1/non-ue-n2-messages/subscriptions");
        http.answer(201, R"({"n2NotifySubscriptionId":")" + std::string(id) + "\"}");
    }
    void up() {
        link.start();
        subscribed("b1");
        subscribed("r1");
        CHECK(link.state() == State::kReady);
        CHECK_EQ(std::exchange(owner.told, {}).at(0), "up");
    }
    static DeliveryKey key() { return {test::alert_id(1), PeerName{"amf-1"}, MessageIdentifier{4370}}; }
    void kill(PeerArea area = AllCells{}) {
        link.send(key(), KillRequest{MessageIdentifier{4370}, SerialNumber{0x4010}, std::move(area)});
    }
    void write(PeerArea area = AllCells{}) {
        const Content content = test::content_for(1, clock.now());
        link.send(key(), WriteRequest{content.messages.front(), content.serial, std::nullopt, std::move(area),
                                      content.schedule, clock.now()});
    }
    std::string last_told() const { return owner.told.empty() ? "" : owner.told.back(); }
};

void a_link_is_up_when_both_subscriptions_are_made() {
    Bench bench;
    bench.link.start();
    CHECK(bench.link.state() == State::kSubscribing);
    const auto first = nlohmann::json::parse(bench.http.first().body);
    CHECK_EQ(first["n2InformationClass"].get<std::string>(), "PWS-BCAL");
    CHECK_EQ(first["n2NotifyCallbackUri"].get<std::string>(), "http://us/n50/amf-1/secret");
    bench.subscribed("b1");
    CHECK_EQ(nlohmann::json::parse(bench.http.first().body)["n2InformationClass"].get<std::string>(),
             "PWS-RF");
    CHECK(bench.owner.told.empty());
    bench.subscribed("r1");
    CHECK(bench.owner.told == std::vector<std::string>{"up"});
}

void an_amf_that_is_not_there_is_tried_again_and_again() {
    Bench bench;
    bench.link.start();
    for (int i = 0; i < 3; ++i) {
        bench.http.fail(base::ErrorKind::kUnavailable);
        CHECK(bench.link.state() == State::kDown);
        CHECK_EQ(bench.http.waiting(), 0U);
        bench.timers.advance(5s);
        CHECK(bench.link.state() == State::kSubscribing);
    }
    CHECK(bench.owner.told.empty());
    bench.subscribed("b");
    bench.subscribed("r");
    CHECK_EQ(bench.last_told(), "up");
}

void an_amf_that_refuses_subscriptions_gets_warnings_all_the_same() {
    Bench bench;
    bench.link.start();
    bench.http.answer(403, "{}");
    bench.http.answer(201, "nonsense");
    CHECK(bench.link.state() == State::kReady);
}

void a_silent_amf_ends_the_attempt() {
    Bench bench;
    bench.link.start();
    bench.timers.advance(30s);
    CHECK(bench.link.state() == State::kDown);
}

void subscriptions_are_made_anew_and_the_old_ones_ended() {
    Bench bench;
    bench.up();
    bench.timers.advance(60s);
    bench.subscribed("b2");
    bench.subscribed("r1");  // this AMF gives the same again
    CHECK(bench.http.first().method == http::Method::kDelete);
    CHECK(bench.http.first().url.ends_with("/subscriptions/b1"));
    bench.http.answer(404);
    CHECK_EQ(bench.http.waiting(), 0U);
    CHECK(bench.owner.told.empty());
}

void a_test_makes_the_subscriptions_anew_at_once() {
    Bench bench;
    bench.link.test();  // of a link that is down
    CHECK_EQ(bench.http.waiting(), 0U);
    bench.up();
    bench.link.test();
    bench.link.test();
    bench.clock.advance(20ms);
    bench.subscribed("b1");
    CHECK(!bench.link.last_test());
    bench.subscribed("r1");
    CHECK_EQ(bench.link.last_test()->result, std::string("complete"));
    CHECK(bench.link.last_test()->took == 20ms);
    CHECK_EQ(bench.http.waiting(), 0U);
    bench.link.test();
    bench.subscribed("b1");
    bench.http.answer(403, "{}");
    CHECK_EQ(bench.link.last_test()->result, std::string("failure"));
    CHECK(bench.link.state() == State::kReady);
}

void a_renewal_that_reaches_nobody_is_the_end_of_the_link() {
    Bench bench;
    bench.up();
    bench.timers.advance(60s);
    bench.http.fail(base::ErrorKind::kTimeout);
    CHECK_EQ(bench.last_told(), "down");
    CHECK(bench.link.state() == State::kDown);
}

void a_request_is_a_transfer_and_its_answer() {
    Bench bench;
    bench.up();
    bench.write();
    const http::ClientRequest& request = bench.http.first();
    CHECK_EQ(request.url, "http://amf/namf-comm/v1/non-ue-n2-messages/transfer");
    const auto parts = http::parse_multipart(test::header_of(request, "content-type"), request.body);
    CHECK_OK(parts);
    CHECK(http::find_type(*parts, "application/vnd.3gpp.ngap")->id == "ngap-1");
    CHECK(http::find_type(*parts, "application/json") == &parts->front());
    bench.http.answer(200, kInitiated);
    CHECK_EQ(bench.owner.answers.size(), 1U);
    CHECK(bench.owner.answers[0].kind == AnswerKind::kComplete);
    CHECK(bench.owner.answers[0].done[0].everything());
    CHECK(bench.owner.answers[0].failed.empty());
}

void one_request_is_out_at_a_time_and_stopping_goes_first() {
    Bench bench;
    bench.up();
    bench.write();
    bench.write();
    bench.kill();
    CHECK_EQ(bench.http.waiting(), 1U);
    bench.http.answer(200, kInitiated);
    CHECK(bench.http.first().body.find("\"ngapMessageType\":32") != std::string::npos);
    bench.http.answer(200, kInitiated);
    CHECK(bench.http.first().body.find("\"ngapMessageType\":51") != std::string::npos);
}

void several_transfers_make_one_answer() {
    Bench bench;
    bench.up();
    bench.write(make_place_set({Place::lte_cell(kTest, 1), Place::nr_cell(kTest, 2)}));
    bench.http.answer(403, R"({"error":{"status":403},"pwsErrorInfo":{"namfCause":9}})");
    CHECK(bench.owner.answers.empty());
    bench.http.answer(200, kInitiated);
    const PeerAnswer& answer = bench.owner.answers.at(0);
    CHECK(answer.kind == AnswerKind::kComplete);
    CHECK_EQ(answer.failed.size(), 1U);
    CHECK(answer.failed[0].cell == exactly(Place::lte_cell(kTest, 1)));
    CHECK(answer.failed[0].cause == sbcap_cause(9));
}

void a_refusal_is_an_answer() {
    Bench bench;
    bench.up();
    bench.write();
    bench.http.answer(503, R"({"title":"busy"})");
    const PeerAnswer& answer = bench.owner.answers.at(0);
    CHECK(answer.kind == AnswerKind::kFailure);
    CHECK(answer.done.empty());
    CHECK(answer.failed[0].cell.everything());
    CHECK(answer.failed[0].cause == n50_cause(503));
    CHECK(bench.link.state() == State::kReady);
}

void areas_unknown_to_the_amf_fail_and_a_lost_subscription_is_made_anew() {
    Bench bench;
    bench.up();
    bench.write(PlaceSet{Place::nr_cell(kTest, 2)});
    bench.http.answer(200, R"({"result":"N2_INFO_TRANSFER_INITIATED","pwsRspData":{"n2PwsSubMissInd":true,
        "unknownTaiList":[{"plmnId":{"mcc":"001","mnc":"01"},"tac":"000001"}]}})");
    CHECK_EQ(bench.owner.answers.at(0).failed.size(), 1U);
    CHECK_EQ(bench.http.waiting(), 0U);
    bench.timers.advance(1s);
    bench.subscribed("b2");
}

void an_answer_that_cannot_be_read_is_taken_all_the_same() {
    Bench bench;
    bench.up();
    bench.write();
    bench.http.answer(200, "nonsense");
    CHECK(bench.owner.answers.at(0).kind == AnswerKind::kComplete);
}

void a_request_that_is_not_answered_times_out_and_the_amf_is_looked_for() {
    Bench bench;
    bench.up();
    bench.write();
    bench.timers.advance(9s);
    bench.http.fail(base::ErrorKind::kTimeout);
    bench.timers.advance(0s);
    CHECK(bench.http.first().url.ends_with("/subscriptions"));
    CHECK(bench.owner.told.empty());
    bench.timers.advance(1s);
    CHECK_EQ(bench.last_told(), "timed out");
    bench.http.fail(base::ErrorKind::kUnavailable);
    CHECK_EQ(bench.last_told(), "down");
}

void an_answer_that_comes_too_late_is_nobodys() {
    Bench bench;
    bench.up();
    bench.write();
    bench.timers.advance(10s);
    CHECK_EQ(bench.last_told(), "timed out");
    bench.http.answer(200, kInitiated);
    CHECK(bench.owner.answers.empty());
    bench.kill();
    bench.write();  // a late answer to the first must not be taken for the second's
    bench.http.answer(200, kInitiated);
    CHECK_EQ(bench.owner.answers.size(), 1U);
}

void a_request_that_does_not_arrive_ends_the_link() {
    Bench bench;
    bench.up();
    bench.write();
    bench.http.fail(base::ErrorKind::kUnavailable);
    CHECK(bench.owner.told == std::vector<std::string>{"down"});
    bench.write();  // nobody is there
    CHECK_EQ(bench.http.waiting(), 0U);
}

void what_n50_cannot_say_is_answered_so() {
    Bench bench;
    bench.up();
    bench.link.send(Bench::key(), StatusRequest{MessageIdentifier{4370}, SerialNumber{1}, AllCells{}});
    CHECK(bench.owner.told.empty());
    bench.timers.advance(1ms);
    CHECK(bench.owner.answers.at(0).failed.at(0).cause == kCauseCannotEncode);
}

void nonsense_in_a_notification_is_told_to_its_sender() {
    Bench bench;
    bench.up();
    CHECK(!bench.link.notified("application/json", "{}"));
    CHECK(bench.owner.told.empty());
    CHECK_OK(bench.link.notified("application/json", R"({"n2NotifySubscriptionId":"b1"})"));
}

void each_state_and_event_without_a_row_changes_nothing() {
    int rows = 0;
    for (const auto state : n50_link_fsm::kStates)
        for (const auto event : n50_link_fsm::kEvents)
            rows += find_row(n50_link_fsm::kRows, state, event) != nullptr ? 1 : 0;
    CHECK_EQ(rows, 6);
    CHECK_EQ(n50_link_fsm::to_string(State::kReady), "up");
    CHECK_EQ(n50_link_fsm::to_string(n50_link_fsm::Event::kTimeout), "timeout");
}

}  // namespace

GROUP(n50_link, CASE(a_link_is_up_when_both_subscriptions_are_made),
      CASE(an_amf_that_is_not_there_is_tried_again_and_again),
      CASE(an_amf_that_refuses_subscriptions_gets_warnings_all_the_same), CASE(a_silent_amf_ends_the_attempt),
      CASE(subscriptions_are_made_anew_and_the_old_ones_ended),
      CASE(a_test_makes_the_subscriptions_anew_at_once),
      CASE(a_renewal_that_reaches_nobody_is_the_end_of_the_link),
      CASE(a_request_is_a_transfer_and_its_answer),
      CASE(one_request_is_out_at_a_time_and_stopping_goes_first), CASE(several_transfers_make_one_answer),
      CASE(a_refusal_is_an_answer), CASE(areas_unknown_to_the_amf_fail_and_a_lost_subscription_is_made_anew),
      CASE(an_answer_that_cannot_be_read_is_taken_all_the_same),
      CASE(a_request_that_is_not_answered_times_out_and_the_amf_is_looked_for),
      CASE(an_answer_that_comes_too_late_is_nobodys), CASE(a_request_that_does_not_arrive_ends_the_link),
      CASE(what_n50_cannot_say_is_answered_so), CASE(nonsense_in_a_notification_is_told_to_its_sender),
      CASE(each_state_and_event_without_a_row_changes_nothing))
