// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/membership_server.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "common/json/object.h"

namespace replica {
namespace {

base::Error try_again(std::string why) { return {base::ErrorKind::kUnavailable, std::move(why)}; }

const NodeStatus* node_named(const ReplicaStatus& status, const NodeName& name) {
    for (const NodeStatus& node : status.nodes)
        if (node.address.at.node == name) return &node;
    return nullptr;
}

nlohmann::json cluster_as_json(const ReplicaStatus& status) {
    nlohmann::json nodes = nlohmann::json::array();
    for (const NodeStatus& node : status.nodes) nodes.push_back(node.address.text());
    return {{"cluster", status.cluster}, {"nodes", std::move(nodes)}};
}

RaftNode::Answer as_json(MembershipAnswer answer, nlohmann::json result = nlohmann::json::object()) {
    return [answer = std::move(answer), result = std::move(result)](const base::Result<void>& done) {
        answer(done ? base::Result<nlohmann::json>(result) : base::Result<nlohmann::json>(done.error()));
    };
}

void join(RaftNode& node, const MembershipRequest& request, MembershipAnswer answer) {
    json::Problems problems;
    json::Object object(request.body, problems);
    const auto id = static_cast<uint64_t>(object.integer("id", {.min = 1}));
    const std::string text = object.string("address", {.max = 512});
    if (!problems.empty()) return answer(problems.error());
    const auto address = RaftAddress::parse(text);
    if (!address) return answer(address.error());
    if (address->at.node != request.from) return answer(base::refused("a node joins for itself only"));
    const ReplicaStatus status = node.status();
    const NodeStatus* same = node_named(status, address->at.node);
    if (same != nullptr && same->id == id) return answer(cluster_as_json(status));
    if (same != nullptr && same->id == node.seat().id)
        return answer(base::conflict("the leader has the same name, " + address->at.node));
    // The node was emptied and comes back: what it was goes first, and it asks again.
    if (same != nullptr)
        return node.remove(same->id, [answer = std::move(answer)](const base::Result<void>& removed) {
            answer(removed ? try_again("what this node was before has been removed; ask again")
                           : removed.error());
        });
    nlohmann::json result = cluster_as_json(status);
    result["nodes"].push_back(address->text());
    node.add(id, *address, as_json(std::move(answer), std::move(result)));
}

// A node that was removed may ask again, because the answer was cut off; for others it may not speak any
// more.
void leave(RaftNode& node, const MembershipRequest& request, MembershipAnswer answer) {
    json::Problems problems;
    json::Object object(request.body, problems);
    const std::string name = object.string("node", {.max = 32});
    if (!problems.empty()) return answer(problems.error());
    const ReplicaStatus status = node.status();
    const NodeStatus* leaving = node_named(status, name);
    if (name != request.from && node_named(status, request.from) == nullptr)
        return answer(base::refused(request.from + " is no node of this cluster"));
    if (leaving == nullptr) return answer(nlohmann::json::object());
    if (leaving->id == node.seat().id) {
        if (status.nodes.size() == 1) return answer(base::conflict("this is the last node of the cluster"));
        return node.hand_over(std::nullopt, [answer = std::move(answer)](const base::Result<void>& handed) {
            answer(handed ? try_again("leadership was handed over; ask the new leader") : handed.error());
        });
    }
    node.remove(leaving->id, as_json(std::move(answer)));
}

void switch_over(RaftNode& node, const MembershipRequest& request, MembershipAnswer answer) {
    json::Problems problems;
    json::Object object(request.body, problems);
    const auto name = object.optional_string("node", {.max = 32});
    if (!problems.empty()) return answer(problems.error());
    std::optional<uint64_t> to;
    if (name) {
        const ReplicaStatus status = node.status();
        const NodeStatus* wanted = node_named(status, *name);
        if (wanted == nullptr) return answer(base::not_found("the cluster has no node " + *name));
        if (wanted->address.role == Role::kVoter)
            return answer(base::refused(*name + " is a voter: it serves nobody"));
        if (wanted->id == node.seat().id) return answer(nlohmann::json::object());
        to = wanted->id;
    }
    node.hand_over(to, as_json(std::move(answer)));
}

}  // namespace

void serve_membership(RaftNode& node, const MembershipRequest& request, MembershipAnswer answer) {
    if (!node.seated()) return answer(base::refused("this node belongs to no cluster"));
    Leadership* leadership = node.leadership();
    if (leadership == nullptr || !leadership->settled()) {
        const ReplicaStatus status = node.status();
        const NodeStatus* leader = status.leader ? node_named(status, *status.leader) : nullptr;
        if (leader == nullptr || leader->id == node.seat().id)
            return answer(try_again("the cluster has no leader now"));
        return answer(nlohmann::json{{"leader", leader->address.text()}});
    }
    if (request.kind == "cluster.nodes") return answer(cluster_as_json(node.status()));
    if (request.kind == "cluster.join") return join(node, request, std::move(answer));
    if (request.kind == "cluster.leave") return leave(node, request, std::move(answer));
    switch_over(node, request, std::move(answer));
}

}  // namespace replica
