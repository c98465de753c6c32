// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/voter.h"

namespace replica {
namespace {

bool may_lead(const NodeStatus& node, uint64_t self, std::chrono::milliseconds patience) {
    return node.id != self && node.address.role == Role::kMember &&
           node.standing == NodeStatus::Standing::kVoting && node.silent_for && *node.silent_for <= patience;
}

const NodeStatus* best_of(const std::vector<NodeStatus>& nodes, uint64_t self,
                          std::chrono::milliseconds patience) {
    const NodeStatus* best = nullptr;
    for (const NodeStatus& node : nodes) {
        if (!may_lead(node, self, patience)) continue;
        if (best == nullptr || node.match > best->match ||
            (node.match == best->match && node.address.at.node < best->address.at.node))
            best = &node;
    }
    return best;
}

}  // namespace

std::optional<uint64_t> successor(const std::vector<NodeStatus>& nodes, uint64_t self,
                                  std::chrono::milliseconds patience) {
    const NodeStatus* best = best_of(nodes, self, patience);
    return best == nullptr ? std::nullopt : std::optional(best->id);
}

std::optional<uint64_t> ready_successor(const std::vector<NodeStatus>& nodes, uint64_t self,
                                        std::chrono::milliseconds patience) {
    const NodeStatus* best = best_of(nodes, self, patience);
    return best == nullptr || best->behind > 0 ? std::nullopt : std::optional(best->id);
}

}  // namespace replica
