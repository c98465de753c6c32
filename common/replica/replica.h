// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A store replicated over the nodes of one cluster: what a daemon opens, asks and closes.
//
//     main loop (store, API) ── Replica ──┬── raft thread: libraft and its log on the disk
//                                         └── links' loop: TLS streams and calls between the nodes
//
// A node belongs to a cluster when its directory says so (init, join). Opened without it nothing is
// replicated and the store is used alone, as if the Replica were not there. The daemon's main thread owns the
// object; answers and notices come on the main loop. No failure of disk, file or peer ends the process: the
// log is closed, tried again with a growing pause, and status() says what is wrong.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/log/log.h"
#include "common/loop/loop.h"
#include "common/replica/arrivals.h"
#include "common/replica/links.h"
#include "common/replica/raft_address.h"
#include "common/store/lmdb_store.h"

namespace replica {

// Time-outs of the log. A voter waits three times as long before it stands.
struct Timing {
    std::chrono::milliseconds election{500};  // a follower stands after once to twice this without a leader
    std::chrono::milliseconds heartbeat{80};
    std::chrono::milliseconds snapshot_again{2'000};  // a snapshot that was not taken is offered again
    friend bool operator==(const Timing&, const Timing&) = default;
};

struct LogLimits {
    uint64_t snapshot_octets = uint64_t{32} << 20;  // entries since the last snapshot before a new one
    uint64_t snapshot_entries = 8192;
    uint64_t trailing_octets = uint64_t{16} << 20;  // kept behind a snapshot, for followers a little behind
    uint64_t waiting_octets = uint64_t{32} << 20;   // handed to the store and not applied: no more are taken
    uint64_t message_octets = uint64_t{4} << 20;    // entries in one message to a follower
};

struct ReplicaConfig {
    std::filesystem::path directory;  // made if it is not there
    net::Endpoint advertise;          // where the other nodes reach our Links
    Role role = Role::kMember;
    Timing timing;
    LogLimits limits;
};

// All of them outlive the Replica. The links' loop runs on a thread of its own, which begins after open():
// what serves calls is registered there and then, and nothing may wait for that loop before. It still runs
// when the Replica goes.
struct ReplicaParts {
    loop::Loop& main;
    Links& links;
    loop::Loop& links_loop;
    store::LmdbStore& store;
    Arrivals& arrivals;
};

enum class LogState {
    kStandalone,  // this node belongs to no cluster
    kDown,        // the log is closed: failed, and tried again later (problem says why)
    kFollower,
    kCandidate,
    kLeader,
};
std::string_view to_string(LogState state);

struct NodeStatus {
    uint64_t id = 0;  // drawn anew whenever a node joins
    RaftAddress address;
    enum class Standing {
        kSpare,
        kStandby,
        kVoting
    } standing = Standing::kVoting;  // spare and standby: joining
    // The following only where we lead (and for ourselves):
    uint64_t match = 0;                                   // the last entry known to be on its disk
    uint64_t behind = 0;                                  // entries of ours it has not got
    std::optional<std::chrono::milliseconds> silent_for;  // since it was last heard; not yet: nullopt
};

struct ReplicaStatus {
    LogState state = LogState::kStandalone;
    std::string cluster;  // empty: none
    NodeName self;
    Role role = Role::kMember;
    bool takes_writes = false;       // we lead, and the store has been told so
    std::optional<NodeName> leader;  // as far as we know
    uint64_t term = 0;
    uint64_t last = 0;  // of our log
    uint64_t committed = 0;
    uint64_t applied = 0;   // handed to the store
    uint64_t stored = 0;    // applied by the store
    uint64_t snapshot = 0;  // the log is cut up to about here
    uint64_t log_entries = 0;
    uint64_t log_octets = 0;  // in memory
    // How old what we read may be: 0 on a leader that hears a majority; the time since we had all that the
    // leader had committed when we last heard of it. nullopt: not known.
    std::optional<std::chrono::milliseconds> read_age;
    std::vector<NodeStatus> nodes;
    std::string problem;       // one sentence; empty: none
    uint64_t restarts = 0;     // of the log after a failure
    uint64_t elections = 0;    // that we stood in
    uint64_t leaderships = 0;  // that we won
    uint64_t snapshots_taken = 0;
    uint64_t snapshots_installed = 0;
};

class Replica {
 public:
    // An error only when the directory or what is in it cannot be used by anybody: not for a failing log.
    static base::Result<std::unique_ptr<Replica>> open(const ReplicaConfig& config, const ReplicaParts& parts,
                                                       logs::Log log);
    virtual ~Replica() = default;  // closes at once; stop() before it is kinder to the clients

    // Any thread. At most a heartbeat old.
    virtual ReplicaStatus status() const = 0;
    // Main loop: whenever state, leader, takes_writes, the nodes or the problem changed.
    virtual void on_change(std::function<void(const ReplicaStatus&)> changed) = 0;

    using Answer = std::function<void(base::Result<void>)>;

    // Whether we still led after this call was made: what the store shows then is as new as any write that
    // was acknowledged before. One round to a majority; calls that wait share it. kUnavailable: we don't.
    virtual void confirm_leader(Answer answer) = 0;

    // Hands leadership over if we have it (at most two seconds) and closes the log. Changes are answered
    // kNotLeader from now on. Before the store goes.
    virtual void stop(std::function<void()> stopped) = 0;

    // The store, used alone until now, becomes the first member of a new cluster; nothing in it is lost.
    virtual void init(Answer answer) = 0;
    // Joins the cluster of whichever node answers at `anyone`. What is in the store is replaced by the
    // cluster's. Answered when the cluster has taken us in; becoming up to date takes longer (status).
    virtual void join(const net::Endpoint& anyone, Answer answer) = 0;
    // Takes a node out of the cluster, itself or another one that may be dead. The last one becomes
    // standalone with all that it has; one that leaves others behind keeps nothing of the log.
    virtual void leave(const NodeName& node, Answer answer) = 0;
    // Leadership goes to this member; without a name to the one most up to date.
    virtual void switchover(const std::optional<NodeName>& to, Answer answer) = 0;
};

}  // namespace replica
