// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/replication.h"

#include "tests/support/replicated_store.h"

namespace {

using base::ErrorKind;
using base::Result;
using store::Outcome;
using store::Transaction;
using test::foreign_entry;
using test::ReplicatedBench;

store::WriteSet rows_of(const test::Proposal& proposed) {
    auto entry = store::decode_entry(proposed.entry);
    CHECK_OK(entry);
    CHECK(entry->batch == proposed.batch);
    return std::move(entry->writes);
}

void without_a_leader_changes_are_answered_not_leader() {
    ReplicatedBench b;
    b.submit("a", "1");
    CHECK_EQ(b.outcome(0), Outcome::kNotLeader);
    CHECK(!b.bench.store().leads());
    CHECK_EQ(b.journal.size(), size_t{0});
    CHECK_EQ(b.bench.store().figures().not_leader, uint64_t{1});
}

void a_batch_is_visible_and_answered_when_its_entry_is_committed() {
    ReplicatedBench b;
    std::vector<std::string> seen;
    b.bench.store().on_applied("t", [&](std::string_view key, const std::optional<std::string>& value) {
        seen.push_back(std::string(key) + "=" + value.value_or("(erased)"));
    });
    b.sink->lead();
    b.submit("a", "1");
    const auto proposed = b.journal.next();
    CHECK_EQ(rows_of(proposed).rows().size(), size_t{1});
    b.settle();
    CHECK_EQ(b.get("a"), "none");
    CHECK(!b.answers[0].has_value());
    b.sink->committed(7, proposed.entry);
    CHECK_EQ(b.outcome(0), Outcome::kOk);
    CHECK_EQ(b.get("a"), "1");
    CHECK_EQ(seen.size(), size_t{1});
    CHECK_EQ(b.sink->applied_index(), uint64_t{7});
    CHECK_EQ(b.sink->waiting_octets(), uint64_t{0});
    CHECK_EQ(b.bench.store().applied_index(), uint64_t{1});
    CHECK_EQ(*b.sink->sync().get(), uint64_t{7});
}

void what_gathers_while_one_is_held_is_the_next_batch() {
    ReplicatedBench b;
    b.sink->lead();
    b.submit("a", "1");
    const auto first = b.journal.next();
    for (int i = 0; i < 10; ++i) b.submit("k" + std::to_string(i), "x");
    b.settle();
    CHECK_EQ(b.journal.size(), size_t{0});
    b.sink->committed(1, first.entry);
    const auto second = b.journal.next();
    CHECK_EQ(rows_of(second).rows().size(), size_t{10});
    CHECK(second.batch != first.batch);
    b.sink->committed(2, second.entry);
    CHECK_EQ(b.outcome(10), Outcome::kOk);
}

void what_was_not_appended_never_happened() {
    ReplicatedBench b;
    b.sink->lead();
    b.submit("a", "1");
    const auto proposed = b.journal.next();
    b.sink->follow();
    b.settle();
    CHECK(!b.answers[0].has_value());  // its own outcome counts
    b.sink->not_appended(proposed.batch);
    CHECK_EQ(b.outcome(0), Outcome::kNotLeader);
    b.settle();
    CHECK_EQ(b.get("a"), "none");
}

void what_was_lost_is_unknown_and_may_come_later() {
    ReplicatedBench b;
    b.sink->lead();
    b.submit("a", "1");
    const auto proposed = b.journal.next();
    b.sink->follow();
    b.sink->lost(proposed.batch);
    CHECK_EQ(b.outcome(0), Outcome::kUnknown);
    CHECK_EQ(b.get("a"), "none");
    b.sink->committed(1, foreign_entry("b", "2"));
    b.sink->committed(2, proposed.entry);
    b.settle();
    CHECK_EQ(b.get("a") + b.get("b"), "12");
    CHECK_EQ(b.bench.store().applied_index(), uint64_t{2});
}

void an_entry_of_another_leader_is_applied_while_one_is_held() {
    ReplicatedBench b;
    b.sink->lead();
    b.submit("a", "1");
    const auto proposed = b.journal.next();
    b.sink->follow();
    b.sink->committed(1, foreign_entry("a", "theirs"));
    b.settle();
    CHECK_EQ(b.get("a"), "theirs");
    CHECK(!b.answers[0].has_value());
    b.sink->lost(proposed.batch);
    CHECK_EQ(b.outcome(0), Outcome::kUnknown);
    CHECK_EQ(b.get("a"), "theirs");
}

void a_held_batch_whose_turn_comes_after_another_entry_is_applied_as_it_is() {
    ReplicatedBench b;
    b.sink->lead();
    b.submit("a", "1");
    const auto proposed = b.journal.next();
    b.sink->committed(1, foreign_entry("b", "2"));
    b.sink->committed(2, proposed.entry);
    CHECK_EQ(b.outcome(0), Outcome::kOk);
    CHECK_EQ(b.get("a") + b.get("b"), "12");
    CHECK_EQ(b.sink->applied_index(), uint64_t{2});
}

void outcomes_of_batches_that_are_not_held_change_nothing() {
    ReplicatedBench b;
    b.sink->lead();
    b.submit("a", "1");
    const auto proposed = b.journal.next();
    b.sink->lost({proposed.batch.origin, proposed.batch.number + 1});
    b.sink->not_appended({proposed.batch.origin + 1, proposed.batch.number});
    b.settle();
    CHECK(!b.answers[0].has_value());
    b.sink->committed(1, proposed.entry);
    CHECK_EQ(b.outcome(0), Outcome::kOk);
}

void a_batch_of_refusals_is_told_only_when_the_log_bears_it_out() {
    ReplicatedBench b;
    b.sink->lead();
    const store::Change refuses = [](Transaction&) -> Result<void> { return base::conflict("exists"); };
    b.submit(refuses);
    const auto first = b.journal.next();
    CHECK(rows_of(first).empty());
    b.sink->committed(1, first.entry);
    CHECK_EQ(b.outcome(0), Outcome::kRefused);
    CHECK_EQ(b.sink->applied_index(), uint64_t{1});
    CHECK_EQ(b.bench.store().applied_index(), uint64_t{0});
    b.submit(refuses);
    b.sink->lost(b.journal.next().batch);
    CHECK_EQ(b.outcome(1), Outcome::kUnknown);
}

void entries_that_the_store_has_are_skipped_after_a_restart() {
    ReplicatedBench b;
    for (uint64_t i = 1; i <= 5; ++i) b.sink->committed(i, foreign_entry("k", std::to_string(i)));
    b.settle();
    CHECK_EQ(b.sink->applied_index(), uint64_t{5});
    b.restart();
    CHECK_EQ(b.sink->applied_index(), uint64_t{5});
    for (uint64_t i = 3; i <= 5; ++i) b.sink->committed(i, foreign_entry("k", "wrong"));
    b.sink->committed(9, foreign_entry("l", "9"));
    b.settle();
    CHECK_EQ(b.get("k") + b.get("l"), "59");
    CHECK_EQ(b.bench.store().applied_index(), uint64_t{6});
    CHECK_EQ(b.sink->waiting_octets(), uint64_t{0});
}

void followers_hear_of_rows_in_order() {
    ReplicatedBench b;
    std::string seen;
    std::string indexes;
    b.bench.store().on_applied("t", [&](std::string_view key, const std::optional<std::string>& value) {
        seen += std::string(key) + value.value_or("-");
        indexes += std::to_string(b.bench.store().applied_index());
    });
    for (uint64_t i = 1; i <= 4; ++i) b.sink->committed(i, foreign_entry("k", std::to_string(i)));
    store::WriteSet erased;
    erased.erase("t", "k");
    erased.erase("t", "never-there");
    b.sink->committed(5, store::encode_entry({1, 1}, erased));
    b.bench.run_until([&] { return seen.size() >= 10; });
    CHECK_EQ(seen, "k1k2k3k4k-never-there-");
    CHECK_EQ(indexes, "123455");
    CHECK_EQ(b.get("k"), "none");
}

void closing_while_one_is_held_is_unknown_and_what_waits_is_not_leader() {
    ReplicatedBench b;
    CHECK_OK(b.sink->mark("region").get());
    b.sink->lead();
    b.submit("a", "1");
    const auto proposed = b.journal.next();
    b.submit("b", "2");
    b.sink = nullptr;
    b.bench.store().sink().detach().get();
    b.bench.close();
    CHECK_EQ(b.answers[0]->outcome, Outcome::kUnknown);
    CHECK_EQ(b.answers[1]->outcome, Outcome::kNotLeader);
}

void a_store_that_goes_with_a_held_batch_answers_it() {
    ReplicatedBench b;
    b.sink->lead();
    b.submit("a", "1");
    (void)b.journal.next();
    b.sink = nullptr;
    b.bench.close();
    CHECK_EQ(b.answers[0]->outcome, Outcome::kUnknown);
}

void a_new_journal_makes_the_batch_of_the_old_one_unknown() {
    ReplicatedBench b;
    b.sink->lead();
    b.submit("a", "1");
    const auto proposed = b.journal.next();
    test::FakeJournal another;
    b.bench.store().replicate(another);
    CHECK_EQ(b.outcome(0), Outcome::kUnknown);
    b.sink->lead();
    b.submit("b", "2");
    b.sink->committed(1, another.next().entry);
    CHECK_EQ(b.outcome(1), Outcome::kOk);
    b.sink->detach().get();
}

// The rows of 2,000 entries are larger than what may wait for the loop.
void a_follower_catches_up_with_a_loop_that_is_slow() {
    ReplicatedBench b;
    size_t heard = 0;
    b.bench.store().on_applied("t", [&](std::string_view, const std::optional<std::string>&) { ++heard; });
    for (uint64_t i = 1; i <= 2'000; ++i)
        b.sink->committed(i, foreign_entry(std::to_string(i % 10), std::string(10'000, 'x')));
    b.bench.run_until([&] { return heard == 2'000; });
    b.settle();  // the number follows what was delivered
    CHECK_EQ(b.sink->applied_index(), uint64_t{2'000});
}

void leadership_is_told_to_the_loop() {
    ReplicatedBench b;
    b.settle();
    std::string heard;
    b.bench.store().on_leads([&](bool leads) { heard += leads ? "+" : "-"; });
    b.sink->lead();
    b.sink->follow();
    b.sink->follow();
    b.sink->lead();
    b.settle();
    CHECK_EQ(heard, "+-+");
    CHECK(b.bench.store().leads());
}

void a_follower_without_room_stops_says_why_and_goes_on_when_there_is_room() {
    std::vector<std::string> told;
    ReplicatedBench b([&](store::StoreConfig& config) {
        config.map_bytes = 512 << 10;
        config.on_stalled = [&](const std::optional<base::Error>& why) {
            told.push_back(why ? std::string(base::to_string(why->kind)) : "over");
        };
    });
    const std::string large(60'000, 'x');
    b.sink->committed(1, foreign_entry("k", large));
    b.settle();
    // What a reader looks at cannot be written again: the map fills.
    auto reader = b.bench.store().read();
    uint64_t index = 1;
    while (b.sink->state()) {
        CHECK(index < 100);
        ++index;
        b.sink->committed(index, foreign_entry("k", large + std::to_string(index)));
        b.settle();
    }
    CHECK_EQ(b.sink->state().error().kind, ErrorKind::kLimit);
    CHECK_EQ(b.sink->applied_index(), index - 1);
    CHECK(!b.sink->sync().get());
    CHECK(b.sink->waiting_octets() > large.size());
    b.sink->committed(++index, foreign_entry("last", "1"));
    b.sink->lead();
    b.submit("a", "1");
    CHECK_EQ(b.outcome(0), Outcome::kRefused);
    CHECK_EQ(b.answers[0]->error.kind, ErrorKind::kLimit);
    reader.reset();
    b.bench.run_until([&] { return static_cast<bool>(b.sink->state()); });
    b.settle();
    CHECK_EQ(b.get("last"), "1");
    CHECK_EQ(b.get("k"), large + std::to_string(index - 1));
    CHECK_EQ(b.sink->applied_index(), index);
    CHECK_EQ(b.sink->waiting_octets(), uint64_t{0});
    CHECK_EQ(told.size(), size_t{2});
    CHECK_EQ(told[0] + " " + told[1], "limit over");
}

void a_held_batch_that_cannot_be_committed_is_unknown_and_applied_later() {
    ReplicatedBench b([](store::StoreConfig& config) {
        config.map_bytes = 256 << 10;
        config.quota.batch_margin = 0;
    });
    b.sink->committed(1, foreign_entry("k", std::string(40'000, 'x')));
    b.settle();
    auto reader = b.bench.store().read();
    b.sink->lead();
    uint64_t index = 1;
    size_t place = 0;
    // Held transactions fail at their first put or at the commit; only the latter is what is meant here.
    for (; place < 50; ++place) {
        b.submit("k", std::string(3'000, 'y') + std::to_string(place));
        b.bench.run_until([&] { return b.answers[place].has_value() || b.journal.size() > 0; });
        if (b.answers[place]) break;
        b.sink->committed(++index, b.journal.next().entry);
        if (b.outcome(place) != Outcome::kOk) break;
    }
    CHECK(place < 50);
    CHECK(b.answers[place]->outcome == Outcome::kUnknown || b.answers[place]->outcome == Outcome::kRefused);
    reader.reset();
    b.bench.run_until([&] { return b.sink->applied_index() == index; });
    b.submit("after", "1");
    b.sink->committed(++index, b.journal.next().entry);
    CHECK_EQ(b.outcome(place + 1), Outcome::kOk);
}

void an_entry_of_a_newer_release_stops_the_follower() {
    ReplicatedBench b;
    auto entry = foreign_entry("a", "1");
    entry[0] = 9;
    b.sink->committed(1, foreign_entry("b", "1"));
    b.sink->committed(2, entry);
    b.sink->committed(3, foreign_entry("c", "1"));
    b.settle();
    CHECK_EQ(b.sink->state().error().kind, ErrorKind::kRefused);
    CHECK_EQ(b.sink->applied_index(), uint64_t{1});
    CHECK_EQ(b.get("b") + b.get("c"), "1none");
}

void a_change_that_would_not_fit_an_entry_is_refused() {
    ReplicatedBench b;
    b.sink->lead();
    b.submit([](Transaction& txn) -> Result<void> {
        for (int i = 0; i < 50'000; ++i) txn.put("t", std::to_string(i), std::string(10, 'x'));
        return {};
    });
    const auto proposed = b.journal.next();
    CHECK(proposed.entry.size() < 1000);
    b.sink->committed(1, proposed.entry);
    CHECK_EQ(b.outcome(0), Outcome::kRefused);
    CHECK_EQ(b.answers[0]->error.kind, ErrorKind::kLimit);
}

void blobs_that_a_change_names_are_in_its_entry() {
    ReplicatedBench b;
    b.sink->lead();
    const auto id = store::BlobId::of(base::as_bytes("document"));
    b.submit([id](Transaction& txn) -> Result<void> {
        txn.put("t", "a", id.hex());
        txn.needs_blob(id);
        return {};
    });
    const auto proposed = b.journal.next();
    const auto blobs = store::blobs_of(proposed.entry);
    CHECK_OK(blobs);
    CHECK(*blobs == std::vector{id});
    b.sink->committed(1, proposed.entry);
    CHECK_EQ(b.outcome(0), Outcome::kOk);
}

void two_nodes_that_take_the_same_entries_have_the_same_rows() {
    ReplicatedBench leader;
    ReplicatedBench follower;
    leader.sink->lead();
    uint64_t index = 0;
    for (int round = 0; round < 30; ++round) {
        const size_t before = leader.answers.size();
        for (int i = 0; i < 5; ++i)
            leader.submit(std::to_string((round * 7 + i * 3) % 23), std::to_string(round));
        while (!leader.answers.back()) {
            leader.bench.run_until([&] { return leader.answers.back() || leader.journal.size() > 0; });
            if (leader.answers.back()) break;
            const auto proposed = leader.journal.next();
            leader.sink->committed(++index, proposed.entry);
            follower.sink->committed(index, proposed.entry);
        }
        CHECK_EQ(leader.outcome(before), Outcome::kOk);
    }
    follower.settle();
    for (int key = 0; key < 23; ++key)
        CHECK_EQ(leader.get(std::to_string(key)), follower.get(std::to_string(key)));
    CHECK_EQ(leader.bench.store().applied_index(), follower.bench.store().applied_index());
}

}  // namespace

GROUP(store_replication, CASE(without_a_leader_changes_are_answered_not_leader),
      CASE(a_batch_is_visible_and_answered_when_its_entry_is_committed),
      CASE(what_gathers_while_one_is_held_is_the_next_batch), CASE(what_was_not_appended_never_happened),
      CASE(what_was_lost_is_unknown_and_may_come_later),
      CASE(an_entry_of_another_leader_is_applied_while_one_is_held),
      CASE(a_held_batch_whose_turn_comes_after_another_entry_is_applied_as_it_is),
      CASE(outcomes_of_batches_that_are_not_held_change_nothing),
      CASE(a_batch_of_refusals_is_told_only_when_the_log_bears_it_out),
      CASE(entries_that_the_store_has_are_skipped_after_a_restart), CASE(followers_hear_of_rows_in_order),
      CASE(closing_while_one_is_held_is_unknown_and_what_waits_is_not_leader),
      CASE(a_store_that_goes_with_a_held_batch_answers_it), CASE(leadership_is_told_to_the_loop),
      CASE(a_new_journal_makes_the_batch_of_the_old_one_unknown),
      CASE(a_follower_catches_up_with_a_loop_that_is_slow),
      CASE(a_follower_without_room_stops_says_why_and_goes_on_when_there_is_room),
      CASE(a_held_batch_that_cannot_be_committed_is_unknown_and_applied_later),
      CASE(an_entry_of_a_newer_release_stops_the_follower),
      CASE(a_change_that_would_not_fit_an_entry_is_refused), CASE(blobs_that_a_change_names_are_in_its_entry),
      CASE(two_nodes_that_take_the_same_entries_have_the_same_rows))
