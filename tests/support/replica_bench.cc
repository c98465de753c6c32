// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/replica_bench.h"

#include <algorithm>
#include <fstream>

namespace test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kCluster = "a-cluster";

// One entry a line: index, blank, value.
std::map<uint64_t, std::string> read_list(const std::filesystem::path& path) {
    std::map<uint64_t, std::string> out;
    std::ifstream in(path);
    uint64_t index = 0;
    std::string value;
    while (in >> index && std::getline(in.ignore(1), value)) out[index] = value;
    return out;
}

}  // namespace

std::future<base::Result<void>> ListStore::restore(const std::filesystem::path& data) {
    std::promise<base::Result<void>> done;
    watch_.change([&] {
        entries_ = read_list(data);
        cluster_ = kCluster;
        applied_ = entries_.empty() ? 0 : entries_.rbegin()->first;
    });
    done.set_value({});
    return done.get_future();
}

std::optional<std::filesystem::path> CopyFrom::snapshot(const replica::Manifest& wanted,
                                                        const replica::NodeName& from) {
    return watch_.look([&]() -> std::optional<std::filesystem::path> {
        const auto source = sources_.find(from);
        if (source == sources_.end() || source->second->applied_ < wanted.index) return std::nullopt;
        const auto path = dir_ / "copy";
        std::ofstream out(path);
        for (const auto& [index, value] : source->second->entries_) out << index << " " << value << "\n";
        return path;
    });
}

replica::RaftNodeConfig quick(const std::filesystem::path& directory) {
    replica::RaftNodeConfig config;
    config.directory = directory;
    config.timing = {200ms, 25ms, 200ms};
    config.again = {50ms, 200ms};
    return config;
}

LogNode::LogNode(Watch& w, LogHub& hub, std::string n, replica::Role r, replica::RaftNodeConfig config)
    : watch(w), name(std::move(n)), role(r), store(w), arrivals(w, dir.path()) {
    auto started = replica::RaftThread::start();
    CHECK_OK(started);
    thread = std::move(*started);
    config.directory = std::filesystem::path(dir.path()) / "log";
    std::filesystem::create_directories(config.directory);
    raft = std::make_unique<replica::RaftNode>(
        config, replica::LifeParts{*thread, hub.port(name), store, arrivals}, logs::Log::discard());
    raft->on_status([this](const replica::ReplicaStatus& status) { watch.change([&] { last = status; }); });
}

LogNode::~LogNode() { end(); }

void LogNode::begin(uint64_t id, replica::LogStart start, std::vector<replica::RaftAddress> others) {
    if (start == replica::LogStart::kFound) store.mark(kCluster).wait();
    on_raft([&](replica::RaftNode& node) {
        node.begin({kCluster,
                    id,
                    {{name, {"192.0.2.1", static_cast<uint16_t>(7000 + id)}}, role},
                    std::move(others)},
                   start);
    });
}

void LogNode::end() {
    bool ended = false;
    thread->post([&] { raft->end([&] { watch.change([&] { ended = true; }); }); });
    watch.until([&] { return ended; }, "the log to be closed");
}

void LogNode::on_raft(const std::function<void(replica::RaftNode&)>& body) {
    bool done = false;
    thread->post([&] {
        body(*raft);
        watch.change([&] { done = true; });
    });
    watch.until([&] { return done; }, "the raft thread");
}

uint64_t LogNode::propose(const std::string& value) {
    const uint64_t number = ++proposed;
    watch.change([&] { store.proposals_[number] = {value, ListStore::Outcome::kWaiting}; });
    raft->propose({1, number}, base::Bytes(value.begin(), value.end()));
    return number;
}

replica::ReplicaStatus LogNode::status() {
    replica::ReplicaStatus out;
    on_raft([&](replica::RaftNode& node) { out = node.status(); });
    return out;
}

LogCluster::LogCluster(std::vector<std::pair<std::string, replica::Role>> nodes,
                       const replica::RaftNodeConfig& config)
    : config_(config) {
    for (const auto& [name, role] : nodes) add(name, role);
}

LogCluster::~LogCluster() {
    for (auto& [name, node] : nodes_) node->end();
}

void LogCluster::add(const std::string& name, replica::Role role) {
    const uint64_t id = next_id_++;
    auto node = std::make_unique<LogNode>(watch, hub, name, role, config_);
    for (auto& [other, there] : nodes_) {
        node->arrivals.sources_[other] = &there->store;
        there->arrivals.sources_[name] = &node->store;
    }
    LogNode& added = *node;
    const bool first = nodes_.empty();
    nodes_[name] = std::move(node);
    added.begin(id, first ? replica::LogStart::kFound : replica::LogStart::kFirst);
    if (first) {
        leader();
        return;
    }
    const replica::RaftAddress address{{name, {"192.0.2.1", static_cast<uint16_t>(7000 + id)}}, role};
    for (bool taken = false; !taken;) {
        std::optional<base::Result<void>> answer;
        leader().on_raft([&](replica::RaftNode& raft) {
            raft.add(id, address,
                     [&](base::Result<void> said) { watch.change([&] { answer = std::move(said); }); });
        });
        watch.until([&] { return answer.has_value(); }, "an answer to the change");
        taken = static_cast<bool>(*answer);
    }
    LogNode& at = leader();
    watch.until(
        [&] {
            for (const auto& one : at.last.nodes)
                if (one.id == id) return one.standing == replica::NodeStatus::Standing::kVoting;
            return false;
        },
        "the new node to vote");
}

LogNode& LogCluster::leader() {
    LogNode* found = nullptr;
    watch.until(
        [&] {
            for (auto& [name, node] : nodes_)
                if (node->store.leads_) found = node.get();
            return found != nullptr;
        },
        "a leader");
    return *found;
}

void LogCluster::write(const std::string& value) {
    for (;;) {
        LogNode& at = leader();
        const uint64_t number = at.propose(value);
        auto outcome = ListStore::Outcome::kWaiting;
        watch.until(
            [&] {
                outcome = at.store.proposals_[number].second;
                return outcome != ListStore::Outcome::kWaiting;
            },
            "an outcome");
        if (outcome == ListStore::Outcome::kCommitted) return;
    }
}

void LogCluster::everywhere(const std::string& value) {
    watch.until(
        [&] {
            for (auto& [name, node] : nodes_) {
                const auto values = node->store.values();
                if (std::find(values.begin(), values.end(), value) == values.end()) return false;
            }
            return true;
        },
        "the value to be everywhere");
}

}  // namespace test
