// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/replica.h"

#include <fstream>

#include "tests/support/links.h"
#include "tests/support/store.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using replica::LogState;
using replica::Role;

// The copy that a snapshot wants, straight from the other node's store.
class CopyFromStore final : public replica::Arrivals {
 public:
    CopyFromStore(std::map<std::string, store::JournalSink*>& sinks, std::filesystem::path dir)
        : sinks_(sinks), dir_(std::move(dir)) {}
    bool has_blobs(base::ByteView, const replica::NodeName&) override { return true; }
    std::optional<std::filesystem::path> snapshot(const replica::Manifest&,
                                                  const replica::NodeName& from) override {
        const auto path = dir_ / "copy";
        std::ofstream out(path, std::ios::binary);
        const auto copied = sinks_.at(from)->copy([&](base::ByteView octets) {
            out.write(reinterpret_cast<const char*>(octets.data()),
                      static_cast<std::streamsize>(octets.size()));
            return base::Result<void>();
        });
        out.close();
        return copied ? std::optional(path) : std::nullopt;
    }
    void snapshot_done() override {}

 private:
    std::map<std::string, store::JournalSink*>& sinks_;
    std::filesystem::path dir_;
};

// Daemons of a cluster in one process: real links over TLS, real stores, one loop for all of them.
class Site {
 public:
    struct Machine {
        test::TempDir dir;
        std::unique_ptr<store::LmdbStore> store;
        std::unique_ptr<CopyFromStore> arrivals;
        std::unique_ptr<replica::Replica> replica;
        Role role = Role::kMember;
        net::Endpoint at;
    };

    ~Site() {
        for (auto& [name, machine] : machines_) machine.replica = nullptr;
        for (auto& [name, machine] : machines_) machine.store = nullptr;
    }

    Machine& add(const std::string& name, Role role) {
        Machine& machine = machines_[name];
        machine.role = role;
        machine.at = links_.add(name).bound();
        start(name);
        return machine;
    }

    void start(const std::string& name) {
        Machine& machine = machines_[name];
        const std::filesystem::path dir = machine.dir.path();
        store::StoreConfig config;
        config.directory = dir / "store";
        config.may_be_member = true;
        auto opened = store::LmdbStore::open(config, links_.loop(), logs::Log::discard());
        CHECK_OK(opened);
        machine.store = std::move(*opened);
        sinks_[name] = &machine.store->sink();
        machine.arrivals = std::make_unique<CopyFromStore>(sinks_, dir);
        replica::ReplicaConfig settings{dir / "replica", machine.at, machine.role, {200ms, 25ms, 200ms}, {}};
        auto made = replica::Replica::open(
            settings, {links_.loop(), links_.node(name), links_.loop(), *machine.store, *machine.arrivals},
            logs::Log::discard());
        CHECK_OK(made);
        machine.replica = std::move(*made);
    }

    void stop(const std::string& name) {
        machines_[name].replica = nullptr;
        machines_[name].store = nullptr;
    }

    Machine& operator[](const std::string& name) { return machines_.at(name); }
    void run(const std::function<bool()>& is_done) { links_.run(is_done); }

    base::Result<void> ask(const std::function<void(replica::Replica::Answer)>& question) {
        std::optional<base::Result<void>> answer;
        question([&](base::Result<void> said) { answer = std::move(said); });
        run([&] { return answer.has_value(); });
        return *answer;
    }

    store::Outcome put(const std::string& at, const std::string& key, const std::string& value) {
        std::optional<store::Done> done;
        machines_.at(at).store->submit(test::put_row("t", key, value),
                                       [&](const store::Done& said) { done = said; });
        run([&] { return done.has_value(); });
        return done->outcome;
    }

    bool has(const std::string& at, const std::string& key, const std::string& value) {
        return machines_.at(at).store->read()->get("t", key) == std::optional(value);
    }

    // Until every node says that all vote.
    void wait_for_votes(size_t count) {
        run([&] {
            for (auto& [name, machine] : machines_) {
                if (!machine.replica) continue;  // stopped
                const auto status = machine.replica->status();
                size_t voting = 0;
                for (const auto& node : status.nodes)
                    if (node.standing == replica::NodeStatus::Standing::kVoting) ++voting;
                if (voting != count || !status.leader) return false;
            }
            return true;
        });
    }

 private:
    test::Cluster links_;
    std::map<std::string, store::JournalSink*> sinks_;
    std::map<std::string, Machine> machines_;
};

void a_standalone_store_becomes_a_cluster_and_alone_again_and_loses_nothing() {
    Site site;
    site.add("a", Role::kMember);
    CHECK(site.put("a", "before", "1") == store::Outcome::kOk);
    CHECK(site["a"].replica->status().state == LogState::kStandalone);
    CHECK_OK(site.ask([&](auto answer) { site["a"].replica->init(answer); }));
    CHECK(site.put("a", "within", "2") == store::Outcome::kOk);
    CHECK(site["a"].replica->status().state == LogState::kLeader);
    CHECK(!site.ask([&](auto answer) { site["a"].replica->init(answer); }));
    CHECK_OK(site.ask([&](auto answer) { site["a"].replica->leave("a", answer); }));
    CHECK(site["a"].replica->status().state == LogState::kStandalone);
    CHECK(site.put("a", "after", "3") == store::Outcome::kOk);
    CHECK(site.has("a", "before", "1") && site.has("a", "within", "2") && site.has("a", "after", "3"));
}

void nodes_join_take_over_and_leave() {
    Site site;
    site.add("a", Role::kMember);
    CHECK(site.put("a", "before", "1") == store::Outcome::kOk);
    CHECK_OK(site.ask([&](auto answer) { site["a"].replica->init(answer); }));
    CHECK(site.put("a", "k", "2") == store::Outcome::kOk);
    const net::Endpoint first = site["a"].at;
    site.add("b", Role::kMember);
    CHECK_OK(site.ask([&](auto answer) { site["b"].replica->join(first, answer); }));
    site.add("m", Role::kVoter);
    CHECK_OK(site.ask([&](auto answer) { site["m"].replica->join(site["b"].at, answer); }));
    site.wait_for_votes(3);
    CHECK(site.put("a", "k", "3") == store::Outcome::kOk);
    site.run([&] { return site.has("b", "k", "3") && site.has("m", "k", "3"); });
    CHECK(site.has("b", "before", "1") && site.has("m", "before", "1"));
    CHECK(site.put("b", "k", "4") == store::Outcome::kNotLeader);

    CHECK_OK(site.ask([&](auto answer) { site["a"].replica->confirm_leader(answer); }));
    CHECK(!site.ask([&](auto answer) { site["b"].replica->confirm_leader(answer); }));
    CHECK(!site.ask([&](auto answer) { site["b"].replica->switchover("m", answer); }));
    CHECK_OK(site.ask([&](auto answer) { site["m"].replica->switchover("b", answer); }));
    site.run([&] { return site["b"].replica->status().takes_writes; });
    CHECK(site.put("b", "k", "5") == store::Outcome::kOk);

    // The one that leads leaves: it hands over first.
    CHECK_OK(site.ask([&](auto answer) { site["b"].replica->leave("b", answer); }));
    site.run([&] { return site["a"].replica->status().takes_writes; });
    CHECK_EQ(site["a"].replica->status().nodes.size(), size_t{2});
    CHECK(site.put("a", "k", "6") == store::Outcome::kOk);
    CHECK(site.put("b", "k", "7") == store::Outcome::kNotLeader);
    CHECK_OK(site.ask([&](auto answer) { site["b"].replica->join(first, answer); }));
    site.wait_for_votes(3);
    site.run([&] { return site.has("b", "k", "6"); });
}

void a_node_that_was_stopped_goes_on_where_it_was() {
    Site site;
    site.add("a", Role::kMember);
    CHECK_OK(site.ask([&](auto answer) { site["a"].replica->init(answer); }));
    CHECK(site.put("a", "k", "1") == store::Outcome::kOk);
    bool stopped = false;
    site["a"].replica->stop([&] { stopped = true; });
    site.run([&] { return stopped; });
    CHECK(site.put("a", "k", "2") == store::Outcome::kNotLeader);
    site.stop("a");
    site.start("a");
    site.run([&] { return site["a"].replica->status().takes_writes; });
    CHECK(site.put("a", "k", "3") == store::Outcome::kOk);
}

void a_node_whose_log_was_lost_stays_out_until_it_has_joined_again() {
    Site site;
    site.add("a", Role::kMember);
    CHECK_OK(site.ask([&](auto answer) { site["a"].replica->init(answer); }));
    for (const char* name : {"b", "c"}) {
        site.add(name, Role::kMember);
        CHECK_OK(site.ask([&](auto answer) { site[name].replica->join(site["a"].at, answer); }));
    }
    site.wait_for_votes(3);
    site.stop("c");
    const std::filesystem::path place = std::filesystem::path(site["c"].dir.path()) / "replica";
    std::filesystem::remove_all(place / "log");
    site.start("c");
    site.run([&] { return !site["c"].replica->status().problem.empty(); });
    CHECK(site["c"].replica->status().state == LogState::kDown);
    CHECK(site["c"].replica->status().problem.find("let c leave the cluster") != std::string::npos);
    CHECK(site.put("a", "k", "1") == store::Outcome::kOk);

    CHECK_OK(site.ask([&](auto answer) { site["a"].replica->leave("c", answer); }));
    site.stop("c");
    std::filesystem::remove_all(place);
    site.start("c");
    CHECK_OK(site.ask([&](auto answer) { site["c"].replica->join(site["b"].at, answer); }));
    site.run([&] { return site.has("c", "k", "1"); });
}

// The one that leads came while it was away: its log does not name it.
void a_node_that_was_away_finds_a_leader_that_it_has_never_heard_of() {
    Site site;
    for (const char* name : {"a", "b", "c"}) {
        site.add(name, Role::kMember);
        if (std::string_view(name) == "a") {
            CHECK_OK(site.ask([&](auto answer) { site["a"].replica->init(answer); }));
        } else {
            CHECK_OK(site.ask([&](auto answer) { site[name].replica->join(site["a"].at, answer); }));
        }
    }
    site.wait_for_votes(3);
    site.stop("c");
    site.add("d", Role::kMember);
    CHECK_OK(site.ask([&](auto answer) { site["d"].replica->join(site["a"].at, answer); }));
    site.wait_for_votes(4);
    CHECK_OK(site.ask([&](auto answer) { site["a"].replica->switchover("d", answer); }));
    site.run([&] { return site["d"].replica->status().takes_writes; });
    CHECK(site.put("d", "k", "1") == store::Outcome::kOk);
    site.start("c");
    site.run([&] { return site.has("c", "k", "1"); });
    site.run([&] { return site["c"].replica->status().leader == std::optional<std::string>("d"); });
}

// Whoever took it for a node alone would answer consistent reads from what may be an old copy.
void a_node_of_a_cluster_is_never_taken_for_one_alone_while_it_opens() {
    Site site;
    site.add("a", Role::kMember);
    CHECK_OK(site.ask([&](auto answer) { site["a"].replica->init(answer); }));
    for (int start = 0; start < 3; ++start) {
        site.stop("a");
        site.start("a");
        CHECK(site["a"].replica->status().state != LogState::kStandalone);
        CHECK(!site["a"].replica->status().cluster.empty());
        bool was_alone = false;
        site["a"].replica->on_change([&](const replica::ReplicaStatus& status) {
            was_alone = was_alone || status.state == LogState::kStandalone;
        });
        site.run([&] {
            const auto status = site["a"].replica->status();
            was_alone = was_alone || status.state == LogState::kStandalone;
            return status.takes_writes;
        });
        CHECK(!was_alone);
    }
}

}  // namespace

GROUP(replica, CASE(a_standalone_store_becomes_a_cluster_and_alone_again_and_loses_nothing),
      CASE(nodes_join_take_over_and_leave), CASE(a_node_that_was_stopped_goes_on_where_it_was),
      CASE(a_node_whose_log_was_lost_stays_out_until_it_has_joined_again),
      CASE(a_node_that_was_away_finds_a_leader_that_it_has_never_heard_of),
      CASE(a_node_of_a_cluster_is_never_taken_for_one_alone_while_it_opens))
