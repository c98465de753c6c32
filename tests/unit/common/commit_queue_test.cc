// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/commit_queue.h"

#include "tests/support/test.h"

namespace {

using store::CommitQueue;
using store::Urgency;
using store::Waiting;
using Pushed = store::CommitQueue::Pushed;
using namespace std::chrono_literals;

Pushed push(CommitQueue& queue, Urgency urgency, std::chrono::milliseconds ago = 0ms) {
    Waiting waiting{{}, {}, urgency, std::chrono::steady_clock::now() - ago};
    return queue.push(waiting);
}

void urgent_changes_go_first_and_in_one_batch() {
    CommitQueue queue{10};
    push(queue, Urgency::kBulk);
    push(queue, Urgency::kUrgent);
    push(queue, Urgency::kUrgent);
    CHECK(queue.has_urgent());
    const auto first = queue.next().batch;
    CHECK_EQ(first.size(), size_t{2});
    CHECK_EQ(first.front().urgency, Urgency::kUrgent);
    CHECK(!queue.has_urgent());
    CHECK_EQ(queue.next().batch.front().urgency, Urgency::kBulk);
}

void bulk_that_has_waited_long_gets_its_turn() {
    CommitQueue queue{10};
    push(queue, Urgency::kBulk, 300ms);
    push(queue, Urgency::kUrgent);
    CHECK_EQ(queue.next().batch.front().urgency, Urgency::kBulk);
    CHECK_EQ(queue.next().batch.front().urgency, Urgency::kUrgent);
}

void each_urgency_has_its_own_limit() {
    CommitQueue queue{1};
    CHECK_EQ(push(queue, Urgency::kBulk), Pushed::kYes);
    CHECK_EQ(push(queue, Urgency::kBulk), Pushed::kFull);
    CHECK_EQ(push(queue, Urgency::kUrgent), Pushed::kYes);
    CHECK_EQ(push(queue, Urgency::kUrgent), Pushed::kFull);
}

void what_had_no_room_in_a_batch_keeps_its_place() {
    CommitQueue queue{10};
    for (int i = 0; i < 3; ++i) push(queue, Urgency::kUrgent, std::chrono::milliseconds{30 - i});
    auto batch = queue.next().batch;
    const auto second = batch[1].since;
    batch.erase(batch.begin());
    push(queue, Urgency::kUrgent);
    queue.put_back(std::move(batch));
    const auto next = queue.next().batch;
    CHECK_EQ(next.size(), size_t{3});
    CHECK(next.front().since == second);
}

void a_closed_queue_hands_out_what_waits_and_then_nothing() {
    CommitQueue queue{10};
    push(queue, Urgency::kBulk);
    queue.close();
    CHECK_EQ(push(queue, Urgency::kUrgent), Pushed::kClosed);
    CHECK_EQ(queue.next().batch.size(), size_t{1});
    CHECK(queue.next().is_over);
}

void what_the_journal_said_goes_before_changes() {
    CommitQueue queue{10};
    push(queue, Urgency::kUrgent);
    store::JournalEvent event = store::Lead{};
    CHECK(queue.push(event));
    const auto first = queue.next();
    CHECK_EQ(first.events.size(), size_t{1});
    CHECK(first.batch.empty());
    CHECK_EQ(queue.next().batch.size(), size_t{1});
}

void changes_stay_while_only_the_journal_is_listened_to() {
    CommitQueue queue{10};
    push(queue, Urgency::kUrgent);
    const auto nothing = queue.next(CommitQueue::Take::kEventsOnly, std::chrono::steady_clock::now());
    CHECK(nothing.events.empty() && nothing.batch.empty() && !nothing.is_over);
    queue.close();
    store::JournalEvent event = store::Lead{};
    CHECK(!queue.push(event));
    CHECK(queue.next(CommitQueue::Take::kEventsOnly).is_over);
    CHECK_EQ(queue.next().batch.size(), size_t{1});
}

void the_oldest_of_both_lines_counts() {
    CommitQueue queue{10};
    CHECK_EQ(queue.oldest(), 0ms);
    push(queue, Urgency::kUrgent, 2s);
    push(queue, Urgency::kBulk, 9s);
    CHECK(queue.oldest() >= 9s && queue.oldest() < 60s);
    CHECK_EQ(queue.next().batch.size(), size_t{1});  // the bulk one
    CHECK(queue.oldest() >= 2s && queue.oldest() < 9s);
}

}  // namespace

GROUP(commit_queue, CASE(the_oldest_of_both_lines_counts), CASE(urgent_changes_go_first_and_in_one_batch),
      CASE(bulk_that_has_waited_long_gets_its_turn), CASE(each_urgency_has_its_own_limit),
      CASE(what_had_no_room_in_a_batch_keeps_its_place),
      CASE(a_closed_queue_hands_out_what_waits_and_then_nothing),
      CASE(what_the_journal_said_goes_before_changes),
      CASE(changes_stay_while_only_the_journal_is_listened_to))
