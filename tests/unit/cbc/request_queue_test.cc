// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/request_queue.h"

#include <array>

#include "tests/support/cbc.h"
#include "tests/support/fake_timers.h"
#include "tests/support/link_owner.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using Told = std::vector<std::string>;

constexpr std::array kProcedures{Procedure::kWriteReplace, Procedure::kKill, Procedure::kStatusQuery};
const MessageIdentifier kLevel1{4370};

struct Bench {
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    metrics::Registry registry;
    LinkMetrics metrics{registry, Protocol::kSabp, kProcedures};
    RequestTuning tuning;
    test::LinkOwner owner;
    std::vector<Procedure> wire;
    bool sayable = true;
    int overflows = 0;
    RequestQueue queue;

    explicit Bench(RequestTuning with = {})
        : tuning(with),
          queue({timers, clock, metrics, tuning, owner}, logs::Log::discard(),
                {.write = [this](const PeerRequest& request) -> base::Result<void> {
                     if (!sayable) return base::invalid("no words for it");
                     wire.push_back(procedure_of(request));
                     return {};
                 },
                 .overflowed = [this] { ++overflows; }}) {
        queue.open();
    }
    static DeliveryKey key() { return {test::alert_id(1), PeerName{"rnc-1"}, kLevel1}; }
    void kill(uint16_t serial) { queue.send(key(), KillRequest{kLevel1, SerialNumber{serial}, AllCells{}}); }
    void ask(uint16_t serial) { queue.send(key(), StatusRequest{kLevel1, SerialNumber{serial}, AllCells{}}); }
    void write(uint16_t serial) {
        const Content content = test::content_for(1, clock.now());
        queue.send(key(), WriteRequest{content.messages.front(),
                                       SerialNumber{serial},
                                       {},
                                       AllCells{},
                                       content.schedule,
                                       clock.now()});
    }
};

void one_is_out_and_stops_go_first_and_questions_last() {
    Bench bench;
    bench.write(1);
    bench.ask(2);
    bench.write(3);
    bench.kill(4);
    CHECK_EQ(bench.wire.size(), size_t{1});
    CHECK_EQ(bench.queue.waiting(), size_t{4});
    CHECK(bench.queue.asked(Procedure::kWriteReplace, {MessageIdentifier{4370}, SerialNumber{1}}));
    CHECK(!bench.queue.asked(Procedure::kKill, {MessageIdentifier{4370}, SerialNumber{1}}));
    CHECK(!bench.queue.asked(Procedure::kWriteReplace, {MessageIdentifier{4370}, SerialNumber{3}}));
    for (int i = 0; i < 4; ++i) bench.queue.finish({}, RequestResult::kComplete);
    CHECK(bench.wire == (std::vector{Procedure::kWriteReplace, Procedure::kKill, Procedure::kWriteReplace,
                                     Procedure::kStatusQuery}));
    CHECK_EQ(bench.queue.waiting(), size_t{0});
}

void silence_is_told_and_the_next_goes_out() {
    Bench bench;
    bench.write(1);
    bench.ask(2);
    bench.timers.advance(bench.tuning.request_timeout - 1us);
    CHECK(bench.owner.told.empty());
    bench.timers.advance(1us);
    CHECK(bench.owner.told == Told{"timed out"});
    CHECK_EQ(bench.wire.back(), Procedure::kStatusQuery);
    bench.timers.advance(bench.tuning.status_timeout);
    CHECK_EQ(bench.owner.told.size(), size_t{2});
}

void a_request_that_comes_again_after_a_silence_is_a_retry() {
    Bench bench;
    const auto retries = [&](const std::string& reason) {
        return bench.registry
            .counter("farol_cbc_retries_total", "", {{"interface", "sabp"}, {"reason", reason + "_timeout"}})
            .value();
    };
    bench.write(1);
    bench.timers.advance(bench.tuning.request_timeout);
    CHECK_EQ(retries("write_replace"), 0);
    bench.kill(1);  // something else
    bench.queue.finish({}, RequestResult::kComplete);
    bench.write(1);
    CHECK_EQ(retries("write_replace"), 1);
    bench.queue.finish({}, RequestResult::kComplete);
    bench.write(2);
    CHECK_EQ(retries("write_replace"), 1);
    bench.timers.advance(bench.tuning.request_timeout);
    bench.queue.close();  // what comes after a lost link is asked anew
    bench.queue.open();
    bench.write(2);
    CHECK_EQ(retries("write_replace"), 1);
    CHECK_EQ(retries("kill"), 0);
}

void what_the_protocol_cannot_say_is_refused_but_not_from_within_send() {
    Bench bench;
    bench.sayable = false;
    bench.write(1);
    CHECK(bench.owner.told.empty());
    bench.sayable = true;
    bench.kill(2);
    CHECK_EQ(bench.wire.size(), size_t{1});
    bench.timers.advance(0us);
    CHECK(bench.owner.told == Told{"answered"});
    CHECK(bench.owner.answers.front().failed.front().cause == kCauseCannotEncode);
}

void a_peer_that_does_not_know_the_status_query_is_asked_no_more_until_the_link_is_new() {
    Bench bench;
    for (int i = 0; i < 3; ++i) bench.ask(1);
    bench.timers.advance(bench.tuning.status_timeout * 2);
    CHECK_EQ(bench.wire.size(), size_t{2});
    CHECK(bench.owner.told == (Told{"timed out", "timed out", "timed out"}));
    bench.queue.close();
    bench.queue.open();
    bench.ask(1);
    CHECK_EQ(bench.wire.size(), size_t{3});
}

void what_waits_is_bounded_and_a_closed_queue_tells_nothing() {
    RequestTuning tuning;
    tuning.queue_limit = 2;
    Bench bench(tuning);
    for (uint16_t serial = 0; serial < 4; ++serial) bench.write(serial);
    CHECK_EQ(bench.overflows, 0);
    bench.timers.advance(0us);
    CHECK_EQ(bench.overflows, 1);
    bench.queue.close();
    CHECK_EQ(bench.queue.waiting(), size_t{0});
    bench.write(9);  // into nothing
    bench.timers.advance(1h);
    CHECK(bench.owner.told.empty());
    CHECK_EQ(bench.wire.size(), size_t{1});
}

void so_many_broadcasts_as_fit_before_the_end() {
    Schedule schedule{
        .start = {}, .end = base::Instant{} + 600s, .repetition_period = 60s, .number_of_broadcasts = {}};
    CHECK(broadcasts_within(schedule, base::Instant{}, 60s) == std::optional<uint16_t>{11});
    schedule.number_of_broadcasts = 5;
    CHECK(broadcasts_within(schedule, base::Instant{}, 60s) == std::optional<uint16_t>{5});
    CHECK(broadcasts_within(schedule, base::Instant{} + 480s, 60s) == std::optional<uint16_t>{3});
    CHECK(broadcasts_within(schedule, base::Instant{} + 1h, 60s) == std::optional<uint16_t>{1});
    schedule.number_of_broadcasts.reset();
    CHECK(!broadcasts_within(schedule, base::Instant{}, 5ms));
}

}  // namespace

GROUP(request_queue, CASE(one_is_out_and_stops_go_first_and_questions_last),
      CASE(silence_is_told_and_the_next_goes_out),
      CASE(a_request_that_comes_again_after_a_silence_is_a_retry),
      CASE(what_the_protocol_cannot_say_is_refused_but_not_from_within_send),
      CASE(a_peer_that_does_not_know_the_status_query_is_asked_no_more_until_the_link_is_new),
      CASE(what_waits_is_bounded_and_a_closed_queue_tells_nothing),
      CASE(so_many_broadcasts_as_fit_before_the_end))
