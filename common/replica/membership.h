// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which nodes a cluster has, and who leads it on request: what nodes ask each other for by calls.
//
//     cluster.join        {"id", "address"}   anybody of our site and role   {"cluster", "nodes": [address]}
//     cluster.leave       {"node"}            nodes of the cluster, and      {}
//                                             anybody for itself
//     cluster.switchover  {"node"} or {}      nodes of the cluster           {}
//     cluster.nodes       {}                  nodes of the cluster           {"cluster", "nodes": [address]}
//
// Only the leader can do it; another node answers {"leader": address} and is asked no more. Requests may be
// repeated: one that was done already is done again without effect.
//
// The object lives on the main loop; it asks the raft thread and the links' loop by posting.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/loop/loop.h"
#include "common/replica/links.h"
#include "common/replica/raft_node.h"
#include "common/replica/raft_thread.h"

namespace replica {

struct MembershipParts {
    loop::Loop& main;
    Links& links;
    loop::Loop& links_loop;
    RaftThread& thread;
    RaftNode& node;
};

class Membership {
 public:
    Membership(const MembershipParts& parts, logs::Log log);
    // Nothing is answered after this. The thread and the node must not have ended before.
    ~Membership();
    Membership(const Membership&) = delete;
    Membership& operator=(const Membership&) = delete;

    using Answer = std::function<void(base::Result<nlohmann::json>)>;
    // Asks until somebody who leads has answered, or until the deadline. At first at `where`; nullopt: this
    // node itself. On the main loop.
    void ask(const std::string& kind, nlohmann::json request, std::optional<net::Endpoint> where,
             std::chrono::milliseconds deadline, Answer answer);

 private:
    struct Shared;
    std::shared_ptr<Shared> shared_;  // with calls that are under way
};

}  // namespace replica
