// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/outbox.h"

#include <vector>

#include "common/store/key.h"
#include "tests/support/fake_timers.h"
#include "tests/support/replicated_store.h"
#include "tests/support/store.h"
#include "tests/support/test.h"

namespace {

using base::Result;
using store::Effect;
using store::EffectId;
using store::Outbox;
using store::Performed;
using store::Transaction;
using How = store::Performed::How;
using namespace std::chrono_literals;

EffectId mail(std::string_view name) { return {"mail", store::Key().text(name).octets()}; }

// An outbox whose performer keeps what it is asked to do until the test answers.
struct Fixture {
    struct Asked {
        Effect effect;
        Outbox::OnPerformed answer;
    };
    test::StoreBench bench;
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    store::OutboxPolicy policy{.attempts_max = 3, .in_flight_max = 2};
    std::vector<Asked> asked;
    std::vector<std::string> alarms;
    std::unique_ptr<Outbox> outbox;

    void start() {
        outbox = std::make_unique<Outbox>(
            Outbox::Setup{bench.store(), timers, logs::Log::discard(), policy,
                          [this](const Effect&, const std::string& why) { alarms.push_back(why); }});
        outbox->add("mail",
                    {[this](const Effect& effect, Outbox::OnPerformed answer) {
                         asked.push_back({effect, std::move(answer)});
                     },
                     [](Transaction& txn, const Effect& effect, const std::string& why) -> Result<void> {
                         txn.put("result", effect.payload, "given up: " + why);
                         return {};
                     }});
        outbox->start();
    }
    void put(std::string_view name, std::string payload) {
        CHECK_OK(bench.commit([id = mail(name), payload](Transaction& txn) -> Result<void> {
            put_effect(txn, id, payload);
            return {};
        }));
    }
    void answer(size_t index, Performed performed) {
        const auto call = asked.at(index).answer;
        call(std::move(performed));
    }
    void flush() {  // one more commit: what was submitted before is settled when it is
        CHECK_OK(bench.commit(test::put_row("flush", "x", "x")));
    }
    std::string result(std::string_view name) { return bench.get("result", name).value_or("none"); }
};

Performed done(std::string payload) {
    return {How::kDone, "", [payload](Transaction& txn) -> Result<void> {
                txn.put("result", payload, "done");
                return {};
            }};
}

void an_effect_is_performed_once_and_its_result_is_recorded_with_its_row() {
    Fixture f;
    f.start();
    f.put("a", "A");
    CHECK_EQ(f.asked.size(), size_t{1});
    CHECK_EQ(f.asked[0].effect.payload, "A");
    f.answer(0, done("A"));
    f.flush();
    CHECK_EQ(f.result("A"), "done");
    CHECK(!f.bench.get(store::kOutboxTable, mail("a").row_key()));
    f.timers.advance(1h);
    f.flush();
    CHECK_EQ(f.asked.size(), size_t{1});
    CHECK_EQ(f.outbox->size(), size_t{0});
}

void a_row_left_by_a_crash_is_performed_after_the_start_with_the_same_key() {
    Fixture f;
    f.start();
    f.put("a", "A");
    const std::string key = f.asked[0].effect.id.idempotency_key();
    f.outbox.reset();  // the answer never came
    f.answer(0, done("A"));
    f.bench.reopen();
    CHECK_EQ(f.result("A"), "none");
    f.start();
    CHECK_EQ(f.asked.size(), size_t{2});
    CHECK_EQ(f.asked[1].effect.id.idempotency_key(), key);
    f.answer(1, done("A"));
    f.flush();
    CHECK_EQ(f.result("A"), "done");
}

void a_failure_is_tried_again_after_a_growing_back_off_then_given_up_with_an_alarm() {
    Fixture f;
    f.start();
    f.put("a", "A");
    f.answer(0, {How::kTryAgain, "no answer"});
    f.flush();
    f.timers.advance(999ms);
    CHECK_EQ(f.asked.size(), size_t{1});
    f.timers.advance(1ms);
    CHECK_EQ(f.asked.size(), size_t{2});
    CHECK_EQ(f.asked[1].effect.attempts, 1U);
    f.answer(1, {How::kTryAgain, "no answer"});
    f.flush();
    f.timers.advance(1999ms);
    CHECK_EQ(f.asked.size(), size_t{2});
    f.timers.advance(1ms);
    CHECK_EQ(f.asked.size(), size_t{3});
    CHECK(f.alarms.empty());
    f.answer(2, {How::kTryAgain, "no answer"});
    f.flush();
    CHECK_EQ(f.alarms.size(), size_t{1});
    CHECK_EQ(f.result("A"), "given up: no answer");
    CHECK_EQ(f.outbox->size(), size_t{0});
}

void what_cannot_succeed_is_given_up_at_once() {
    Fixture f;
    f.start();
    f.put("a", "A");
    f.answer(0, {How::kGiveUp, "no such address"});
    f.flush();
    CHECK_EQ(f.result("A"), "given up: no such address");
    CHECK_EQ(f.alarms.size(), size_t{1});
}

void attempts_survive_a_restart() {
    Fixture f;
    f.start();
    f.put("a", "A");
    f.answer(0, {How::kTryAgain, "no answer"});
    f.flush();
    f.outbox.reset();
    f.bench.reopen();
    f.start();
    CHECK_EQ(f.asked.size(), size_t{1});  // it still backs off
    f.timers.advance(1s);
    CHECK_EQ(f.asked.size(), size_t{2});
    CHECK_EQ(f.asked[1].effect.attempts, 1U);
}

void only_so_many_are_under_way_at_once() {
    Fixture f;
    f.start();
    for (const char* name : {"a", "b", "c", "d"}) f.put(name, name);
    CHECK_EQ(f.asked.size(), size_t{2});
    f.answer(0, done("a"));
    f.flush();
    CHECK_EQ(f.asked.size(), size_t{3});
    CHECK_EQ(f.asked[2].effect.payload, "c");
    f.answer(1, done("b"));
    f.answer(2, done("c"));
    f.flush();
    f.answer(3, done("d"));
    f.flush();
    CHECK_EQ(f.outbox->size(), size_t{0});
}

void a_cancelled_effect_is_not_performed_and_its_late_result_is_ignored() {
    Fixture f;
    f.policy.in_flight_max = 1;
    f.start();
    f.put("a", "A");
    f.put("b", "B");
    for (const char* name : {"a", "b"}) {
        CHECK_OK(f.bench.commit([id = mail(name)](Transaction& txn) -> Result<void> {
            cancel_effect(txn, id);
            return {};
        }));
    }
    f.answer(0, done("A"));
    f.flush();
    CHECK_EQ(f.result("A"), "none");
    for (size_t i = 1; i < f.asked.size(); ++i) f.answer(i, done("B"));
    f.flush();
    CHECK_EQ(f.result("B"), "none");
    CHECK_EQ(f.outbox->size(), size_t{0});
}

void an_effect_that_is_put_again_starts_over_and_the_old_result_is_ignored() {
    Fixture f;
    f.start();
    f.put("a", "old");
    f.put("a", "new");
    CHECK_EQ(f.asked.size(), size_t{2});
    f.answer(0, done("old"));
    f.answer(1, done("new"));
    f.flush();
    CHECK_EQ(f.result("old"), "none");
    CHECK_EQ(f.result("new"), "done");
    CHECK_EQ(f.outbox->size(), size_t{0});
}

void a_refused_result_counts_as_a_failure() {
    Fixture f;
    f.start();
    f.put("a", "A");
    f.answer(0, {How::kDone, "", [](Transaction&) -> Result<void> { return base::conflict("gone"); }});
    f.flush();
    f.timers.advance(1s);  // the failure itself is recorded after a back-off
    f.flush();
    f.timers.advance(1s);
    CHECK_EQ(f.asked.size(), size_t{2});
    CHECK_EQ(f.asked[1].effect.attempts, 1U);
}

void a_kind_without_performer_ends_in_an_alarm() {
    Fixture f;
    f.policy.attempts_max = 1;
    f.start();
    CHECK_OK(f.bench.commit([](Transaction& txn) -> Result<void> {
        put_effect(txn, {"fax", "1"}, "x");
        return {};
    }));
    f.flush();
    CHECK_EQ(f.alarms.size(), size_t{1});
    CHECK(f.alarms[0].find("fax") != std::string::npos);
}

void only_the_node_that_leads_performs() {
    test::ReplicatedBench b;
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    std::vector<Fixture::Asked> asked;
    Outbox outbox{{b.bench.store(), timers, logs::Log::discard()}};
    outbox.add("mail", {[&](const Effect& effect, Outbox::OnPerformed answer) {
                            asked.push_back({effect, std::move(answer)});
                        },
                        {}});
    b.settle();
    outbox.start();
    store::WriteSet writes;
    writes.put(store::kOutboxTable, mail("a").row_key(), store::encode_effect({mail("a"), "A", 0, 1}));
    b.sink->committed(1, store::encode_entry({1, 1}, writes));
    b.settle();
    CHECK_EQ(asked.size(), size_t{0});
    b.sink->lead();
    b.settle();
    CHECK_EQ(asked.size(), size_t{1});
    b.sink->follow();
    b.settle();
    CHECK_EQ(outbox.size(), size_t{0});
    asked[0].answer(done("A"));  // too late: another node performs it too
    b.sink->lead();
    b.settle();
    CHECK_EQ(asked.size(), size_t{2});
    asked[1].answer(done("A"));
    b.sink->committed(2, b.journal.next().entry);
    b.bench.run_until([&] { return outbox.size() == 0; });
    CHECK_EQ(b.bench.get("result", "A").value_or("none"), "done");
}

}  // namespace

GROUP(outbox, CASE(only_the_node_that_leads_performs),
      CASE(an_effect_is_performed_once_and_its_result_is_recorded_with_its_row),
      CASE(a_row_left_by_a_crash_is_performed_after_the_start_with_the_same_key),
      CASE(a_failure_is_tried_again_after_a_growing_back_off_then_given_up_with_an_alarm),
      CASE(what_cannot_succeed_is_given_up_at_once), CASE(attempts_survive_a_restart),
      CASE(only_so_many_are_under_way_at_once),
      CASE(a_cancelled_effect_is_not_performed_and_its_late_result_is_ignored),
      CASE(an_effect_that_is_put_again_starts_over_and_the_old_result_is_ignored),
      CASE(a_refused_result_counts_as_a_failure), CASE(a_kind_without_performer_ends_in_an_alarm))
