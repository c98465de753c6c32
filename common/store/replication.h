// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The replicated side of the store thread: what the journal says is applied here, and batches wait here for
// their entry.
//
//     alone ──replicate()──▶ following ──lead()──▶ leading ──batch──▶ holding
//       ▲                        ▲ ◀──follow()───────┘ ◀──its outcome────┘
//       └──detach(), unmarked────┘
//
// One batch is held at a time, with its LMDB transaction open. An entry that is not the held one ends that
// transaction (it read what is no longer so); who asked still waits for the batch's own outcome. A store that
// is marked and has no journal follows nobody: changes are answered kNotLeader.
//
// Durability: the journal has an entry on a majority's disks before it is committed here, and repeats what a
// power cut took from us. So the meta page is left to the next commit (LmdbEnv::relax_meta_sync), and only
// sync() promises the disk. See README.md.
//
// Everything on the store thread but ReplicationFigures.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/guarded.h"
#include "common/store/batch.h"
#include "common/store/commit_queue.h"
#include "common/store/env_slot.h"
#include "common/store/journal.h"
#include "common/store/loop_side.h"
#include "common/store/meta.h"
#include "common/store/store_directory.h"

namespace store {

// Any thread.
struct ReplicationFigures {
    std::atomic<uint64_t> applied_index = 0;
    std::atomic<uint64_t> waiting_octets = 0;
    std::atomic<uint64_t> batches = 0;  // applied here since the start
    mutable base::Guarded<std::string> cluster;
    mutable base::Guarded<std::optional<base::Error>> stalled;
};

class Replication {
 public:
    struct Setup {
        EnvSlot& env;                 // outlive it
        StoreDirectory& directory;    //
        ReplicationFigures& figures;  //
        Meta meta;                    // as it is in the environment
        uint32_t schema_level;        // the newest that we know
        uint64_t map_bytes;
        std::chrono::milliseconds retry_after;  // an entry that could not be applied
        std::function<void(Settled)> deliver;
        std::function<void()> wait_for_room;                       // before many entries are delivered
        std::function<void(std::chrono::microseconds)> on_commit;  // of a batch of ours
    };
    explicit Replication(Setup setup);

    // Changes are ours alone to commit; last_batch() counts them too.
    bool is_alone() const { return journal_ == nullptr && setup_.meta.cluster.empty(); }
    uint64_t last_batch() const { return setup_.meta.last_batch; }
    void count_batch() { ++setup_.meta.last_batch; }

    bool is_holding() const { return held_.has_value(); }
    // When to call retry() if nothing else happens before.
    std::optional<std::chrono::steady_clock::time_point> retry_at() const { return retry_at_; }

    void take(std::vector<JournalEvent> events);
    void retry();
    // Not alone, nothing held. Runs it, or answers all of it; what it had no room for is left in the batch.
    void run(TakenBatch& batch, const BatchLimits& limits);
    // The queue is over: nobody will say what became of the held batch.
    void abandon();

 private:
    struct Held {
        BatchId id;
        BatchResult result;
        std::optional<LmdbTxn> txn;
        std::vector<OnDone> who;
        std::chrono::steady_clock::time_point begun;
    };

    void handle(Replicate& event);
    void handle(Lead& event);
    void handle(Follow& event);
    void handle(Committed& event);
    void handle(NotAppended& event);
    void handle(Lost& event);
    void handle(Sync& event);
    void handle(Restore& event);
    void handle(Mark& event);
    void handle(Detach& event);

    void apply_waiting();
    bool apply_next();
    bool is_held(const Committed& entry) const;
    void commit_held(const Committed& entry);
    size_t next_group() const;
    std::optional<base::Error> apply_group(size_t count);
    void drop_front();
    void stall(base::Error why);
    void end_stall();
    void note_failure(const Done& failed);
    void break_down(const base::Error& why);
    void tell_broken();

    void answer_held(const Done& all);
    void settle(BatchResult result, std::vector<OnDone> who);
    void set_leads(bool leads);
    void relax();
    void settle_mode();
    void set_index(uint64_t index);
    base::Result<void> restore(const std::filesystem::path& data);
    base::Result<void> mark(const std::string& cluster);
    base::Error not_leader() const;

    Setup setup_;
    Journal* journal_ = nullptr;
    bool is_leading_ = false;
    const uint64_t origin_;
    uint64_t next_number_ = 1;
    std::optional<Held> held_;
    std::deque<Committed> waiting_;  // more than those of one take() only while stalled
    bool is_relaxed_ = false;        // the meta page of a commit
    bool is_broken_ = false;
    std::optional<base::Error> stalled_;
    std::optional<base::Error> untold_;  // broken, and the loop has not heard of it
    std::optional<std::chrono::steady_clock::time_point> retry_at_;
};

}  // namespace store
