// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/raft_node.h"

#include <fcntl.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/support/replica_bench.h"

namespace {

using replica::LogStart;
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
    a.begin(1, LogStart::kAgain);
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

ListStore::Outcome outcome_of(test::LogCluster& cluster, test::LogNode& node, uint64_t number) {
    auto outcome = ListStore::Outcome::kWaiting;
    cluster.watch.until(
        [&] {
            outcome = node.store.proposals_[number].second;
            return outcome != ListStore::Outcome::kWaiting;
        },
        "an outcome");
    return outcome;
}

void a_follower_appends_nothing() {
    test::LogCluster cluster({{"a", Role::kMember}, {"b", Role::kMember}});
    cluster.write("one");
    CHECK(outcome_of(cluster, cluster["b"], cluster["b"].propose("no")) == ListStore::Outcome::kNotAppended);
}

void what_a_cut_off_leader_proposed_is_lost_and_the_others_go_on() {
    test::LogCluster cluster({{"a", Role::kMember}, {"b", Role::kMember}, {"c", Role::kMember}});
    cluster.write("one");
    cluster.everywhere("one");
    test::LogNode& old = cluster.leader();
    cluster.hub.cut(old.name);
    const uint64_t number = old.propose("into the void");
    CHECK(outcome_of(cluster, old, number) == ListStore::Outcome::kLost);
    cluster.watch.until([&] { return !old.store.leads_; }, "the old leader to notice");
    cluster.write("two");
    cluster.hub.join(old.name);
    cluster.everywhere("two");
    CHECK(cluster.watch.look([&] { return old.store.values(); }) == (std::vector<std::string>{"one", "two"}));
}

void a_confirmation_is_a_leader_s_alone() {
    test::LogCluster cluster({{"a", Role::kMember}, {"b", Role::kMember}, {"c", Role::kMember}});
    test::LogNode& at = cluster.leader();
    std::vector<bool> answers;
    const auto ask = [&](test::LogNode& node) {
        node.on_raft([&](replica::RaftNode& raft) {
            raft.leadership()->confirm([&](base::Result<void> said) {
                cluster.watch.change([&] { answers.push_back(bool(said)); });
            });
        });
    };
    for (int i = 0; i < 5; ++i) ask(at);
    cluster.watch.until([&] { return answers.size() == 5; }, "five answers");
    CHECK(answers == std::vector<bool>(5, true));
    cluster.hub.cut(at.name);
    ask(at);
    cluster.watch.until([&] { return answers.size() == 6; }, "the sixth");
    CHECK(!answers.back());
}

// What the earlier leader acknowledged was handed to the new one's store, whose slow disk has not got it yet.
void a_new_leader_confirms_nothing_before_its_store_is_up_to_date() {
    test::LogCluster cluster({{"a", Role::kMember}, {"b", Role::kMember}});
    cluster.write("one");
    cluster.everywhere("one");
    test::LogNode& old = cluster.leader();
    test::LogNode& next = &old == &cluster["a"] ? cluster["b"] : cluster["a"];
    cluster.watch.change([&] { next.store.behind_ = next.store.applied_; });
    cluster.write("two");
    old.on_raft(
        [](replica::RaftNode& raft) { raft.hand_over(std::nullopt, [](const base::Result<void>&) {}); });
    cluster.watch.until([&] { return next.store.leads_; }, "the other to lead");
    std::optional<bool> answer;
    bool current = true;
    int rounds = 0;
    next.on_raft([&](replica::RaftNode& raft) {
        raft.leadership()->confirm(
            [&](base::Result<void> said) { cluster.watch.change([&] { answer = bool(said); }); });
    });
    // Entries of its own are acknowledged meanwhile, so the round for the answer above is long over.
    for (; rounds < 3; ++rounds) {
        const uint64_t number = next.propose("more " + std::to_string(rounds));
        CHECK(outcome_of(cluster, next, number) == ListStore::Outcome::kCommitted);
    }
    next.on_raft([&](replica::RaftNode& raft) {
        const bool is = raft.leadership()->current();
        cluster.watch.change([&] { current = is, ++rounds; });
    });
    cluster.watch.until([&] { return rounds == 4; }, "a look");
    CHECK(!cluster.watch.look([&] { return answer.has_value() || current; }));
    cluster.watch.change([&] { next.store.behind_.reset(); });
    cluster.watch.until([&] { return answer.has_value(); }, "the answer");
    CHECK(*answer);
}

void whoever_founds_a_cluster_takes_no_write_before_the_first_snapshot() {
    test::Watch watch;
    test::LogHub hub;
    test::LogNode a(watch, hub, "a", Role::kMember, test::quick());
    watch.change([&] { a.store.is_slow_ = true; });
    a.begin(1, LogStart::kFound);
    watch.until([&] { return !a.store.syncs_.empty(); }, "the snapshot to begin");
    CHECK(a.status().state == replica::LogState::kLeader);
    CHECK(!watch.look([&] { return a.store.has_led_; }));
    watch.change([&] {
        a.store.is_slow_ = false;
        for (auto& sync : a.store.syncs_) sync.set_value(a.store.applied_);
    });
    watch.until([&] { return a.store.leads_; }, "the store to lead");
    CHECK(a.status().snapshot > 0);
}

replica::RaftNodeConfig short_log() {
    auto config = test::quick();
    config.limits.snapshot_entries = 20;
    config.limits.trailing_octets = 200;
    return config;
}

void a_node_too_far_behind_takes_a_copy() {
    test::LogCluster cluster({{"a", Role::kMember}, {"b", Role::kMember}, {"c", Role::kMember}}, short_log());
    test::LogNode& absent = &cluster.leader() == &cluster["c"] ? cluster["b"] : cluster["c"];
    cluster.hub.cut(absent.name);
    // The log is looked at ten times a second, so this takes a while whatever the machine.
    const uint64_t taken = cluster.leader().status().snapshots_taken;
    for (int i = 0; cluster.leader().status().snapshots_taken < taken + 2 && i < 20'000; ++i)
        cluster.write("value " + std::to_string(i));
    cluster.write("last");
    const auto status = cluster.leader().status();
    CHECK(status.snapshots_taken >= taken + 2);
    CHECK(status.log_entries < status.last);
    const uint64_t installed = absent.status().snapshots_installed;
    cluster.hub.join(absent.name);
    cluster.everywhere("last");
    cluster.watch.until([&] { return absent.last.snapshots_installed == installed + 1; }, "the snapshot");
    cluster.write("after it");
    cluster.everywhere("after it");
    CHECK(cluster.watch.look([&] { return cluster["a"].store.entries_ == cluster["b"].store.entries_; }));
    CHECK(cluster.watch.look([&] { return cluster["a"].store.entries_ == cluster["c"].store.entries_; }));
}

void an_entry_is_acknowledged_when_its_blobs_are_here() {
    test::LogCluster cluster({{"a", Role::kMember}, {"b", Role::kMember}});
    test::LogNode& leader = cluster.leader();
    test::LogNode& other = &leader == &cluster["a"] ? cluster["b"] : cluster["a"];
    cluster.write("before");
    cluster.watch.change([&] { other.arrivals.missing_.insert("with a blob"); });
    const uint64_t number = leader.propose("with a blob");
    // Many heartbeats later nothing has happened, and nobody stood for election.
    const uint64_t term = leader.status().term;
    cluster.watch.until([&] { return other.last.read_age && other.arrivals.asked_ > 5; },
                        "the blob to be asked for");
    CHECK(cluster.watch.look([&] { return leader.store.proposals_[number].second; }) ==
          ListStore::Outcome::kWaiting);
    CHECK_EQ(leader.status().term, term);
    cluster.watch.change([&] { other.arrivals.missing_.clear(); });
    CHECK(outcome_of(cluster, leader, number) == ListStore::Outcome::kCommitted);
    cluster.everywhere("with a blob");
}

void a_store_too_far_behind_is_given_no_more() {
    test::LogCluster cluster({{"a", Role::kMember}, {"b", Role::kMember}, {"c", Role::kMember}});
    cluster.write("before");
    cluster.everywhere("before");
    test::LogNode& slow = &cluster.leader() == &cluster["c"] ? cluster["b"] : cluster["c"];
    cluster.watch.change([&] { slow.store.waiting_ = uint64_t{33} << 20; });
    const uint64_t last = slow.status().last;
    cluster.write("one");
    cluster.write("two");
    CHECK_EQ(slow.status().last, last);
    CHECK(slow.status().state == replica::LogState::kFollower);
    cluster.watch.change([&] { slow.store.waiting_ = 0; });
    cluster.everywhere("two");
}

void a_voter_leads_only_to_bring_a_member_up_to_date() {
    test::LogCluster cluster({{"a", Role::kMember}, {"b", Role::kMember}, {"m", Role::kVoter}});
    cluster.write("one");
    cluster.everywhere("one");
    test::LogNode& leader = cluster.leader();
    test::LogNode& other = &leader == &cluster["a"] ? cluster["b"] : cluster["a"];
    // The other member misses an entry that the voter has; then the leader is lost.
    cluster.hub.cut(other.name);
    cluster.write("two");
    cluster.watch.until([&] { return cluster["m"].store.values().back() == "two"; }, "the voter to have it");
    cluster.hub.cut(leader.name);
    cluster.watch.until([&] { return !leader.store.leads_; }, "the leader to be lost");
    cluster.hub.join(other.name);
    cluster.watch.until([&] { return other.store.leads_; }, "the other member to lead");
    CHECK_EQ(cluster.watch.look([&] { return other.store.values().back(); }), "two");
    CHECK_EQ(cluster["m"].status().leaderships, uint64_t{1});
    CHECK(!cluster.watch.look([&] { return cluster["m"].store.has_led_; }));
    cluster.write("three");
}

void leadership_is_handed_over_on_request() {
    test::LogCluster cluster({{"a", Role::kMember}, {"b", Role::kMember}, {"m", Role::kVoter}});
    cluster.write("one");
    test::LogNode& old = cluster.leader();
    std::optional<bool> handed;
    old.on_raft([&](replica::RaftNode& raft) {
        raft.hand_over(std::nullopt,
                       [&](base::Result<void> said) { cluster.watch.change([&] { handed = bool(said); }); });
    });
    cluster.watch.until([&] { return handed.has_value() && !old.store.leads_; }, "the transfer");
    CHECK(*handed);
    cluster.write("two");
    CHECK(&cluster.leader() != &old);
    CHECK(&cluster.leader() != &cluster["m"]);
}

void a_torn_end_of_the_log_is_no_harm() {
    test::LogCluster cluster({{"a", Role::kMember}});
    cluster.write("one");
    test::LogNode& a = cluster["a"];
    a.end();
    // What a crash in the middle of a write leaves: an open segment that ends in rubbish.
    const std::filesystem::path log = std::filesystem::path(a.dir.path()) / "log";
    std::ofstream(log / "open-999", std::ios::binary)
        << std::string("\x01\0\0\0\0\0\0\0", 8) << "rubbish that is no batch";
    a.begin(1, LogStart::kAgain);
    cluster.write("two");
    CHECK_EQ(a.status().restarts, uint64_t{0});
}

void a_damaged_log_is_reported_and_tried_again() {
    test::LogCluster cluster({{"a", Role::kMember}});
    cluster.write("one");
    test::LogNode& a = cluster["a"];
    a.end();
    const std::filesystem::path log = std::filesystem::path(a.dir.path()) / "log";
    std::filesystem::path segment;
    for (const auto& file : std::filesystem::directory_iterator(log))
        if (file.path().filename().string().find('-') == 16) segment = file.path();
    CHECK(!segment.empty());
    const std::filesystem::path aside = std::filesystem::path(a.dir.path()) / "aside";
    std::filesystem::copy_file(segment, aside);
    std::fstream(segment, std::ios::in | std::ios::out | std::ios::binary).seekp(24) << "XXXX";
    a.begin(1, LogStart::kAgain);
    cluster.watch.until([&] { return a.last.restarts >= 2 && !a.last.problem.empty(); }, "two failures");
    CHECK(a.status().state == replica::LogState::kDown);
    CHECK(outcome_of(cluster, a, a.propose("no")) == ListStore::Outcome::kNotAppended);
    std::filesystem::copy_file(aside, segment, std::filesystem::copy_options::overwrite_existing);
    cluster.write("two");
    CHECK_EQ(a.status().problem, "");
}

void a_log_that_cannot_be_written_is_closed_and_opened_again() {
    test::LogCluster cluster({{"a", Role::kMember}});
    test::LogNode& a = cluster["a"];
    const std::filesystem::path log = std::filesystem::path(a.dir.path()) / "log";
    const std::filesystem::path gone = std::filesystem::path(a.dir.path()) / "gone";
    std::filesystem::rename(log, gone);
    std::ofstream{log};  // so that opening it again makes no new folder there
    // The segments that are open already take some more.
    bool refused = false;
    for (int i = 0; i < 60 && !refused; ++i) {
        const uint64_t number = a.propose(std::string(size_t{1} << 20, 'x'));
        refused = outcome_of(cluster, a, number) != ListStore::Outcome::kCommitted;
    }
    CHECK(refused);
    // A second one: then the first life is closed, and renames nothing in the folder any more.
    cluster.watch.until([&] { return a.last.restarts >= 2 && !a.last.problem.empty() && !a.store.leads_; },
                        "two failures");
    CHECK_EQ(renameat2(AT_FDCWD, gone.c_str(), AT_FDCWD, log.c_str(), RENAME_EXCHANGE), 0);
    cluster.write("again");
    CHECK_EQ(a.status().problem, "");
}

// A node without its votes could vote twice in a term, and without its entries elect one who lacks them as
// well.
void a_log_that_is_gone_is_not_begun_anew() {
    test::LogCluster cluster({{"a", Role::kMember}, {"b", Role::kMember}, {"c", Role::kMember}});
    cluster.write("one");
    cluster.everywhere("one");
    test::LogNode& c = cluster["c"];
    const std::filesystem::path log = std::filesystem::path(c.dir.path()) / "log";
    const std::filesystem::path aside = std::filesystem::path(c.dir.path()) / "aside";
    c.end();
    std::filesystem::rename(log, aside);
    std::filesystem::create_directory(log);
    c.begin(3, LogStart::kAgain);
    cluster.watch.until([&] { return c.last.restarts >= 2 && !c.last.problem.empty(); }, "two refusals");
    CHECK(c.last.problem.find(log.string() + " is gone") != std::string::npos);
    CHECK(c.status().state == replica::LogState::kDown);
    CHECK(std::filesystem::is_empty(log));
    cluster.write("two");  // by the other two
    std::filesystem::remove(log);
    std::filesystem::rename(aside, log);
    cluster.everywhere("two");
    CHECK_EQ(c.status().problem, "");
}

void nor_one_that_goes_while_it_is_in_use() {
    test::LogCluster cluster({{"a", Role::kMember}});
    test::LogNode& a = cluster["a"];
    const std::filesystem::path log = std::filesystem::path(a.dir.path()) / "log";
    const std::filesystem::path aside = std::filesystem::path(a.dir.path()) / "aside";
    cluster.write("one");
    std::filesystem::rename(log, aside);
    bool refused = false;
    for (int i = 0; i < 60 && !refused; ++i) {
        const uint64_t number = a.propose(std::string(size_t{1} << 20, 'x'));
        refused = outcome_of(cluster, a, number) != ListStore::Outcome::kCommitted;
    }
    CHECK(refused);
    cluster.watch.until([&] { return a.last.problem.find(" is gone") != std::string::npos; }, "a refusal");
    std::filesystem::remove_all(log);
    std::filesystem::rename(aside, log);
    cluster.write("two");
    CHECK_EQ(a.status().problem, "");
}

}  // namespace

GROUP(raft_node, CASE(one_node_leads_itself_and_keeps_what_it_wrote_when_it_is_opened_again),
      CASE(three_nodes_have_the_same_entries), CASE(a_follower_appends_nothing),
      CASE(what_a_cut_off_leader_proposed_is_lost_and_the_others_go_on),
      CASE(a_confirmation_is_a_leader_s_alone),
      CASE(a_new_leader_confirms_nothing_before_its_store_is_up_to_date),
      CASE(whoever_founds_a_cluster_takes_no_write_before_the_first_snapshot),
      CASE(a_node_too_far_behind_takes_a_copy), CASE(an_entry_is_acknowledged_when_its_blobs_are_here),
      CASE(a_store_too_far_behind_is_given_no_more), CASE(a_voter_leads_only_to_bring_a_member_up_to_date),
      CASE(leadership_is_handed_over_on_request), CASE(a_torn_end_of_the_log_is_no_harm),
      CASE(a_damaged_log_is_reported_and_tried_again),
      CASE(a_log_that_cannot_be_written_is_closed_and_opened_again),
      CASE(a_log_that_is_gone_is_not_begun_anew), CASE(nor_one_that_goes_while_it_is_in_use))
