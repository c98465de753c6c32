// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a node does when it is asked to change who is in the cluster (membership.h). Raft thread only.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "common/base/result.h"
#include "common/replica/raft_node.h"

namespace replica {

using MembershipAnswer = std::function<void(base::Result<nlohmann::json>)>;

struct MembershipRequest {
    std::string kind;
    NodeName from;
    nlohmann::json body;
};

// kUnavailable: try again, here or at {"leader"}. The node outlives the answer, or answers before it goes.
void serve_membership(RaftNode& node, const MembershipRequest& request, MembershipAnswer answer);

}  // namespace replica
