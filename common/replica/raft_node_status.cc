// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What can be told of a node and its log.
#include <algorithm>
#include <utility>

#include "common/replica/raft_node_parts.h"

namespace replica {
namespace {

constexpr uint64_t kPublishEvery = 100;  // ms

NodeStatus::Standing standing_of(int role) {
    if (role == RAFT_VOTER) return NodeStatus::Standing::kVoting;
    return role == RAFT_STANDBY ? NodeStatus::Standing::kStandby : NodeStatus::Standing::kSpare;
}

LogState state_of(int state) {
    if (state == RAFT_LEADER) return LogState::kLeader;
    if (state == RAFT_CANDIDATE) return LogState::kCandidate;
    return state == RAFT_FOLLOWER ? LogState::kFollower : LogState::kDown;
}

// A leader that was stopped for a while may have been replaced: what it reads is as old as the last time it
// could know, which is when it last heard of a majority (itself among it).
std::optional<std::chrono::milliseconds> age_on_leader(const std::vector<NodeStatus>& nodes,
                                                       std::chrono::milliseconds heartbeat) {
    std::vector<std::chrono::milliseconds> silences;
    for (const NodeStatus& node : nodes)
        if (node.standing == NodeStatus::Standing::kVoting)
            silences.push_back(node.silent_for.value_or(std::chrono::hours{24}));
    if (silences.empty()) return std::nullopt;
    std::sort(silences.begin(), silences.end());
    const auto age = silences[silences.size() / 2];
    return age > 2 * heartbeat ? age : std::chrono::milliseconds{0};
}

}  // namespace

std::string_view to_string(LogState state) {
    switch (state) {
        case LogState::kStandalone:
            return "standalone";
        case LogState::kDown:
            return "down";
        case LogState::kFollower:
            return "follower";
        case LogState::kCandidate:
            return "candidate";
        case LogState::kLeader:
            return "leader";
    }
    return "";
}

std::vector<NodeStatus> RaftNode::nodes() const {
    std::vector<NodeStatus> out;
    const raft& r = life_->raw();
    const uint64_t last = last_index(r.log);
    for (unsigned i = 0; i < r.configuration.n; ++i) {
        const raft_server& server = r.configuration.servers[i];
        NodeStatus node;
        node.id = server.id;
        node.standing = standing_of(server.role);
        if (auto address = RaftAddress::parse(server.address)) node.address = std::move(*address);
        if (server.id == r.id) {
            node.match = r.last_stored;
            node.silent_for = std::chrono::milliseconds{0};
        } else {
            node.silent_for = life_->guard().silence_of(server.id);
            if (r.state == RAFT_LEADER) node.match = r.leader_state.progress[i].match_index;
        }
        if (r.state == RAFT_LEADER) node.behind = last - std::min<uint64_t>(last, node.match);
        out.push_back(std::move(node));
    }
    return out;
}

ReplicaStatus RaftNode::status() {
    ReplicaStatus status;
    status.problem = problem_;
    status.restarts = restarts_;
    status.elections = elections_;
    status.leaderships = won_before_;
    status.snapshots_taken = taken_before_;
    status.snapshots_installed = installed_before_;
    status.stored = parts_.sink.applied_index();
    if (!seat_) return status;
    status.cluster = seat_->cluster;
    status.self = seat_->address.at.node;
    status.role = seat_->address.role;
    status.state = LogState::kDown;
    if (life() == nullptr) return status;
    raft& r = life_->raw();
    status.state = state_of(r.state);
    status.takes_writes = leadership_->takes_writes();
    status.term = r.current_term;
    status.last = last_index(r.log);
    status.committed = r.commit_index;
    status.applied = r.last_applied;
    status.snapshot = life_->snapshot_index();
    const LogSize size = life_->log_size();
    status.log_entries = size.entries;
    status.log_octets = size.octets;
    status.leaderships += leadership_->won();
    status.snapshots_taken += life_->fsm().snapshots_taken();
    status.snapshots_installed += life_->guard().snapshots_installed();
    if (status.problem.empty()) status.problem = life_->trouble();
    status.nodes = nodes();
    status.read_age = leadership_->current() ? age_on_leader(status.nodes, config_.timing.heartbeat)
                                             : life_->guard().read_age();
    raft_id leader = 0;
    const char* address = nullptr;
    raft_leader(&r, &leader, &address);
    for (const NodeStatus& node : status.nodes)
        if (leader != 0 && node.id == leader) status.leader = node.address.at.node;
    return status;
}

void RaftNode::publish(bool always) {
    const uint64_t now = uv_now(parts_.thread.loop());
    if (!told_ || (!always && now - published_at_ < kPublishEvery)) return;
    published_at_ = now;
    told_(status());
}

void RaftNode::introduce(const std::vector<RaftAddress>& nodes) {
    if (life() == nullptr) return;
    introduced_.clear();
    for (const RaftAddress& node : nodes) introduced_.push_back(node.at);
    publish_peers();
}

void RaftNode::publish_peers() {
    std::vector<NodeAddress> peers;
    const auto add = [&peers](const NodeAddress& one) {
        const auto same = [&one](const NodeAddress& other) { return other.node == one.node; };
        if (std::none_of(peers.begin(), peers.end(), same)) peers.push_back(one);
    };
    raft_id leader = 0;
    const char* where = nullptr;
    raft_leader(&life_->raw(), &leader, &where);
    bool within = false;
    for (const NodeStatus& node : nodes()) {
        add(node.address.at);
        within = within || node.id == seat_->id;
        if (node.id == leader) introduced_.clear();
    }
    if (!within)
        for (const RaftAddress& other : seat_->others) add(other.at);
    for (const NodeAddress& one : introduced_) add(one);
    if (peers == peers_) return;
    peers_ = peers;
    if (peers_told_) peers_told_(std::move(peers));
}

}  // namespace replica
