// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the state of the cluster means for the people who run it: a health check, alarms and figures.
//
//     health "cluster"   down: this node has not caught up, or lies 60 s behind a leader that it hears: ask
//                        another; degraded: no leader, log closed, a node missing, a voter leads, no cluster
//                        yet. Without a leader it goes on serving reads and says so, it does not go away.
//     NodePeerLost         <daemon>/cluster/<node>: not heard for 5 s, as the leader sees it: CRITICAL
//     UnprotectedOperation <daemon>/cluster: no other member is heard and up to date: MAJOR
//     ReplicationLag       <daemon>/cluster/lag: 10 s behind the leader MINOR, 60 s MAJOR, 300 s CRITICAL
//     StoreUnavailable     <daemon>/cluster/leader: nobody has led for 5 s; …/log: the log is closed:
//     CRITICAL SwitchoverDone       <daemon>/cluster: this node has taken over: planned WARNING, else MAJOR;
//     clears
//                          itself
//     SplitBrainPrevented  <daemon>/cluster: this node led and has not heard a majority for 5 s; the others
//     may
//                          have elected another one: CRITICAL
//
// Alarms are each node's own list: one that nobody leads must be able to raise them.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "common/alarm/alarm.h"
#include "common/frame/health.h"
#include "common/metrics/metrics.h"
#include "common/replica/replica.h"

namespace frame {

// How it stands, in one sentence for the health check and for `farolctl`.
struct ClusterVerdict {
    Status status = Status::kOk;
    std::string sentence;
};

class ClusterWatch {
 public:
    struct Parts {  // all outlive it
        Health& health;
        alarms::Alarms& alarms;
        metrics::Registry& metrics;
        const base::Clock& clock;
        logs::Log log;
        std::string daemon;
        std::chrono::milliseconds election;  // the log's election time-out
    };
    explicit ClusterWatch(Parts parts);

    // At each change and once a second.
    void look(const replica::ReplicaStatus& status);
    const ClusterVerdict& verdict() const { return verdict_; }

 private:
    ClusterVerdict judge(const replica::ReplicaStatus& status) const;
    void note_leader(const replica::ReplicaStatus& status);
    void note_takeover(const replica::ReplicaStatus& status);
    void look_at_leader(const replica::ReplicaStatus& status);
    void look_at_nodes(const replica::ReplicaStatus& status);
    void look_at_lag(const replica::ReplicaStatus& status);
    void show(const replica::ReplicaStatus& status);
    void set(const alarms::Kind& kind, const std::string& object, std::optional<alarms::Severity> severity,
             const std::string& text);

    Parts parts_;
    ClusterVerdict verdict_;
    std::optional<base::Ticks> leaderless_since_;
    std::chrono::milliseconds last_age_{0};  // of reads, when this node last followed
    std::optional<replica::NodeName> last_leader_;
    bool caught_up_ = false;  // since it began: reads had a known age once
    bool led_ = false;
    bool deposed_ = false;                          // it led last, as far as it knows, and nobody does now
    std::map<std::string, bool> lost_;              // nodes that had been heard or named, by name
    std::map<std::string, metrics::Gauge> roles_;   // by state
    std::map<std::string, metrics::Gauge> behind_;  // by node
    std::map<std::string, metrics::Counter> takeovers_;  // by reason
};

}  // namespace frame
