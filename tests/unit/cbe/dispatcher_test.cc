// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/dispatcher.h"

#include <atomic>
#include <memory>

#include "cbe/store/alert_record.h"
#include "common/store/effect.h"
#include "tests/support/http_peer.h"
#include "tests/unit/cbe/desk.h"

namespace {

using namespace std::chrono_literals;
using cbe::SendingState;
using cbe::SendingWhat;

// A broadcast centre that answers as it is told, without TLS, and a dispatcher with one approved alert.
struct Centre final : cbe::CbcLink::Listener {
    test::HttpPeer peer;  // has a thread of its own
    std::atomic<int> status{202}, sends{0}, stops{0};
    test::Desk desk;
    http::Client client{desk.bench.loop(), std::nullopt};
    cbe::Dispatcher::Links links;
    int refused = 0;
    std::unique_ptr<cbe::Dispatcher> dispatcher;
    cbe::Alert alert;

    Centre() {
        const auto answer = [this](std::atomic<int>& count) {
            return [this, &count](const http::Request&, http::ResponderPtr responder) {
                ++count;
                responder->respond(status == 202 ? http::Response::json(202, "{}")
                                                 : http::Response::problem(status, "no", "because"));
            };
        };
        peer.router().add(
            {http::Method::kPost, "/alerts/send", http::Access::anybody(), 4096, answer(sends)});
        peer.router().add(
            {http::Method::kPost, "/alerts/{id}/stop", http::Access::anybody(), 4096, answer(stops)});
        peer.start();
        links.push_back(std::make_unique<cbe::CbcLink>(
            cbe::CbcLink::Parts{desk.timers, desk.clock, client, *this},
            cbe::CbcAddress{"north", "http://127.0.0.1:" + std::to_string(peer.port())},
            logs::Log::discard()));
        dispatcher = std::make_unique<cbe::Dispatcher>(
            desk.context, links, [this](const cbe::AlertId&, const std::string&) { ++refused; });
        alert.id = base::new_uuid(1);
        alert.status = cbe::Status::kApproved;
        alert.frozen =
            cbe::Frozen{cbs::SerialNumber{0x4000}, desk.clock.now(), desk.clock.now() + 1h, "{}", "digest"};
        dispatcher->start();
    }
    ~Centre() override { dispatcher.reset(); }
    void heard(const cbe::AlertId&, const cbe::CbcDelivery&) override {}
    void link_changed(const cbe::CbcStatus&) override {}
    std::vector<cbe::AlertId> watched() const override { return {}; }

    void tell(SendingWhat what, const std::string& cbc = "north") {
        CHECK_OK(desk.bench.commit([&, what](store::Transaction& txn) -> base::Result<void> {
            cbe::put_alert(txn, alert);
            cbe::put_sending(txn, alert.id, {cbc, what, SendingState::kWaiting, ""});
            store::put_effect(txn,
                              {std::string(what == SendingWhat::kSend ? cbe::kSendEffect : cbe::kStopEffect),
                               cbe::EffectTarget{alert.id, 1, cbc}.key()},
                              "{}");
            return {};
        }));
    }
    cbe::Sending sending() { return cbe::sendings_of(*desk.bench.store().read(), alert.id).at(0); }
    void until(const std::function<bool()>& is_done) { desk.bench.run_until(is_done); }
};

void what_is_taken_is_sent_once_and_written_down() {
    Centre it;
    it.tell(SendingWhat::kSend);
    it.until([&] { return it.dispatcher->waiting() == 0; });
    CHECK_EQ(it.sends.load(), 1);
    CHECK(it.sending().state == SendingState::kTaken);
    CHECK_EQ(it.refused, 0);
}

void a_refusal_is_final_and_somebody_is_told() {
    Centre it;
    it.status = 403;
    it.tell(SendingWhat::kSend);
    it.until([&] { return it.dispatcher->waiting() == 0; });
    CHECK_EQ(it.sends.load(), 1);
    CHECK(it.sending().state == SendingState::kRefused);
    CHECK(it.sending().text.find("because") != std::string::npos);
    CHECK_EQ(it.refused, 1);
}

void a_centre_that_is_busy_is_tried_again_and_the_page_says_so() {
    Centre it;
    it.status = 503;
    it.tell(SendingWhat::kSend);
    it.until([&] {  // the next try is armed only after the page has been told
        return it.sending().text.find("NOT ON AIR") != std::string::npos && it.desk.timers.armed() > 0;
    });
    CHECK(it.sending().state == SendingState::kWaiting);
    it.status = 202;
    it.desk.timers.advance(5s);
    it.until([&] { return it.dispatcher->waiting() == 0; });
    CHECK_EQ(it.sends.load(), 2);
    CHECK(it.sending().state == SendingState::kTaken);
    CHECK_EQ(it.sending().text, "");
}

void a_stop_is_told_to_the_centre_by_its_own_route() {
    Centre it;
    it.tell(SendingWhat::kStop);
    it.until([&] { return it.dispatcher->waiting() == 0; });
    CHECK_EQ(it.sends.load(), 0);
    CHECK_EQ(it.stops.load(), 1);
    CHECK(it.sending().what == SendingWhat::kStop && it.sending().state == SendingState::kTaken);
}

void nothing_is_sent_when_its_time_is_over() {
    Centre it;
    it.desk.clock.advance(1h);
    it.tell(SendingWhat::kSend);
    it.until([&] { return it.dispatcher->waiting() == 0; });
    CHECK_EQ(it.sends.load(), 0);
}

void a_centre_that_the_configuration_does_not_have_keeps_its_row() {
    Centre it;
    it.tell(SendingWhat::kSend, "south");
    it.tell(SendingWhat::kSend);
    it.until([&] { return it.sends == 1 && it.dispatcher->waiting() == 1; });
    CHECK_EQ(it.sends.load(), 1);
}

}  // namespace

GROUP(dispatcher, CASE(what_is_taken_is_sent_once_and_written_down),
      CASE(a_refusal_is_final_and_somebody_is_told),
      CASE(a_centre_that_is_busy_is_tried_again_and_the_page_says_so),
      CASE(a_stop_is_told_to_the_centre_by_its_own_route), CASE(nothing_is_sent_when_its_time_is_over),
      CASE(a_centre_that_the_configuration_does_not_have_keeps_its_row))
