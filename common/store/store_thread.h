// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The thread that owns every write transaction: takes what gathered, runs it as one batch, hands the result
// on.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "common/store/batch.h"
#include "common/store/commit_queue.h"

namespace store {

// A batch with its answers, on its way to the loop.
struct Settled {
    WriteSet writes;
    std::vector<std::string> faults;
    struct Answer {
        OnDone on_done;
        Done done;
    };
    std::vector<Answer> answers;
};

class StoreThread {
 public:
    struct Setup {
        LmdbEnv& env;        // outlive the thread
        CommitQueue& queue;  //
        Quota quota;
        size_t entry_bytes;
        uint64_t last_batch;
        std::function<void(Settled)> deliver;  // called on the store thread, in order
        // Called on the store thread after each batch that wrote: how long it ran, to being durable.
        std::function<void(std::chrono::microseconds)> on_commit;
    };
    explicit StoreThread(Setup setup);
    // The queue must be closed; waits until all that was in it is settled.
    ~StoreThread();
    StoreThread(const StoreThread&) = delete;
    StoreThread& operator=(const StoreThread&) = delete;

    uint64_t batches() const { return batches_.load(std::memory_order_relaxed); }
    uint64_t changes(Outcome outcome) const {
        return changes_.at(static_cast<size_t>(outcome)).load(std::memory_order_relaxed);
    }

 private:
    void run();
    void settle(std::vector<Waiting> batch);

    Setup setup_;
    uint64_t last_batch_;
    std::atomic<uint64_t> batches_ = 0;
    std::array<std::atomic<uint64_t>, 4> changes_{};  // by outcome
    std::thread thread_;                              // last: it uses all of the above
};

}  // namespace store
