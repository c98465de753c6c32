// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The thread that owns every write transaction: takes what gathered, runs it as one batch, hands the result
// on. Alone it commits; replicated the journal decides (replication.h).
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "common/store/batch.h"
#include "common/store/commit_queue.h"
#include "common/store/loop_side.h"
#include "common/store/replication.h"

namespace store {

class StoreThread {
 public:
    struct Setup {
        CommitQueue& queue;  // outlive the thread
        Quota quota;
        size_t entry_bytes;
        Replication::Setup replication;  // deliver: called on the store thread, in order;
                                         // on_commit: there too, after each batch that wrote
    };
    explicit StoreThread(Setup setup);
    // The queue must be closed; waits until all that was in it is settled.
    ~StoreThread();
    StoreThread(const StoreThread&) = delete;
    StoreThread& operator=(const StoreThread&) = delete;

    uint64_t changes(Outcome outcome) const {
        return changes_.at(static_cast<size_t>(outcome)).load(std::memory_order_relaxed);
    }

 private:
    void run();
    void take(std::vector<Waiting> batch);
    void run_alone(TakenBatch& batch, const BatchLimits& limits);
    void deliver(Settled settled);

    CommitQueue& queue_;
    const Quota quota_;
    const size_t entry_bytes_;
    EnvSlot& env_;
    ReplicationFigures& figures_;
    const std::function<void(Settled)> deliver_;
    const std::function<void(std::chrono::microseconds)> on_commit_;
    std::array<std::atomic<uint64_t>, 4> changes_{};  // by outcome
    Replication replication_;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace store
