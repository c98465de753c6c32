// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/alarm/alarm.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "tests/support/fake_timers.h"
#include "tests/support/store.h"
#include "tests/support/test.h"

using namespace std::chrono_literals;
using alarms::Severity;

namespace {

// A store that says no as long as it is told to.
class Moody final : public store::Store {
 public:
    explicit Moody(store::Store& inner) : inner_(inner) {}
    void submit(store::Change change, store::OnDone on_done, store::Urgency urgency) override {
        ++asked;
        if (refusing) {
            on_done({store::Outcome::kRefused, {base::ErrorKind::kLimit, "full"}});
        } else {
            inner_.submit(std::move(change), std::move(on_done), urgency);
        }
    }
    std::unique_ptr<store::Reader> read() const override { return inner_.read(); }
    void on_applied(std::string_view, Applied) override {}
    uint64_t applied_index() const override { return inner_.applied_index(); }
    bool refusing = false;
    int asked = 0;

 private:
    store::Store& inner_;
};

struct Bench {
    Bench() { reopen(); }
    void reopen() {
        list.reset();
        list = std::make_unique<alarms::Alarms>(alarms::Alarms::Parts{store, timers, clock},
                                                logs::Log::discard());
    }
    void down(const std::string& peer) { list->raise(alarms::kPeerDown, peer, Severity::kMajor, "no link"); }
    void settle() {  // what was submitted is durable
        CHECK_OK(bench.commit(test::put_row("x", "x", "x")));
    }
    store::Done acknowledge(const std::string& id, const std::string& user) {
        std::optional<store::Done> answer;
        list->acknowledge(
            id, user, [](store::Transaction&) { return base::Result<void>(); },
            [&](const store::Done& done) { answer = done; });
        bench.run_until([&] { return answer.has_value(); });
        return *answer;
    }
    test::StoreBench bench;
    Moody store{bench.store()};
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    std::unique_ptr<alarms::Alarms> list;
};

void the_same_object_and_kind_is_one_alarm() {
    Bench it;
    it.down("cbc/peers/bsc-1");
    it.down("cbc/peers/bsc-1");
    it.clock.advance(1s);
    it.down("cbc/peers/bsc-2");
    CHECK_EQ(it.list->active().size(), 2u);
    it.list->raise(alarms::kPeerDown, "cbc/peers/bsc-1", Severity::kCritical, "all links down");
    CHECK_EQ(it.list->active().size(), 2u);
    const alarms::Alarm& alarm = *it.list->active().front();
    CHECK_EQ(alarm.changes.size(), 2u);
    CHECK_EQ(alarm.changes.front().text, "no link");
    CHECK(alarm.severity == Severity::kCritical);
    CHECK_EQ(it.list->count(Severity::kCritical), 1u);
    CHECK_EQ(it.list->count(Severity::kMajor), 1u);
}

void a_damped_alarm_clears_after_30_s_of_good_state() {
    Bench it;
    it.down("p");
    it.list->clear(alarms::kPeerDown, "p");
    it.timers.advance(20s);
    it.down("p");  // it flaps: the good state did not last
    it.list->clear(alarms::kPeerDown, "p");
    it.timers.advance(29s);
    CHECK_EQ(it.list->active().size(), 1u);
    it.list->clear(alarms::kPeerDown, "p");  // said again: no new 30 s
    it.timers.advance(1s);
    CHECK(it.list->active().empty());
    CHECK_EQ(it.list->all().size(), 1u);
    CHECK_EQ(it.list->all().front()->changes.size(), 2u);
}

void a_safety_alarm_clears_by_state_at_once() {
    Bench it;
    it.list->raise(alarms::kAlertNotOnAir, "cbc/alerts", Severity::kCritical, "none confirmed");
    it.list->clear(alarms::kAlertNotOnAir, "cbc/alerts");
    CHECK(it.list->active().empty());
}

void a_cleared_alarm_that_comes_back_is_new_and_remembers() {
    Bench it;
    it.down("p");
    const std::string first = it.list->all().front()->id;
    CHECK(it.acknowledge(first, "ana").outcome == store::Outcome::kOk);
    it.list->clear(alarms::kPeerDown, "p");
    it.timers.advance(30s);
    it.down("p");
    const alarms::Alarm& again = *it.list->active().front();
    CHECK(again.id != first);
    CHECK_EQ(again.acknowledged_by, "");
    CHECK_EQ(again.changes.size(), 3u);
}

void the_first_acknowledgement_stands() {
    Bench it;
    it.down("p");
    const std::string id = it.list->active().front()->id;
    CHECK(it.acknowledge(id, "ana").outcome == store::Outcome::kOk);
    CHECK(it.acknowledge(id, "bruno").outcome == store::Outcome::kOk);
    CHECK_EQ(it.list->active().front()->acknowledged_by, "ana");
    const store::Done unknown = it.acknowledge("nothing", "ana");
    CHECK(unknown.outcome == store::Outcome::kRefused);
    CHECK(unknown.error.kind == base::ErrorKind::kNotFound);
}

void an_acknowledgement_that_was_not_stored_does_not_count() {
    Bench it;
    it.down("p");
    it.settle();
    it.store.refusing = true;
    CHECK(it.acknowledge(it.list->active().front()->id, "ana").outcome == store::Outcome::kRefused);
    CHECK_EQ(it.list->active().front()->acknowledged_by, "");
}

void alarms_outlive_a_restart() {
    Bench it;
    it.down("p");
    it.down("q");
    it.settle();
    CHECK(it.acknowledge(it.list->active().front()->id, "ana").outcome == store::Outcome::kOk);
    const std::string before = alarms::to_json(*it.list->active().front()).dump();
    it.reopen();
    CHECK_EQ(it.list->active().size(), 2u);
    CHECK_EQ(alarms::to_json(*it.list->active().front()).dump(), before);
}

void what_could_not_be_saved_is_saved_later() {
    Bench it;
    it.store.refusing = true;
    it.down("p");
    CHECK_EQ(it.store.asked, 1);
    CHECK_EQ(it.list->active().size(), 1u);
    it.timers.advance(10s);
    CHECK_EQ(it.store.asked, 2);
    it.store.refusing = false;
    it.timers.advance(10s);
    it.settle();
    it.reopen();
    CHECK_EQ(it.list->active().size(), 1u);
}

void only_the_last_500_cleared_alarms_are_kept() {
    Bench it;
    for (int i = 0; i < 510; ++i) {
        it.clock.advance(1s);
        const std::string object = "o" + std::to_string(i);
        it.list->raise(alarms::kAlertNotOnAir, object, Severity::kMajor, "x");
        it.list->clear(alarms::kAlertNotOnAir, object);
    }
    CHECK_EQ(it.list->all().size(), 500u);
    CHECK_EQ(it.list->all().front()->object, "o10");
}

void listeners_hear_each_change() {
    Bench it;
    std::vector<Severity> heard;
    it.list->on_change([&](const alarms::Alarm& alarm) { heard.push_back(alarm.severity); });
    it.down("p");
    it.down("p");
    it.list->clear(alarms::kPeerDown, "p");
    it.timers.advance(30s);
    CHECK(heard == (std::vector{Severity::kMajor, Severity::kCleared}));
}

void the_json_has_the_fields_of_x733() {
    Bench it;
    it.down("cbc/peers/bsc-1");
    const auto json = alarms::to_json(*it.list->active().front());
    CHECK_EQ(json.at("kind").get<std::string>(), "F1006");
    CHECK_EQ(json.at("alarm_type").get<std::string>(), "COMMUNICATIONS");
    CHECK_EQ(json.at("perceived_severity").get<std::string>(), "MAJOR");
    CHECK_EQ(json.at("probable_cause").get<std::string>(), "lossOfSignal");
    CHECK(json.at("cleared_at").is_null());
    CHECK(!json.at("repair_action").get<std::string>().empty());
}

void every_kind_of_the_inventory_is_raised_and_cleared() {
    Bench it;
    std::set<std::string_view> ids;
    for (const alarms::Kind& kind : alarms::kInventory) {
        CHECK(ids.insert(kind.id).second);
        it.list->raise(kind, "o", Severity::kMinor, "t");
        CHECK_EQ(it.list->active().size(), 1u);
        CHECK(it.list->active().front()->kind == alarms::find_kind(kind.id));
        it.list->clear(kind, "o");
        it.timers.advance(30s);
        CHECK(it.list->active().empty());
    }
}

}  // namespace

GROUP(alarm, CASE(the_same_object_and_kind_is_one_alarm),
      CASE(a_damped_alarm_clears_after_30_s_of_good_state), CASE(a_safety_alarm_clears_by_state_at_once),
      CASE(a_cleared_alarm_that_comes_back_is_new_and_remembers), CASE(the_first_acknowledgement_stands),
      CASE(an_acknowledgement_that_was_not_stored_does_not_count), CASE(alarms_outlive_a_restart),
      CASE(what_could_not_be_saved_is_saved_later), CASE(only_the_last_500_cleared_alarms_are_kept),
      CASE(listeners_hear_each_change), CASE(the_json_has_the_fields_of_x733),
      CASE(every_kind_of_the_inventory_is_raised_and_cleared))
