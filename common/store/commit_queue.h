// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What waits for the store thread: what the journal said, and changes, urgent ones before bulk ones, each
// class first come, first served, each with a limit.
//
// What the journal said goes first, and is not limited here: its sender looks at
// JournalSink::waiting_octets().
//
// What gathered while the last batch was being synced is the next batch. Bulk changes get a batch of their
// own, of at most 5 ms, when no urgent one waits, or when the oldest of them has waited for a quarter of a
// second: an import slows down under load, and never stops.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "common/store/journal_event.h"
#include "common/store/store.h"

namespace store {

struct Waiting {
    Change change;
    OnDone on_done;
    Urgency urgency;
    std::chrono::steady_clock::time_point since;
};

// A batch while it runs: its changes apart from those who asked for them.
class TakenBatch {
 public:
    explicit TakenBatch(std::vector<Waiting> batch);
    Urgency urgency() const { return waiting_.front().urgency; }
    const std::vector<Change>& changes() const { return changes_; }
    // The first `count` are answered: who they are, in order. Their changes, with all they captured, go.
    std::vector<OnDone> answered(size_t count);
    // The others, to be put back.
    std::vector<Waiting> rest();

 private:
    std::vector<Waiting> waiting_;
    std::vector<Change> changes_;
};

class CommitQueue {
 public:
    explicit CommitQueue(size_t limit) : limit_(limit) {}

    enum class Pushed { kYes, kFull, kClosed };
    // kFull and kClosed leave `waiting` as it was.
    Pushed push(Waiting& waiting);
    // False when the queue is closed; `event` is then as it was.
    bool push(JournalEvent& event);

    struct Work {
        std::vector<JournalEvent> events;
        std::vector<Waiting> batch;  // empty when there are events
        bool is_over = false;        // closed, and nothing waits that may be taken
    };
    enum class Take { kAll, kEventsOnly };
    // Store thread: blocks until something waits, or `until` has come: then all is empty.
    Work next(Take take = Take::kAll,
              std::optional<std::chrono::steady_clock::time_point> until = std::nullopt);
    // Store thread: what the last batch had no room for goes back to the head.
    void put_back(std::vector<Waiting> rest);
    // No more pushes; what waits is still handed out.
    void close();

    bool has_urgent() const { return urgent_count_.load(std::memory_order_relaxed) > 0; }
    size_t size() const;
    // How long the oldest has waited; 0 when none does.
    std::chrono::milliseconds oldest() const;

 private:
    std::deque<Waiting>& line_of(Urgency urgency) { return urgency == Urgency::kUrgent ? urgent_ : bulk_; }
    bool bulk_is_due() const;
    std::vector<Waiting> take_batch();

    const size_t limit_;
    mutable std::mutex mutex_;
    std::condition_variable something_;
    std::vector<JournalEvent> events_;
    std::deque<Waiting> urgent_;
    std::deque<Waiting> bulk_;
    bool is_closed_ = false;
    std::atomic<size_t> urgent_count_ = 0;
};

}  // namespace store
