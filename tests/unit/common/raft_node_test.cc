// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/raft_node.h"

#include "tests/support/replica_bench.h"

namespace {

using replica::Role;
using test::ListStore;

void one_node_leads_itself_and_keeps_what_it_wrote_when_it_is_opened_again() {
    test::LogCluster cluster({{"a", Role::kMember}});
    cluster.write("one");
    cluster.write("two");
    test::LogNode& a = cluster["a"];
    const auto status = a.status();
    CHECK(status.state == replica::LogState::kLeader);
    CHECK(status.takes_writes);
    CHECK_EQ(status.leader.value_or(""), "a");
    a.end();
    CHECK(!cluster.watch.look([&] { return a.store.leads_; }));
    cluster.watch.change([&] {
        a.store.entries_.clear();
        a.store.applied_ = 0;
    });
    a.begin(1, false);
    cluster.write("three");
    CHECK(cluster.watch.look([&] { return a.store.values(); }) ==
          (std::vector<std::string>{"one", "two", "three"}));
}

void three_nodes_have_the_same_entries() {
    test::LogCluster cluster({{"a", Role::kMember}, {"b", Role::kMember}, {"m", Role::kVoter}});
    for (int i = 0; i < 50; ++i) cluster.write("value " + std::to_string(i));
    cluster.everywhere("value 49");
    CHECK(cluster.watch.look([&] { return cluster["a"].store.entries_ == cluster["b"].store.entries_; }));
    CHECK(cluster.watch.look([&] { return cluster["a"].store.entries_ == cluster["m"].store.entries_; }));
}

}  // namespace

GROUP(raft_node, CASE(one_node_leads_itself_and_keeps_what_it_wrote_when_it_is_opened_again),
      CASE(three_nodes_have_the_same_entries))
