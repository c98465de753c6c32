// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/delaying_store.h"

#include <map>
#include <set>

#include "tests/support/fake_timers.h"
#include "tests/support/store.h"
#include "tests/support/test.h"

namespace {

using store::Done;
using store::Outcome;

// Rows 0, 1, 2 ... put through a delaying store; what was answered, and what is really there.
struct Run {
    std::map<int, Outcome> answers;
    std::set<int> stored;
    std::vector<int> order;  // in which the rows were written
};

Run run(uint64_t seed, int count) {
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    test::StoreBench bench;
    Run out;
    bench.store().on_applied("row", [&](std::string_view key, const std::optional<std::string>&) {
        out.order.push_back(std::stoi(std::string(key)));
    });
    {
        store::DelayingStore delaying{bench.store(), timers, {.seed = seed}};
        for (int i = 0; i < count; ++i) {
            delaying.submit(test::put_row("row", std::to_string(i), "x"),
                            [&out, i](const Done& done) { out.answers[i] = done.outcome; });
            CHECK(!out.answers.contains(i));  // never before submit() has returned
            timers.advance(std::chrono::milliseconds{1});
        }
        timers.advance(std::chrono::milliseconds{50});
        bench.run_until([&] { return out.answers.size() == static_cast<size_t>(count); });
    }
    bench.close();  // settles those that were answered before they were made
    bench.reopen();
    bench.store().read()->scan("row", {}, {}, [&](std::string_view key, std::string_view) {
        out.stored.insert(std::stoi(std::string(key)));
        return true;
    });
    return out;
}

void each_outcome_comes_about_as_often_as_promised() {
    const Run out = run(7, 4000);
    std::map<Outcome, int> count;
    int unknown_but_stored = 0;
    for (const auto& [row, outcome] : out.answers) {
        ++count[outcome];
        const bool is_stored = out.stored.contains(row);
        if (outcome == Outcome::kOk) CHECK(is_stored);
        if (outcome == Outcome::kNotLeader) CHECK(!is_stored);
        if (outcome == Outcome::kUnknown && is_stored) ++unknown_but_stored;
    }
    CHECK(count[Outcome::kUnknown] > 140 && count[Outcome::kUnknown] < 260);
    CHECK(count[Outcome::kNotLeader] > 15 && count[Outcome::kNotLeader] < 70);
    CHECK(unknown_but_stored > count[Outcome::kUnknown] / 3);
    CHECK(unknown_but_stored < count[Outcome::kUnknown] * 2 / 3);
}

void the_order_of_submission_is_kept() {
    const Run out = run(3, 500);
    CHECK(std::is_sorted(out.order.begin(), out.order.end()));
}

void a_seed_repeats_its_draws() {
    CHECK(run(5, 300).answers == run(5, 300).answers);
    CHECK(run(5, 300).answers != run(6, 300).answers);
}

void a_commit_is_late_but_not_later_than_promised() {
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    test::StoreBench bench;
    store::DelayingStore delaying{bench.store(), timers, {1, std::chrono::microseconds{50'000}, 0, 0}};
    delaying.submit(test::put_row("row", "a", "x"), {});
    CHECK_EQ(timers.armed(), size_t{1});
    timers.advance(std::chrono::milliseconds{50});
    CHECK_EQ(timers.armed(), size_t{0});
}

}  // namespace

GROUP(delaying_store, CASE(each_outcome_comes_about_as_often_as_promised),
      CASE(the_order_of_submission_is_kept), CASE(a_seed_repeats_its_draws),
      CASE(a_commit_is_late_but_not_later_than_promised))
