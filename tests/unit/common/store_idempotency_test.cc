// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/idempotency.h"

#include "tests/support/fake_timers.h"
#include "tests/support/store.h"
#include "tests/support/test.h"

namespace {

using base::Result;
using store::RequestKey;
using store::Transaction;
using test::StoreBench;
using namespace std::chrono_literals;

struct Bench : StoreBench {
    base::FakeClock clock;

    void keep(const RequestKey& key, const std::string& digest, const std::string& response) {
        CHECK_OK(commit([=, now = clock.now()](Transaction& txn) -> Result<void> {
            store::keep_response(txn, key, digest, response, now);
            return {};
        }));
    }
    std::string find(const RequestKey& key, const std::string& digest) {
        const auto found = store::find_response(*store().read(), key, digest);
        if (!found) return std::string(base::to_string(found.error().kind));
        return found->value_or("none");
    }
    size_t forget(size_t limit) {
        size_t count = 0;
        CHECK_OK(commit([&, now = clock.now()](Transaction& txn) -> Result<void> {
            count = store::forget_responses(txn, now, limit);
            return {};
        }));
        return count;
    }
    size_t rows() {
        size_t count = 0;
        for (const char* table : {"response", "response_age"})
            store().read()->scan(table, {}, {},
                                 [&](std::string_view, std::string_view) { return ++count > 0; });
        return count;
    }
};

void a_repeat_gets_the_answer_again_and_another_request_a_conflict() {
    Bench b;
    CHECK_EQ(b.find({"ana", "k"}, "digest"), "none");
    b.keep({"ana", "k"}, "digest", "created 7");
    CHECK_EQ(b.find({"ana", "k"}, "digest"), "created 7");
    CHECK_EQ(b.find({"ana", "k"}, "other"), "conflict");
    CHECK_EQ(b.find({"bea", "k"}, "digest"), "none");
    CHECK_EQ(b.find({"an", "ak"}, "digest"), "none");
}

void a_key_may_be_long() {
    Bench b;
    b.keep({"ana", std::string(2'000, 'k')}, "d", "yes");
    CHECK_EQ(b.find({"ana", std::string(2'000, 'k')}, "d"), "yes");
    CHECK_EQ(b.find({"ana", std::string(2'001, 'k')}, "d"), "none");
}

void a_day_later_it_is_forgotten_in_slices() {
    Bench b;
    for (int i = 0; i < 10; ++i) {
        b.keep({"ana", std::to_string(i)}, "d", "r");
        b.clock.advance(1h);
    }
    b.clock.advance(14h - 30min);  // the first is a day and a half hour old less an hour
    CHECK_EQ(b.forget(100), size_t{0});
    b.clock.advance(5h);
    CHECK_EQ(b.forget(3), size_t{3});
    CHECK_EQ(b.forget(100), size_t{2});
    CHECK_EQ(b.find({"ana", "4"}, "d") + b.find({"ana", "5"}, "d"), "noner");
    CHECK_EQ(b.rows(), size_t{10});
}

void what_was_kept_again_stays() {
    Bench b;
    b.keep({"ana", "k"}, "d", "old");
    b.clock.advance(20h);
    b.keep({"ana", "k"}, "d", "new");
    b.clock.advance(10h);
    CHECK_EQ(b.forget(100), size_t{1});
    CHECK_EQ(b.find({"ana", "k"}, "d"), "new");
    b.clock.advance(20h);
    CHECK_EQ(b.forget(100), size_t{1});
    CHECK_EQ(b.rows(), size_t{0});
}

void the_pruner_goes_on_until_nothing_old_is_left() {
    Bench b;
    CHECK_OK(b.commit([now = b.clock.now()](Transaction& txn) -> Result<void> {
        for (int i = 0; i < 1'200; ++i) store::keep_response(txn, {"a", std::to_string(i)}, "d", "r", now);
        return {};
    }));
    b.clock.advance(5min);
    test::FakeTimers timers{b.clock};
    const store::ResponsePruner pruner{b.store(), timers, b.clock};
    b.clock.advance(24h - 20min);
    timers.advance(10min);  // the last before a day is over
    CHECK_EQ(b.rows(), size_t{2'400});
    b.submit(test::put_row("t", "after", "the first pruning was answered"), store::Urgency::kBulk);
    timers.advance(10min);
    b.run_until([&] { return b.rows() == 0; });
}

}  // namespace

GROUP(store_idempotency, CASE(a_repeat_gets_the_answer_again_and_another_request_a_conflict),
      CASE(a_key_may_be_long), CASE(a_day_later_it_is_forgotten_in_slices), CASE(what_was_kept_again_stays),
      CASE(the_pruner_goes_on_until_nothing_old_is_left))
