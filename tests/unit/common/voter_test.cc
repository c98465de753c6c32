// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/voter.h"

#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using replica::NodeStatus;
using replica::Role;

NodeStatus node(uint64_t id, const char* name, Role role, uint64_t match) {
    NodeStatus made;
    made.id = id;
    made.address = {{name, {"192.0.2.1", 7101}}, role};
    made.match = match;
    made.behind = 10 - match;
    made.silent_for = 50ms;
    return made;
}

void the_member_with_most_of_the_log_takes_over() {
    const std::vector<NodeStatus> nodes{node(1, "m", Role::kVoter, 10), node(2, "a", Role::kMember, 7),
                                        node(3, "b", Role::kMember, 9)};
    CHECK_EQ(replica::successor(nodes, 1, 200ms).value_or(0), uint64_t{3});
    CHECK(!replica::ready_successor(nodes, 1, 200ms));
    CHECK_EQ(replica::successor(nodes, 3, 200ms).value_or(0), uint64_t{2});
}

void a_voter_hands_over_only_to_who_has_everything() {
    std::vector<NodeStatus> nodes{node(1, "m", Role::kVoter, 10), node(2, "b", Role::kMember, 10),
                                  node(3, "a", Role::kMember, 10)};
    CHECK_EQ(replica::ready_successor(nodes, 1, 200ms).value_or(0), uint64_t{3});
    nodes[2].standing = NodeStatus::Standing::kStandby;
    CHECK_EQ(replica::ready_successor(nodes, 1, 200ms).value_or(0), uint64_t{2});
}

void nobody_takes_over_who_is_silent_or_a_voter() {
    std::vector<NodeStatus> nodes{node(1, "a", Role::kMember, 10), node(2, "m", Role::kVoter, 10),
                                  node(3, "b", Role::kMember, 10)};
    nodes[2].silent_for = 201ms;
    CHECK(!replica::successor(nodes, 1, 200ms));
    nodes[2].silent_for = std::nullopt;
    CHECK(!replica::successor(nodes, 1, 200ms));
}

}  // namespace

GROUP(voter, CASE(the_member_with_most_of_the_log_takes_over),
      CASE(a_voter_hands_over_only_to_who_has_everything), CASE(nobody_takes_over_who_is_silent_or_a_voter))
