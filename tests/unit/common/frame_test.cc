// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The parts of the frame that need no process of their own; tests/scenario/test_frame.py shows the rest.
#include "common/frame/frame.h"

#include <deque>
#include <fstream>
#include <sstream>

#include "common/frame/failure.h"
#include "tests/support/fake_timers.h"
#include "tests/support/store.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

using namespace std::chrono_literals;
using frame::Status;

namespace {

void the_worst_check_decides() {
    base::FakeClock clock;
    frame::Health health(clock);
    health.set("store", Status::kOk);
    CHECK(!health.ready());
    CHECK_EQ(health.sentence(), "starting");
    health.enter(frame::Phase::kServing);
    CHECK(health.ready());
    CHECK_EQ(health.sentence(), "ok");
    health.set("peers", Status::kDegraded, "bsc-1 is not connected");
    CHECK(health.ready());
    CHECK(health.overall() == Status::kDegraded);
    CHECK_EQ(health.sentence(), "degraded: peers: bsc-1 is not connected");
    health.set("store", Status::kDown, "no answer");
    CHECK(!health.ready());
    CHECK_EQ(health.sentence(), "down: store: no answer");
    health.set("store", Status::kOk);
    health.forget("peers");
    CHECK_EQ(health.sentence(), "ok");
    health.enter(frame::Phase::kDraining);
    CHECK(!health.ready());
}

void since_is_when_the_status_changed_not_the_hint() {
    base::FakeClock clock;
    frame::Health health(clock);
    health.set("peers", Status::kDegraded, "one");
    const auto then = clock.now();
    clock.advance(5s);
    health.set("peers", Status::kDegraded, "two");
    CHECK(health.checks().at("peers").since == then);
    CHECK_EQ(health.checks().at("peers").hint, "two");
    health.set("peers", Status::kOk);
    CHECK(health.checks().at("peers").since == clock.now());
}

void compared_configurations_name_what_is_new_gone_and_different() {
    const auto changes =
        frame::compare({{"a", "1"}, {"b", "2"}, {"c", "3"}}, {{"a", "1"}, {"b", "5"}, {"d", "4"}});
    CHECK_EQ(changes.size(), 3u);
    CHECK_EQ(changes[0].sentence(), "b: \"2\" is now \"5\"");
    CHECK_EQ(changes[1].sentence(), "c: was \"3\", now the default");
    CHECK_EQ(changes[2].sentence(), "d: set to \"4\"");
}

void a_key_lies_under_its_section_and_list_only() {
    const auto fixed = [](const std::string& key) {
        return !frame::fixed_keys({{key, "1", "2"}}, {"log.level", "peers"}).empty();
    };
    CHECK(!fixed("log.level"));
    CHECK(fixed("log.levels.http"));
    CHECK(fixed("log"));
    CHECK(!fixed("peers.bsc-1.address"));
    CHECK(!fixed("peers[3]"));
    CHECK(fixed("peerspective"));
}

// Answers when the test says so.
class HeldStore final : public store::Store {
 public:
    void submit(store::Change, store::OnDone on_done, store::Urgency) override {
        held.push_back(std::move(on_done));
    }
    std::unique_ptr<store::Reader> read() const override { return nullptr; }
    void on_applied(std::string_view, Applied) override {}
    uint64_t applied_index() const override { return 0; }
    void answer(store::Outcome outcome) {
        const store::OnDone first = std::move(held.front());
        held.pop_front();
        first({outcome, {}});
    }
    std::deque<store::OnDone> held;
};

struct Checked {
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    HeldStore store;
    frame::Health health{clock};
    metrics::Registry registry;
    test::StoreBench bench;
    alarms::Alarms alarms{{bench.store(), timers, clock}, logs::Log::discard()};
    int fed = 0;
    frame::SelfCheck check{
        {timers, clock, store, health, alarms, registry, "cbc"}, logs::Log::discard(), 5s, 10s, [this] {
            ++fed;
        }};
};

void the_watchdog_is_fed_while_the_store_answers() {
    Checked it;
    it.health.enter(frame::Phase::kServing);
    for (int i = 0; i < 5; ++i) {
        it.timers.advance(5s);
        it.store.answer(store::Outcome::kOk);
    }
    CHECK_EQ(it.fed, 5);
    CHECK(it.health.ready());
}

void a_store_that_another_node_leads_has_answered_too() {
    Checked it;
    it.health.enter(frame::Phase::kServing);
    for (int i = 0; i < 5; ++i) {
        it.timers.advance(5s);
        it.store.answer(store::Outcome::kNotLeader);
    }
    CHECK_EQ(it.fed, 5);
    CHECK(it.health.ready());
}

void a_silent_store_starves_the_watchdog_until_it_answers_again() {
    Checked it;
    it.health.enter(frame::Phase::kServing);
    it.timers.advance(20s);
    CHECK_EQ(it.store.held.size(), 1u);  // it is asked once, not ever again
    CHECK_EQ(it.fed, 2);
    CHECK(!it.health.ready());
    CHECK_EQ(it.health.checks().at("store").hint, "no answer for 20 s; see the log");
    it.store.answer(store::Outcome::kOk);
    CHECK(it.health.ready());
    it.timers.advance(5s);
    CHECK_EQ(it.fed, 3);
}

void a_silent_store_is_an_alarm_until_it_answers() {
    Checked it;
    it.timers.advance(20s);
    CHECK_EQ(it.alarms.active().size(), 1U);
    CHECK_EQ(it.alarms.active().front()->kind->id, "F2004");
    CHECK_EQ(it.alarms.active().front()->object, "cbc/store");
    it.store.answer(store::Outcome::kOk);
    for (int i = 0; i < 7; ++i) {
        it.timers.advance(5s);
        it.store.answer(store::Outcome::kOk);
    }
    CHECK(it.alarms.active().empty());
}

void an_alarm_that_an_earlier_process_left_is_cleared_by_the_first_answer() {
    Checked it;
    it.alarms.raise(alarms::kStoreUnavailable, "cbc/store", alarms::Severity::kCritical, "write: broken");
    for (int i = 0; i < 8; ++i) {
        it.timers.advance(5s);
        it.store.answer(store::Outcome::kOk);
    }
    CHECK(it.alarms.active().empty());
}

void an_unknown_outcome_is_no_answer() {
    Checked it;
    for (int i = 0; i < 4; ++i) {
        it.timers.advance(5s);
        it.store.answer(store::Outcome::kUnknown);
    }
    CHECK_EQ(it.fed, 2);
}

void a_late_answer_after_the_end_is_harmless() {
    HeldStore store;
    {
        Checked it;
        it.timers.advance(5s);
        store.held = std::move(it.store.held);
    }
    store.answer(store::Outcome::kOk);
}

void each_outcome_has_its_answer() {
    using store::Outcome;
    const auto status = [](Outcome outcome, base::ErrorKind kind) {
        return frame::failure_answer({outcome, {kind, "why"}}).status;
    };
    CHECK_EQ(status(Outcome::kRefused, base::ErrorKind::kConflict), 409);
    CHECK_EQ(status(Outcome::kRefused, base::ErrorKind::kNotFound), 404);
    CHECK_EQ(status(Outcome::kRefused, base::ErrorKind::kLimit), 507);
    CHECK_EQ(status(Outcome::kRefused, base::ErrorKind::kUnavailable), 503);
    CHECK_EQ(status(Outcome::kNotLeader, base::ErrorKind::kInvalid), 503);
    CHECK_EQ(status(Outcome::kUnknown, base::ErrorKind::kInvalid), 503);
    const auto unknown = frame::failure_answer({Outcome::kUnknown, {}});
    CHECK(unknown.body.find("outcome-unknown") != std::string::npos);
}

void listeners_json_replaces_the_one_before() {
    const test::TempDir folder;
    const std::string runtime = folder / "";
    CHECK_OK(frame::write_listeners(runtime, {}));
    CHECK_OK(frame::write_listeners(runtime, {{"api", {{"127.0.0.1", 8444}}}, {"cbsp", {{"::", 48049}}}}));
    std::ostringstream text;
    text << std::ifstream(folder / "listeners.json").rdbuf();
    CHECK_EQ(
        text.str(),
        "{\"api\":[{\"host\":\"127.0.0.1\",\"port\":8444}],\"cbsp\":[{\"host\":\"::\",\"port\":48049}]}\n");
    CHECK(!frame::write_listeners(runtime + "/none", {}));
}

void a_state_folder_is_locked_by_one() {
    const test::TempDir folder;
    const std::string state = folder / "";
    auto first = frame::lock_state(state);
    CHECK_OK(first);
    const auto second = frame::lock_state(state);
    CHECK(!second);
    CHECK(second.error().kind == base::ErrorKind::kConflict);
    first->reset();
    CHECK_OK(frame::lock_state(state));
}

}  // namespace

GROUP(frame, CASE(the_worst_check_decides), CASE(since_is_when_the_status_changed_not_the_hint),
      CASE(compared_configurations_name_what_is_new_gone_and_different),
      CASE(a_key_lies_under_its_section_and_list_only), CASE(the_watchdog_is_fed_while_the_store_answers),
      CASE(a_store_that_another_node_leads_has_answered_too),
      CASE(a_silent_store_starves_the_watchdog_until_it_answers_again), CASE(an_unknown_outcome_is_no_answer),
      CASE(a_silent_store_is_an_alarm_until_it_answers),
      CASE(an_alarm_that_an_earlier_process_left_is_cleared_by_the_first_answer),
      CASE(a_late_answer_after_the_end_is_harmless), CASE(each_outcome_has_its_answer),
      CASE(listeners_json_replaces_the_one_before), CASE(a_state_folder_is_locked_by_one))
