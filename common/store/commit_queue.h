// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The changes that wait for the store thread: urgent ones before bulk ones, each class first come, first
// served, each with a limit.
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

#include "common/store/store.h"

namespace store {

struct Waiting {
    Change change;
    OnDone on_done;
    Urgency urgency;
    std::chrono::steady_clock::time_point since;
};

class CommitQueue {
 public:
    explicit CommitQueue(size_t limit) : limit_(limit) {}

    enum class Pushed { kYes, kFull, kClosed };
    // kFull and kClosed leave `waiting` as it was.
    Pushed push(Waiting& waiting);
    // Store thread: blocks until something waits. Nothing when the queue is closed and empty.
    std::vector<Waiting> next_batch();
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

    const size_t limit_;
    mutable std::mutex mutex_;
    std::condition_variable something_;
    std::deque<Waiting> urgent_;
    std::deque<Waiting> bulk_;
    bool is_closed_ = false;
    std::atomic<size_t> urgent_count_ = 0;
};

}  // namespace store
