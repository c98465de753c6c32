// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The store on one LMDB environment. Standalone: durable when this machine's disk has it. Replicated
// (replicate()): durable when the journal has it on a majority of the nodes; see journal.h.
//
//     loop ── submit ──▶ CommitQueue ──▶ store thread: run_batch, commit with sync
//      ▲                                        │
//      └──── on_applied, then on_done ◀── post ─┘
//
// One store thread owns every write transaction. While it syncs one batch, the next gathers: one fdatasync
// answers however many changes were waiting. Lives on the loop's thread; it must go before the loop.
// Destroying it runs what was submitted, answers everybody, and only then returns.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "common/log/log.h"
#include "common/loop/loop.h"
#include "common/store/journal.h"
#include "common/store/quota.h"
#include "common/store/store.h"

namespace store {

struct StoreConfig {
    std::filesystem::path directory;  // made if it is not there; its parent must exist
    uint32_t schema_level = 1;        // the newest level of records that this daemon knows
    Quota quota;
    size_t queue_limit = 16384;                // changes that wait, of each urgency
    size_t entry_bytes = size_t{1} << 20;      // a change may write this much; so may a batch
    uint64_t map_bytes = uint64_t{256} << 30;  // address space, not disk
    // A store that is marked as belonging to a cluster is refused without it: alone it would go its own way.
    // With it, such a store answers kNotLeader until replicate().
    bool may_be_member = false;
    // Loop thread, once, when the disk failed so that what happened is unknown and nothing more can be
    // written until the process is started again. Answers of kUnknown were given before. Without it the
    // process ends.
    std::function<void(const base::Error&)> on_broken;
    // Loop thread. Replicated: an entry could not be applied and is tried again and again; no error: it could
    // be.
    std::function<void(const std::optional<base::Error>&)> on_stalled;
    std::chrono::milliseconds retry_after{1'000};
    // Store thread, after each batch that wrote: from its beginning until it was durable.
    std::function<void(std::chrono::microseconds)> on_commit;
};

struct StoreFigures {
    uint64_t batches;  // committed since the start
    uint64_t changes;  // that ended well
    uint64_t refused;
    uint64_t not_leader;
    uint64_t unknown;
    size_t waiting;
    std::chrono::milliseconds oldest;  // how long the oldest has waited; 0: none waits
    Space space;
    Room room;
};

class LmdbStore final : public Store {
 public:
    // loop outlives the store.
    static base::Result<std::unique_ptr<LmdbStore>> open(const StoreConfig& config, loop::Loop& loop,
                                                         logs::Log log);
    ~LmdbStore() override;
    LmdbStore(const LmdbStore&) = delete;
    LmdbStore& operator=(const LmdbStore&) = delete;

    void submit(Change change, OnDone on_done, Urgency urgency = Urgency::kUrgent) override;
    // The Reader must not outlive the store.
    std::unique_ptr<Reader> read() const override;
    void on_applied(std::string_view table, Applied applied) override;
    void on_reset(std::function<void()> reset) override;
    bool leads() const override;
    void on_leads(std::function<void(bool leads)> changed) override;
    uint64_t applied_index() const override;

    // Loop thread, at any time. From now on the journal decides, and until it says lead() changes are
    // answered kNotLeader, those too that wait. The journal must live until JournalSink::detach().
    JournalSink& replicate(Journal& journal);
    // The same sink, before or without a journal: mark(), cluster(), copy().
    JournalSink& sink();

    StoreFigures figures() const;

 private:
    struct Parts;
    explicit LmdbStore(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace store
