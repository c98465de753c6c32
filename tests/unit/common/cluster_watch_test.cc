// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/cluster_watch.h"

#include <algorithm>

#include "tests/support/fake_timers.h"
#include "tests/support/store.h"
#include "tests/support/test.h"

using namespace std::chrono_literals;

namespace {

using replica::LogState;
using replica::NodeStatus;
using replica::ReplicaStatus;
using Lines = std::vector<std::string>;

NodeStatus node(const std::string& name, std::optional<std::chrono::milliseconds> silent_for = 50ms) {
    NodeStatus out;
    out.address.at.node = name;
    out.silent_for = silent_for;
    return out;
}

ReplicaStatus leading(std::vector<NodeStatus> others) {
    ReplicaStatus out;
    out.state = LogState::kLeader;
    out.self = "vm-a";
    out.leader = "vm-a";
    out.term = 1;
    out.takes_writes = true;
    out.read_age = 0ms;
    out.nodes = std::move(others);
    out.nodes.push_back(node("vm-a", 0ms));
    return out;
}

ReplicaStatus following(std::optional<std::chrono::milliseconds> age = 30ms) {
    ReplicaStatus out;
    out.state = LogState::kFollower;
    out.self = "vm-a";
    out.leader = "vm-b";
    out.term = 1;
    out.read_age = age;
    return out;
}

struct Bench {
    // "NodePeerLost kvd/cluster/vm-b CRITICAL", sorted.
    Lines list() const {
        Lines out;
        for (const alarms::Alarm* alarm : alarms.active())
            out.push_back(std::string(alarm->kind->name) + " " + alarm->object + " " +
                          std::string(to_string(alarm->severity)));
        std::sort(out.begin(), out.end());
        return out;
    }
    frame::Status verdict(const ReplicaStatus& status) {
        watch.look(status);
        return watch.verdict().status;
    }
    bool shown(const std::string& line) {
        return registry.text().find("\n" + line + "\n") != std::string::npos;
    }

    test::StoreBench bench;
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    alarms::Alarms alarms{{bench.store(), timers, clock}, logs::Log::discard()};
    metrics::Registry registry;
    frame::Health health{clock};
    frame::ClusterWatch watch{{health, alarms, registry, clock, logs::Log::discard(), "kvd", 500ms}};
};

void a_leader_with_a_member_beside_it_is_well() {
    Bench it;
    CHECK(it.verdict(leading({node("vm-b")})) == frame::Status::kOk);
    CHECK(it.list().empty());
    CHECK(it.shown("farol_cluster_role{role=\"leader\"} 1"));
    CHECK(it.shown("farol_cluster_role{role=\"follower\"} 0"));
}

void a_node_that_is_not_heard_is_an_alarm_until_it_is() {
    Bench it;
    CHECK(it.verdict(leading({node("vm-b"), node("vm-m", 5s)})) == frame::Status::kDegraded);
    CHECK(it.list() == Lines{"NodePeerLost kvd/cluster/vm-m CRITICAL"});
    CHECK(it.watch.verdict().sentence.find("vm-m") != std::string::npos);
    it.watch.look(leading({node("vm-b"), node("vm-m")}));
    it.timers.advance(alarms::Alarms::kDamping);
    CHECK(it.list().empty());
}

void a_node_that_was_removed_is_no_alarm_any_more() {
    Bench it;
    it.watch.look(leading({node("vm-b"), node("vm-m", 5s)}));
    it.watch.look(leading({node("vm-b")}));
    it.timers.advance(alarms::Alarms::kDamping);
    CHECK(it.list().empty());
}

void a_leader_that_nobody_could_follow_is_unprotected() {
    Bench it;
    NodeStatus voter = node("vm-m");
    voter.address.role = replica::Role::kVoter;
    NodeStatus behind = node("vm-b");
    behind.behind = 1000;
    NodeStatus joining = node("vm-c");
    joining.standing = NodeStatus::Standing::kStandby;
    CHECK(it.verdict(leading({voter, behind, joining})) == frame::Status::kDegraded);
    CHECK(it.list() == Lines{"UnprotectedOperation kvd/cluster MAJOR"});
    behind.behind = 999;
    CHECK(it.verdict(leading({voter, behind, joining})) == frame::Status::kOk);
}

void nobody_leading_for_five_seconds_is_critical_but_reads_go_on() {
    Bench it;
    ReplicaStatus alone = following();
    it.watch.look(alone);
    alone.leader.reset();
    CHECK(it.verdict(alone) == frame::Status::kDegraded);
    it.timers.advance(4999ms);
    it.watch.look(alone);
    CHECK(it.list().empty());
    it.timers.advance(1ms);
    it.watch.look(alone);
    CHECK(it.list() == Lines{"StoreUnavailable kvd/cluster/leader CRITICAL"});
    it.watch.look(following());
    it.timers.advance(alarms::Alarms::kDamping);
    CHECK(it.list().empty());
}

void a_follower_that_lags_is_an_alarm_that_grows_and_then_is_not_asked() {
    Bench it;
    CHECK(it.verdict(following(9999ms)) == frame::Status::kOk);
    CHECK(it.list().empty());
    it.watch.look(following(10s));
    CHECK(it.list() == Lines{"ReplicationLag kvd/cluster/lag MINOR"});
    CHECK(it.verdict(following(60s)) == frame::Status::kDown);
    CHECK(it.list() == Lines{"ReplicationLag kvd/cluster/lag MAJOR"});
    it.watch.look(following(300s));
    CHECK(it.list() == Lines{"ReplicationLag kvd/cluster/lag CRITICAL"});
}

void a_node_is_not_asked_before_it_has_caught_up_once() {
    Bench it;
    CHECK(it.verdict(following(std::nullopt)) == frame::Status::kDown);
    CHECK(it.verdict(following()) == frame::Status::kOk);
    CHECK(it.verdict(following(std::nullopt)) == frame::Status::kOk);
}

void a_closed_log_says_why() {
    Bench it;
    ReplicaStatus down = following();
    down.state = LogState::kDown;
    down.problem = "no space";
    CHECK(it.verdict(down) == frame::Status::kDegraded);
    CHECK(it.watch.verdict().sentence.find("no space") != std::string::npos);
    CHECK(it.list() == Lines{"StoreUnavailable kvd/cluster/log CRITICAL"});
}

void taking_over_is_told_and_whether_it_was_asked_for() {
    for (const auto& [age, severity, reason] :
         {std::tuple{100ms, "WARNING", "planned"}, std::tuple{500ms, "MAJOR", "unplanned"}}) {
        Bench it;
        it.watch.look(following(age));
        ReplicaStatus now = leading({node("vm-b")});
        now.term = 2;
        it.watch.look(now);
        it.watch.look(now);
        CHECK(it.list() == Lines{"SwitchoverDone kvd/cluster " + std::string(severity)});
        CHECK(it.shown("farol_cluster_switchovers_total{reason=\"" + std::string(reason) + "\"} 1"));
        it.timers.advance(alarms::Alarms::kDamping);
        CHECK(it.list().empty());
    }
}

void the_first_leader_of_a_cluster_has_taken_over_from_nobody() {
    Bench it;
    it.watch.look(leading({node("vm-b")}));
    CHECK(it.list().empty());
}

void a_leader_that_is_cut_off_says_that_another_one_may_lead() {
    Bench it;
    it.watch.look(leading({node("vm-b")}));
    ReplicaStatus cut_off = following(std::nullopt);
    cut_off.leader = std::nullopt;
    it.watch.look(cut_off);
    it.clock.advance(4s);
    it.watch.look(cut_off);
    CHECK(it.list().empty());
    it.clock.advance(1s);
    it.watch.look(cut_off);
    CHECK(it.list() == (Lines{"SplitBrainPrevented kvd/cluster CRITICAL",
                              "StoreUnavailable kvd/cluster/leader CRITICAL"}));
    it.watch.look(following());
    it.timers.advance(alarms::Alarms::kDamping);
    CHECK(it.list().empty());
    it.watch.look(cut_off);  // this time it had not led
    it.clock.advance(5s);
    it.watch.look(cut_off);
    CHECK(it.list() == Lines{"StoreUnavailable kvd/cluster/leader CRITICAL"});
}

}  // namespace

GROUP(cluster_watch, CASE(a_leader_with_a_member_beside_it_is_well),
      CASE(a_node_that_is_not_heard_is_an_alarm_until_it_is),
      CASE(a_node_that_was_removed_is_no_alarm_any_more),
      CASE(a_leader_that_nobody_could_follow_is_unprotected),
      CASE(nobody_leading_for_five_seconds_is_critical_but_reads_go_on),
      CASE(a_follower_that_lags_is_an_alarm_that_grows_and_then_is_not_asked),
      CASE(a_node_is_not_asked_before_it_has_caught_up_once), CASE(a_closed_log_says_why),
      CASE(taking_over_is_told_and_whether_it_was_asked_for),
      CASE(the_first_leader_of_a_cluster_has_taken_over_from_nobody),
      CASE(a_leader_that_is_cut_off_says_that_another_one_may_lead))
