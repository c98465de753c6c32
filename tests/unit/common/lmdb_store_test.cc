// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/lmdb_store.h"

#include <set>
#include <vector>

#include "tests/support/store.h"
#include "tests/support/test.h"

namespace {

using base::Result;
using store::Done;
using store::Outcome;
using store::Transaction;
using test::put_row;
using test::StoreBench;

void what_was_committed_is_read_back_after_a_restart() {
    StoreBench bench;
    CHECK_OK(bench.commit(put_row("alert", "a", "one")));
    const uint64_t index = bench.store().applied_index();
    bench.reopen();
    CHECK_EQ(bench.get("alert", "a").value_or("none"), "one");
    CHECK_EQ(bench.store().applied_index(), index);
}

void a_refusal_carries_the_changes_own_error_and_writes_nothing() {
    StoreBench bench;
    const Done done = bench.submit([](Transaction&) -> Result<void> { return base::conflict("exists"); });
    CHECK_EQ(done.outcome, Outcome::kRefused);
    CHECK_EQ(done.error.kind, base::ErrorKind::kConflict);
    CHECK_EQ(done.error.text, "exists");
    CHECK_EQ(bench.store().applied_index(), uint64_t{0});
}

void a_change_sees_what_those_before_it_in_the_batch_wrote() {
    StoreBench bench;
    std::vector<std::string> answers;
    for (int i = 0; i < 100; ++i) {
        bench.store().submit(
            [](Transaction& txn) -> Result<void> {
                const int count = std::stoi(txn.get("counter", "n").value_or("0"));
                txn.put("counter", "n", std::to_string(count + 1));
                return {};
            },
            [&](const Done& done) { answers.emplace_back(store::to_string(done.outcome)); });
    }
    bench.run_until([&] { return answers.size() == 100; });
    CHECK_EQ(*bench.get("counter", "n"), "100");
    CHECK(bench.store().figures().batches < 100);  // they were committed in groups
    CHECK_EQ(bench.store().figures().changes, uint64_t{100});
}

void on_applied_comes_in_order_and_before_the_answer() {
    StoreBench bench;
    std::vector<std::string> seen;
    bench.store().on_applied("alert", [&](std::string_view key, const std::optional<std::string>& value) {
        seen.push_back(std::string(key) + "=" + value.value_or("(erased)"));
    });
    bool answered = false;
    bench.store().submit(
        [](Transaction& txn) -> Result<void> {
            txn.put("alert", "b", "2");
            txn.put("alert", "a", "1");
            txn.put("other", "x", "9");
            txn.erase("alert", "b");
            txn.erase("alert", "never-there");
            return {};
        },
        [&](const Done&) {
            seen.emplace_back("answer");
            answered = true;
        });
    bench.run_until([&] { return answered; });
    CHECK_EQ(seen.size(), size_t{4});
    CHECK_EQ(seen[0] + " " + seen[1] + " " + seen[2] + " " + seen[3], "b=2 a=1 b=(erased) answer");
}

void a_snapshot_does_not_move() {
    StoreBench bench;
    CHECK_OK(bench.commit(put_row("alert", "a", "old")));
    const auto before = bench.store().read();
    CHECK_OK(bench.commit(put_row("alert", "a", "new")));
    CHECK_EQ(*before->get("alert", "a"), "old");
    CHECK_EQ(*bench.get("alert", "a"), "new");
}

void closing_settles_what_was_submitted() {
    StoreBench bench;
    std::vector<Outcome> answers;
    for (int i = 0; i < 50; ++i)
        bench.store().submit(put_row("alert", std::to_string(i), "x"),
                             [&](const Done& done) { answers.push_back(done.outcome); });
    bench.close();
    CHECK_EQ(answers.size(), size_t{50});
    for (const Outcome outcome : answers) CHECK_EQ(outcome, Outcome::kOk);
    bench.reopen();
    CHECK_EQ(*bench.get("alert", "49"), "x");
}

void a_submission_while_closing_is_refused_and_answered() {
    StoreBench bench;
    std::optional<Done> late;
    store::Store* store = &bench.store();
    store->submit(put_row("alert", "a", "x"), [&](const Done&) {
        store->submit(put_row("alert", "b", "x"), [&](const Done& done) { late = done; });
    });
    bench.close();
    CHECK(late.has_value());
    CHECK_EQ(late->outcome, Outcome::kRefused);
    CHECK_EQ(late->error.kind, base::ErrorKind::kUnavailable);
}

void a_full_queue_refuses_with_unavailable() {
    StoreBench bench([](store::StoreConfig& config) { config.queue_limit = 3; });
    std::vector<Done> answers;
    for (int i = 0; i < 200; ++i)
        bench.store().submit(put_row("alert", std::to_string(i), "x"),
                             [&](const Done& done) { answers.push_back(done); });
    bench.run_until([&] { return answers.size() == 200; });
    size_t refused = 0;
    for (const Done& done : answers) {
        if (done.outcome == Outcome::kOk) continue;
        CHECK_EQ(done.outcome, Outcome::kRefused);
        CHECK_EQ(done.error.kind, base::ErrorKind::kUnavailable);
        ++refused;
    }
    CHECK(refused > 0);
    CHECK_OK(bench.commit(put_row("alert", "after", "x")));
}

void urgent_changes_overtake_a_bulk_import() {
    StoreBench bench;
    size_t bulk_before_urgent = 0;
    size_t bulk = 0;
    bool urgent = false;
    for (int i = 0; i < 2000; ++i)
        bench.store().submit(
            put_row("import", std::to_string(i), std::string(2000, 'x')),
            [&](const Done&) {
                ++bulk;
                if (!urgent) ++bulk_before_urgent;
            },
            store::Urgency::kBulk);
    bench.store().submit(put_row("alert", "a", "x"), [&](const Done&) { urgent = true; });
    bench.run_until([&] { return bulk == 2000; });
    CHECK(urgent);
    CHECK(bulk_before_urgent < 2000);
}

void a_second_process_or_store_on_the_directory_is_refused() {
    StoreBench bench;
    store::StoreConfig config;
    config.directory = bench.directory();
    const auto second = store::LmdbStore::open(config, bench.loop(), logs::Log::discard());
    CHECK(!second);
    CHECK_EQ(second.error().kind, base::ErrorKind::kConflict);
}

void without_room_only_essential_tables_grow_and_erasing_makes_room() {
    // Everything beyond the first 2 MiB is reserved; of 4 MiB in all.
    StoreBench bench([](store::StoreConfig& config) {
        config.quota = {4 << 20, 2 << 20, 64 << 10, {"alert"}};
    });
    int stored = 0;
    Done done{Outcome::kOk, {}};
    while (true) {
        done = bench.submit(put_row("history", std::to_string(stored), std::string(50'000, 'h')));
        if (done.outcome != Outcome::kOk) break;
        ++stored;
    }
    CHECK(stored > 20 && stored < 60);
    CHECK_EQ(done.outcome, Outcome::kRefused);
    CHECK_EQ(done.error.kind, base::ErrorKind::kLimit);
    CHECK_OK(bench.commit(put_row("alert", "a", "still goes")));
    for (int i = 0; i < 5; ++i) {
        CHECK_OK(bench.commit([i](Transaction& txn) -> Result<void> {
            txn.erase("history", std::to_string(i));
            return {};
        }));
    }
    CHECK_OK(bench.commit(put_row("history", "again", "fits")));
    while (done = bench.submit(put_row("alert", std::to_string(stored++), std::string(50'000, 'a'))),
           done.outcome == Outcome::kOk) {
    }
    CHECK_EQ(done.error.kind, base::ErrorKind::kLimit);
    CHECK_EQ(bench.store().figures().room, store::Room::kNone);
    CHECK_EQ(bench.store().figures().refused, uint64_t{2});
    CHECK_OK(bench.commit([](Transaction& txn) -> Result<void> {
        txn.erase("alert", "a");
        return {};
    }));
}

}  // namespace

GROUP(lmdb_store, CASE(what_was_committed_is_read_back_after_a_restart),
      CASE(a_refusal_carries_the_changes_own_error_and_writes_nothing),
      CASE(a_change_sees_what_those_before_it_in_the_batch_wrote),
      CASE(on_applied_comes_in_order_and_before_the_answer), CASE(a_snapshot_does_not_move),
      CASE(closing_settles_what_was_submitted), CASE(a_submission_while_closing_is_refused_and_answered),
      CASE(a_full_queue_refuses_with_unavailable), CASE(urgent_changes_overtake_a_bulk_import),
      CASE(a_second_process_or_store_on_the_directory_is_refused),
      CASE(without_room_only_essential_tables_grow_and_erasing_makes_room))
