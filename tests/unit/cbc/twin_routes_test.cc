// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/twin/twin_routes.h"

#include "tests/support/cbc.h"
#include "tests/support/fake_timers.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;

constexpr const char* kTwin = "farol://test/cbc/b";
const DeliveryKey kDelivery{test::alert_id(1), PeerName{"bsc-1"}, MessageIdentifier{4370}};

struct Bench {
    Bench() { routes.add_to(router); }

    // Numbers of requests in the order of their answers.
    struct Slot final : http::Responder {
        explicit Slot(std::vector<http::Response>& to) : answers(to) {}
        void respond(http::Response response) override { answers.push_back(std::move(response)); }
        std::unique_ptr<EventStream> stream() override { return nullptr; }
        std::vector<http::Response>& answers;
    };
    void ask(const std::string& path, std::vector<std::pair<std::string, std::string>> query = {},
             const std::string& certificate = kTwin, const std::string& role = "cbc") {
        http::Request request;
        request.path = path;
        request.query = std::move(query);
        request.peer.kind = http::Peer::Kind::kCertificate;
        request.peer.role = role;
        request.peer.certificate_uri = certificate;
        const auto match = router.match(request);
        if (match.refusal) return answers.push_back(*match.refusal);
        match.route->handler(request, std::make_unique<Slot>(answers));
    }
    void wait_for_news(uint64_t after) {
        ask("/twin/changes", {{"instance", instance},
                              {"after", std::to_string(after)},
                              {"state", std::to_string(leases.version())},
                              {"wait_ms", "1000"}});
    }
    TwinPage page() {
        CHECK(!answers.empty());
        CHECK_EQ(answers.back().status, 200);
        auto read = read_twin_page(answers.back().body);
        CHECK_OK(read);
        return *read;
    }
    void receive(uint8_t id) {
        AlertRevision alert = test::revision_of(id, 1, test::content_for(id, clock.now()));
        alert.decisions = {{DecisionAction::kSubmit, "ana", clock.now(), 55}};
        (void)centre.received(alert, now_of(clock));
        changes.note(alert.id);
    }
    // And knows who it talks to.
    void begin() {
        ask("/twin/changes");
        instance = page().instance;
        answers.clear();
    }

    base::FakeClock clock;
    test::FakeTimers timers{clock};
    Network network = test::two_peers();
    Centre centre{network, {}};
    ChangeLog changes;
    Leases leases{{}, [](const PeerName&) { return false; }, clock.ticks()};
    TwinRoutes routes{{timers, centre, changes, leases}, kTwin, 3s};
    http::Router router;
    std::vector<http::Response> answers;
    std::string instance;
};

void nobody_else_is_told_anything() {
    Bench bench;
    for (const char* path : {"/twin/changes", "/twin/alerts"}) {
        bench.ask(path, {}, "farol://test/cbc/c");
        bench.ask(path, {}, "farol://test/cbe/b", "cbe");
        bench.ask(path, {}, "", "admin");
    }
    CHECK_EQ(bench.answers.size(), 6U);
    for (const auto& answer : bench.answers) CHECK_EQ(answer.status, 403);
}

void a_stranger_to_this_process_gets_everything() {
    Bench bench;
    bench.receive(1), bench.receive(2);
    (void)bench.leases.link_up(PeerName{"bsc-1"}, Recovery::kUnknown, bench.clock.ticks());
    bench.ask("/twin/changes", {{"instance", "another"}, {"after", "99"}, {"wait_ms", "1000"}});
    const TwinPage page = bench.page();
    CHECK_EQ(page.offers.size(), 2U);
    CHECK_EQ(page.last, 2U);
    CHECK(page.lease == 3s && !page.more);
    CHECK(page.sides == (LeaseSides{{PeerName{"bsc-1"}, {true, true}}}));
}

void who_has_everything_waits_for_news() {
    Bench bench;
    bench.begin();
    bench.wait_for_news(0);
    CHECK(bench.answers.empty());
    bench.receive(1);
    bench.routes.changed();
    bench.timers.advance(0ms);
    CHECK_EQ(bench.page().offers.size(), 1U);
    bench.wait_for_news(1);
    bench.timers.advance(999ms);
    CHECK_EQ(bench.answers.size(), 1U);
    bench.timers.advance(1ms);
    CHECK_EQ(bench.answers.size(), 2U);  // nothing new: who writes is told again
    CHECK(bench.page().offers.empty());
}

void records_are_told_a_little_later_and_with_what_they_say_then() {
    Bench bench;
    bench.receive(1);
    bench.begin();
    bench.wait_for_news(1);
    bench.changes.note(kDelivery);
    bench.routes.changed_soon();
    bench.timers.advance(249ms);
    CHECK(bench.answers.empty());
    bench.timers.advance(1ms);
    CHECK_EQ(bench.page().records.size(), 1U);
    CHECK(bench.page().records.front().key == kDelivery);
}

void a_newer_call_takes_the_place_of_the_one_that_waits() {
    Bench bench;
    bench.begin();
    bench.wait_for_news(0);
    bench.wait_for_news(0);
    CHECK_EQ(bench.answers.size(), 1U);
    bench.routes.drain();
    CHECK_EQ(bench.answers.size(), 2U);
    bench.wait_for_news(0);
    CHECK_EQ(bench.answers.size(), 3U);
}

void what_was_forgotten_does_not_keep_the_twin_asking() {
    Bench bench;
    bench.receive(1);
    bench.begin();
    bench.changes.forget(test::alert_id(1));
    bench.ask("/twin/changes", {{"instance", bench.instance}});
    CHECK(bench.page().offers.empty());
    CHECK_EQ(bench.page().last, 1U);
}

void long_lists_come_in_pages() {
    Bench bench;
    for (unsigned i = 0; i < kTwinOffersMax + 5; ++i) {
        std::array<uint8_t, 16> octets{};
        octets[0] = static_cast<uint8_t>(i >> 8), octets[1] = static_cast<uint8_t>(i);
        bench.changes.note(AlertId{base::Uuid{octets}});
        AlertRevision alert = test::revision_of(1, 1, test::content_for(1, bench.clock.now()));
        alert.id = AlertId{base::Uuid{octets}};
        (void)bench.centre.received(alert, now_of(bench.clock));
    }
    bench.ask("/twin/changes");
    const TwinPage first = bench.page();
    CHECK_EQ(first.offers.size(), kTwinOffersMax);
    CHECK(first.more);
    bench.ask("/twin/changes", {{"instance", first.instance}, {"after", std::to_string(first.last)}});
    CHECK_EQ(bench.page().offers.size(), 5U);
    CHECK(!bench.page().more);
}

void whole_alerts_are_given_as_far_as_they_are_known() {
    Bench bench;
    bench.receive(1);
    const std::string known = test::alert_id(1).value().text();
    bench.ask("/twin/alerts", {{"ids", known + "," + test::alert_id(2).value().text()}});
    const auto alerts = read_twin_alerts(bench.answers.back().body);
    CHECK_OK(alerts);
    CHECK_EQ(alerts->good.size(), 1U);
    CHECK(alerts->good.front().revision.id == test::alert_id(1));
    for (const char* wrong : {"x", "1,2", ",,"}) {
        bench.ask("/twin/alerts", {{"ids", wrong}});
        CHECK_EQ(bench.answers.back().status, 400);
    }
    bench.ask("/twin/changes", {{"after", "-1"}});
    CHECK_EQ(bench.answers.back().status, 400);
}

}  // namespace

GROUP(twin_routes, CASE(nobody_else_is_told_anything), CASE(a_stranger_to_this_process_gets_everything),
      CASE(who_has_everything_waits_for_news),
      CASE(records_are_told_a_little_later_and_with_what_they_say_then),
      CASE(a_newer_call_takes_the_place_of_the_one_that_waits),
      CASE(what_was_forgotten_does_not_keep_the_twin_asking), CASE(long_lists_come_in_pages),
      CASE(whole_alerts_are_given_as_far_as_they_are_known))
