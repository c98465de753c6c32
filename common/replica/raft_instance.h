// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One life of libraft: from opening its log to closing it. When anything fails for good it says so
// (failure()) and does no more; the owner closes it and begins another one (raft_node.h).
//
// Also decides when the log is cut: by octets, where libraft counts entries.
//
// Raft thread only.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/log/log.h"
#include "common/replica/fsm.h"
#include "common/replica/io_guard.h"
#include "common/replica/raft_address.h"
#include "common/replica/raft_entry.h"
#include "common/replica/raft_thread.h"
#include "common/replica/transport.h"

struct raft;

namespace replica {

struct LifeConfig {
    std::filesystem::path directory;  // of the log; is there
    std::string cluster;
    uint64_t id = 0;
    RaftAddress address;
    Timing timing;
    LogLimits limits;
};

struct LifeParts {
    RaftThread& thread;
    Streams& streams;
    store::JournalSink& sink;
    Arrivals& arrivals;
};

class RaftInstance {
 public:
    RaftInstance(LifeConfig config, const LifeParts& parts, logs::Log log);
    // After close() has answered.
    ~RaftInstance();
    RaftInstance(const RaftInstance&) = delete;
    RaftInstance& operator=(const RaftInstance&) = delete;

    // `found`: the log is empty, and begins as that of a cluster of this node alone. `turned` is called after
    // everything that libraft was given. An error: close() it all the same.
    base::Result<void> start(bool found, std::function<void()> turned);
    void close(loop::Job closed);

    raft& raw() { return *raft_; }
    bool running() const { return running_; }
    // Before raft_apply() and the like.
    void before_append() { guard_.before_append(); }
    // Why this life has to end.
    std::optional<base::Error> failure();
    // What is wrong although it goes on; empty: nothing.
    std::string trouble();

    // Takes the first snapshot at the next entry that is applied, and keeps nothing behind it. It comes to
    // nothing when another entry follows that one too soon.
    void force_snapshot() { forced_ = true; }
    bool snapshot_under_way() const;
    uint64_t snapshot_index() const;  // 0: none yet, the cluster is being founded
    LogSize log_size();
    const Fsm& fsm() const { return fsm_; }
    const IoGuard& guard() const { return guard_; }
    const LifeConfig& config() const { return config_; }

 private:
    void turn();
    void cut_log();
    void closed_by_raft();
    std::string forgotten() const;

    LifeConfig config_;
    LifeParts parts_;
    logs::Log log_;
    Transport transport_;
    IoGuard guard_;
    Fsm fsm_;
    std::unique_ptr<raft> raft_;
    std::function<void()> turned_;
    loop::Job closed_;
    bool uv_made_ = false;
    bool raft_made_ = false;
    bool running_ = false;
    bool forced_ = false;
    uint64_t last_look_ = 0;  // ms of the loop
    uint64_t last_try_ = 0;   // ms of the loop, of the last snapshot begun
    uint64_t seen_last_ = 0;
    uint64_t seen_first_ = 0;
    LogSize size_;  // of the log when its ends were where seen_… say
};

// "disk full", "corrupt": libraft's number as one of our errors.
base::Error raft_error(int status, std::string_view what, std::string_view more = {});

}  // namespace replica
