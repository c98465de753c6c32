// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/cluster_watch.h"

#include <algorithm>
#include <array>

using namespace std::chrono_literals;

namespace frame {
namespace {

using alarms::Severity;
using replica::LogState;
using replica::NodeStatus;
using replica::ReplicaStatus;

constexpr auto kLostAfter = 5s;        // a node that is not heard
constexpr auto kLeaderlessAfter = 5s;  // elections take less
constexpr auto kTooOld = 60s;          // reads that are better asked of another node
constexpr uint64_t kUpToDate = 1000;   // entries that a standby may be behind

struct Lag {
    std::chrono::seconds from;
    Severity severity;
};
constexpr std::array kLags{Lag{300s, Severity::kCritical}, Lag{60s, Severity::kMajor},
                           Lag{10s, Severity::kMinor}};

double seconds(std::chrono::milliseconds duration) { return std::chrono::duration<double>(duration).count(); }

bool is_self(const ReplicaStatus& status, const NodeStatus& node) {
    return node.address.at.node == status.self;
}

bool is_heard(const NodeStatus& node) { return node.silent_for && *node.silent_for < kLostAfter; }

// One that could take over from us without losing anything or keeping anybody waiting.
bool is_standby(const ReplicaStatus& status, const NodeStatus& node) {
    return !is_self(status, node) && node.standing == NodeStatus::Standing::kVoting &&
           node.address.role == replica::Role::kMember && is_heard(node) && node.behind < kUpToDate;
}

bool is_protected(const ReplicaStatus& status) {
    return std::any_of(status.nodes.begin(), status.nodes.end(),
                       [&](const NodeStatus& node) { return is_standby(status, node); });
}

std::string missing_nodes(const ReplicaStatus& status) {
    std::string names;
    for (const NodeStatus& node : status.nodes)
        if (!is_self(status, node) && !is_heard(node))
            names += (names.empty() ? "" : ", ") + node.address.at.node;
    return names;
}

}  // namespace

ClusterWatch::ClusterWatch(Parts parts) : parts_(std::move(parts)) {
    for (const LogState state : {LogState::kStandalone, LogState::kDown, LogState::kFollower,
                                 LogState::kCandidate, LogState::kLeader}) {
        const std::string name(to_string(state));
        roles_.emplace(
            name, parts_.metrics.gauge("farol_cluster_role", "1 for what this node is.", {{"role", name}}));
    }
    for (const char* reason : {"planned", "unplanned"})
        takeovers_.emplace(reason,
                           parts_.metrics.counter("farol_cluster_switchovers_total",
                                                  "How often this node took over.", {{"reason", reason}}));
    show({});
}

void ClusterWatch::look(const ReplicaStatus& status) {
    note_leader(status);
    note_takeover(status);
    look_at_leader(status);
    look_at_nodes(status);
    look_at_lag(status);
    show(status);
    verdict_ = judge(status);
    parts_.health.set("cluster", verdict_.status,
                      verdict_.status == Status::kOk ? std::string() : verdict_.sentence);
}

void ClusterWatch::note_leader(const ReplicaStatus& status) {
    if (status.read_age) caught_up_ = true;
    const bool wanted = status.state != LogState::kStandalone;
    if (wanted && !status.leader) {
        if (!leaderless_since_) leaderless_since_ = parts_.clock.ticks();
    } else {
        leaderless_since_.reset();
    }
    if (!wanted || !status.leader || status.leader == last_leader_) return;
    parts_.log.notice("cluster.leader", {{"node", *status.leader}, {"term", status.term}});
    last_leader_ = status.leader;
}

// Whoever is asked to take over has heard the leader a moment ago; whoever stands because the leader is
// silent has not heard it for an election time-out.
void ClusterWatch::note_takeover(const ReplicaStatus& status) {
    if (status.leader || status.state == LogState::kStandalone) {
        deposed_ = false;
    } else if (led_ && status.state != LogState::kLeader) {
        deposed_ = true;
    }
    if (status.state != LogState::kLeader) {
        last_age_ = status.read_age.value_or(parts_.election);
        led_ = false;
        return;
    }
    if (std::exchange(led_, true) || status.term <= 1) return;
    const bool planned = last_age_ < parts_.election / 2;
    takeovers_.at(planned ? "planned" : "unplanned").add();
    const std::string object = parts_.daemon + "/cluster";
    parts_.alarms.raise(alarms::kSwitchoverDone, object, planned ? Severity::kWarning : Severity::kMajor,
                        planned ? "this node has taken over as it was asked to"
                                : "this node has taken over: the node that led was not heard any more");
    parts_.alarms.clear(alarms::kSwitchoverDone, object);
}

void ClusterWatch::look_at_leader(const ReplicaStatus& status) {
    const bool silent = leaderless_since_ && parts_.clock.ticks() - *leaderless_since_ >= kLeaderlessAfter;
    set(alarms::kStoreUnavailable, parts_.daemon + "/cluster/leader",
        silent ? std::optional(Severity::kCritical) : std::nullopt,
        "no node leads, as far as this one sees: nothing can be written");
    set(alarms::kSplitBrainPrevented, parts_.daemon + "/cluster",
        silent && deposed_ ? std::optional(Severity::kCritical) : std::nullopt,
        "this node led and no longer hears a majority: it takes no writes, and another one may lead");
    set(alarms::kStoreUnavailable, parts_.daemon + "/cluster/log",
        // No problem: it is just being opened.
        status.state == LogState::kDown && !status.problem.empty() ? std::optional(Severity::kCritical)
                                                                   : std::nullopt,
        "the log is closed and tried again: " + status.problem);
}

// Only the leader hears everybody; who does not lead has no opinion.
void ClusterWatch::look_at_nodes(const ReplicaStatus& status) {
    const bool leads = status.state == LogState::kLeader;
    for (auto& [node, lost] : lost_) lost = false;
    if (leads)
        for (const NodeStatus& node : status.nodes)
            if (!is_self(status, node)) lost_[node.address.at.node] = !is_heard(node);
    for (const auto& [node, lost] : lost_)
        set(alarms::kNodePeerLost, parts_.daemon + "/cluster/" + node,
            lost ? std::optional(Severity::kCritical) : std::nullopt, "node " + node + " is not heard");
    set(alarms::kUnprotectedOperation, parts_.daemon + "/cluster",
        leads && !is_protected(status) ? std::optional(Severity::kMajor) : std::nullopt,
        "no other member could take over now: what this node acknowledges, it holds alone or with a voter");
}

void ClusterWatch::look_at_lag(const ReplicaStatus& status) {
    std::optional<Severity> severity;
    std::chrono::seconds limit{};
    const bool follows = status.state == LogState::kFollower && status.leader && status.read_age;
    for (const Lag& lag : kLags)
        if (follows && *status.read_age >= lag.from && !severity) {
            severity = lag.severity;
            limit = lag.from;
        }
    set(alarms::kReplicationLag, parts_.daemon + "/cluster/lag", severity,
        "this node is more than " + std::to_string(limit.count()) + " s behind the leader");
}

ClusterVerdict ClusterWatch::judge(const ReplicaStatus& status) const {
    const auto degraded = [](std::string sentence) {
        return ClusterVerdict{Status::kDegraded, std::move(sentence)};
    };
    if (status.state == LogState::kStandalone)
        return degraded("this node belongs to no cluster yet: farolctl cluster init or join");
    if (status.state == LogState::kDown)
        return degraded(status.problem.empty() ? "the log is being opened"
                                               : "the log is closed: " + status.problem);
    const bool serves = status.role == replica::Role::kMember;
    if (!status.leader) return degraded("no node leads: reads go on, nothing can be written");
    if (serves && !caught_up_ && status.state != LogState::kLeader)
        return {Status::kDown, "it is catching up with " + *status.leader};
    if (serves && status.state == LogState::kFollower && status.read_age && *status.read_age >= kTooOld)
        return {Status::kDown, "it is too far behind " + *status.leader + " to be asked"};
    if (!status.problem.empty()) return degraded(status.problem);
    if (status.state != LogState::kLeader) return {Status::kOk, "follows " + *status.leader};
    if (!serves) return degraded("a voter leads: no member could");
    if (const std::string missing = missing_nodes(status); !missing.empty())
        return degraded("not heard: " + missing);
    if (!is_protected(status)) return degraded("no other member could take over now");
    return {Status::kOk, "leads"};
}

void ClusterWatch::show(const ReplicaStatus& status) {
    metrics::Registry& metrics = parts_.metrics;
    for (const auto& [name, gauge] : roles_) gauge.set(name == to_string(status.state) ? 1 : 0);
    const auto gauge = [&](const char* name, const char* help, double value) {
        metrics.gauge(name, help).set(value);
    };
    const auto count = [&](const char* name, const char* help, uint64_t value) {
        const auto counter = metrics.counter(name, help);
        counter.add(std::max(0.0, static_cast<double>(value) - counter.value()));
    };
    gauge("farol_cluster_term", "Of the log.", static_cast<double>(status.term));
    gauge("farol_cluster_nodes", "In the cluster, this one included.",
          static_cast<double>(status.nodes.size()));
    gauge("farol_cluster_takes_writes", "1 where changes may succeed.", status.takes_writes ? 1 : 0);
    gauge("farol_cluster_has_leader", "1 when this node knows who leads.", status.leader ? 1 : 0);
    gauge("farol_cluster_committed_index", "Of the log, as far as this node knows.",
          static_cast<double>(status.committed));
    gauge("farol_cluster_stored_index", "The last entry in this node's store.",
          static_cast<double>(status.stored));
    gauge("farol_cluster_snapshot_index", "The log is cut up to about here.",
          static_cast<double>(status.snapshot));
    gauge("farol_cluster_log_bytes", "Of the log in memory.", static_cast<double>(status.log_octets));
    gauge("farol_cluster_read_age_seconds", "How old reads on this node may be; -1: not known.",
          status.read_age ? seconds(*status.read_age) : -1);
    count("farol_cluster_elections_total", "That this node stood in.", status.elections);
    count("farol_cluster_log_restarts_total", "Of the log after a failure.", status.restarts);
    count("farol_cluster_snapshots_taken_total", "Of the log.", status.snapshots_taken);
    count("farol_cluster_snapshots_installed_total", "Copies of another node that replaced ours.",
          status.snapshots_installed);
    for (const auto& [node, behind] : behind_) behind.set(0);
    if (status.state != LogState::kLeader) return;
    for (const NodeStatus& node : status.nodes) {
        const std::string& name = node.address.at.node;
        const auto at = behind_.try_emplace(
            name, metrics.gauge("farol_cluster_node_behind_entries",
                                "Entries of the leader that a node has not got; 0 where another one leads.",
                                {{"node", name}}));
        at.first->second.set(static_cast<double>(node.behind));
    }
}

void ClusterWatch::set(const alarms::Kind& kind, const std::string& object, std::optional<Severity> severity,
                       const std::string& text) {
    if (severity) {
        parts_.alarms.raise(kind, object, *severity, text);
    } else {
        parts_.alarms.clear(kind, object);
    }
}

}  // namespace frame
