// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/exchange_log.h"

#include "tests/support/cbc.h"
#include "tests/support/fake_timers.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using test::gsm_cell;

const DeliveryKey kKey{test::alert_id(1), PeerName{"bsc-1"}, MessageIdentifier{4370}};
const DeliveryKey kOther{test::alert_id(1), PeerName{"bsc-2"}, MessageIdentifier{4370}};

KillRequest kill() {
    return {kKey.message, SerialNumber{0x4010}, PlaceSet{gsm_cell(1, 100), gsm_cell(1, 101)}};
}

struct Bench {
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    std::vector<audit::Entry> written;
    size_t transactions = 0;
    ExchangeLog log{timers, clock, [this](std::vector<audit::Entry> entries) {
                        ++transactions;
                        for (audit::Entry& entry : entries) written.push_back(std::move(entry));
                    }};
};

void an_exchange_is_written_with_what_was_asked_and_what_was_answered() {
    Bench bench;
    bench.log.asked(kKey, kill());
    bench.log.asked(kOther, kill());
    bench.log.answered(kKey, test::failure({{gsm_cell(1, 100), 0x02}}, {gsm_cell(1, 101)}));
    bench.log.answered(kOther, test::complete({gsm_cell(1, 100)}));
    CHECK(bench.written.empty());
    bench.timers.advance(1s);
    CHECK_EQ(bench.transactions, size_t{1});
    CHECK_EQ(bench.written.size(), size_t{2});
    const audit::Entry& entry = bench.written[0];
    CHECK_EQ(entry.action, "peer.kill");
    CHECK_EQ(entry.object, "alert/" + test::alert_id(1).value().text());
    CHECK_EQ(entry.before, R"({"cells":2,"message_identifier":4370,"peer":"bsc-1","serial_number":16400})");
    CHECK_EQ(entry.after,
             R"j({"answer":"failure","done":1,"failed":{"message reference not identified (0x02)":1}})j");
}

void silence_and_a_lost_link_are_answers_too_and_each_exchange_is_written_once() {
    Bench bench;
    bench.log.asked(kKey, kill());
    bench.log.timed_out(kKey);
    bench.log.answered(kKey, {});
    bench.log.asked(kOther, kill());
    bench.log.link_lost(kOther.peer);
    bench.log.flush();
    CHECK_EQ(bench.written.size(), size_t{2});
    CHECK_EQ(bench.written[0].after, R"({"answer":"none"})");
    CHECK_EQ(bench.written[1].after, R"({"answer":"link lost"})");
}

void a_question_that_only_looks_is_left_out() {
    Bench bench;
    bench.log.asked(kKey, StatusRequest{kKey.message, SerialNumber{1}, AllCells{}});
    bench.log.answered(kKey, {});
    bench.log.flush();
    CHECK_EQ(bench.transactions, size_t{0});
}

}  // namespace

GROUP(exchange_log, CASE(an_exchange_is_written_with_what_was_asked_and_what_was_answered),
      CASE(silence_and_a_lost_link_are_answers_too_and_each_exchange_is_written_once),
      CASE(a_question_that_only_looks_is_left_out))
