// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Nodes of a cluster in one process, for tests of the log without TLS and without LMDB: streams are socket
// pairs that a test can cut, the store is a list.
#pragma once

#include <sys/socket.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "common/base/uuid.h"
#include "common/replica/raft_node.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

namespace test {

// Waits for a condition over what threads change under its lock; a case that waits longer than 60 s fails.
class Watch {
 public:
    template <class Body>
    void change(Body&& body) {
        {
            std::lock_guard hold{mutex_};
            body();
        }
        changed_.notify_all();
    }
    void until(const std::function<bool()>& holds, const char* what) {
        std::unique_lock hold{mutex_};
        if (!changed_.wait_for(hold, std::chrono::seconds{60}, holds))
            throw Failure(std::string("waited in vain for: ") + what);
    }
    template <class Body>
    auto look(Body&& body) {
        std::lock_guard hold{mutex_};
        return body();
    }

 private:
    std::mutex mutex_;
    std::condition_variable changed_;
};

// A switch between the nodes.
class LogHub {
 public:
    class Port final : public replica::Streams {
     public:
        Port(LogHub& hub, std::string name) : hub_(hub), name_(std::move(name)) {}
        void open(const replica::NodeName& to, Opened opened) override { hub_.open(name_, to, opened); }
        void on_stream(Accepted accepted) override {
            std::lock_guard hold{hub_.mutex_};
            hub_.accepting_[name_] = std::move(accepted);
        }

     private:
        LogHub& hub_;
        std::string name_;
    };

    Port& port(const std::string& name) {
        std::lock_guard hold{mutex_};
        auto& port = ports_[name];
        if (!port) port = std::make_unique<Port>(*this, name);
        return *port;
    }
    // Nothing goes to or from this node any more, and no new stream.
    void cut(const std::string& name) {
        std::lock_guard hold{mutex_};
        cut_.insert(name);
        for (auto& [ends, fd] : streams_)
            if (ends.first == name || ends.second == name) shutdown(fd.get(), SHUT_RDWR);
    }
    void join(const std::string& name) {
        std::lock_guard hold{mutex_};
        cut_.erase(name);
    }

 private:
    void open(const std::string& from, const std::string& to, const replica::Streams::Opened& opened) {
        std::lock_guard hold{mutex_};
        const auto accepting = accepting_.find(to);
        int ends[2];
        if (cut_.count(from) || cut_.count(to) || accepting == accepting_.end() || !accepting->second ||
            socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
            return opened(base::Error{base::ErrorKind::kUnavailable, "cut"});
        // A copy of one end stays here, so that the pair can be shut down later.
        streams_.emplace_back(std::pair(from, to), base::Fd(dup(ends[0])));
        accepting->second(from, base::Fd(ends[1]));
        opened(base::Fd(ends[0]));
    }

    std::mutex mutex_;
    std::map<std::string, std::unique_ptr<Port>> ports_;
    std::map<std::string, replica::Streams::Accepted> accepting_;
    std::set<std::string> cut_;
    std::vector<std::pair<std::pair<std::string, std::string>, base::Fd>> streams_;
};

// A store that is a list of entries. A test proposes as the store thread would.
class ListStore final : public store::JournalSink {
 public:
    explicit ListStore(Watch& watch) : watch_(watch) {}

    enum class Outcome { kWaiting, kCommitted, kNotAppended, kLost };

    void lead() override {
        watch_.change([&] { leads_ = has_led_ = true; });
    }
    void follow() override {
        watch_.change([&] { leads_ = false; });
    }
    void committed(uint64_t index, base::Bytes entry) override {
        watch_.change([&] {
            if (index <= applied_) return;
            applied_ = index;
            entries_[index] = std::string(base::as_text(entry));
            for (auto& [number, proposal] : proposals_)
                if (proposal.first == entries_[index] && proposal.second == Outcome::kWaiting)
                    proposal.second = Outcome::kCommitted;
        });
    }
    void not_appended(store::BatchId batch) override { decide(batch, Outcome::kNotAppended); }
    void lost(store::BatchId batch) override { decide(batch, Outcome::kLost); }
    std::future<base::Result<uint64_t>> sync() override {
        std::promise<base::Result<uint64_t>> done;
        auto synced = done.get_future();
        watch_.change([&] { is_slow_ ? syncs_.push_back(std::move(done)) : done.set_value(applied_); });
        return synced;
    }
    std::future<base::Result<void>> restore(const std::filesystem::path& data) override;
    base::Result<uint64_t> copy(const Take&) override { return base::invalid("not here"); }
    std::future<base::Result<void>> mark(std::string cluster) override {
        std::promise<base::Result<void>> done;
        watch_.change([&] { cluster_ = std::move(cluster); });
        done.set_value({});
        return done.get_future();
    }
    std::future<void> detach() override {
        std::promise<void> done;
        done.set_value();
        return done.get_future();
    }
    uint64_t applied_index() const override {
        return watch_.look([&] { return behind_ ? *behind_ : applied_; });
    }
    uint64_t waiting_octets() const override {
        return watch_.look([&] { return waiting_; });
    }
    std::string cluster() const override {
        return watch_.look([&] { return cluster_; });
    }
    base::Result<void> state() const override { return {}; }

    // Under the Watch's lock only.
    bool leads_ = false;
    bool has_led_ = false;
    uint64_t applied_ = 0;
    std::optional<uint64_t> behind_;  // as if a slow disk had got no further
    bool is_slow_ = false;            // sync() waits, here
    std::vector<std::promise<base::Result<uint64_t>>> syncs_;
    uint64_t waiting_ = 0;
    std::map<uint64_t, std::string> entries_;
    std::map<uint64_t, std::pair<std::string, Outcome>> proposals_;

    std::vector<std::string> values() const {
        std::vector<std::string> out;
        for (const auto& [index, entry] : entries_) out.push_back(entry);
        return out;
    }

 private:
    void decide(store::BatchId batch, Outcome outcome) {
        watch_.change([&] {
            auto& proposal = proposals_[batch.number];
            if (proposal.second == Outcome::kWaiting) proposal.second = outcome;
        });
    }
    Watch& watch_;
    std::string cluster_;
};

// Blobs are always here; the copy that a snapshot wants is the list of another node's store.
class CopyFrom final : public replica::Arrivals {
 public:
    CopyFrom(Watch& watch, const std::filesystem::path& dir) : watch_(watch), dir_(dir) {}
    bool has_blobs(base::ByteView entry, const replica::NodeName&) override {
        bool is_here = true;
        watch_.change([&] {
            is_here = !missing_.count(std::string(base::as_text(entry)));
            if (!is_here) ++asked_;
        });
        return is_here;
    }
    std::optional<std::filesystem::path> snapshot(const replica::Manifest& wanted,
                                                  const replica::NodeName& from) override;
    void snapshot_done() override {}

    std::set<std::string> missing_;              // entries whose blobs are not here
    int asked_ = 0;                              // how often for one that is not
    std::map<std::string, ListStore*> sources_;  // by node
    Watch& watch_;
    std::filesystem::path dir_;
};

// One node: its thread, its log and its store.
struct LogNode {
    LogNode(Watch& watch, LogHub& hub, std::string name, replica::Role role, replica::RaftNodeConfig config);
    ~LogNode();

    void begin(uint64_t id, replica::LogStart start, std::vector<replica::RaftAddress> others = {});
    void end();
    // Runs on the raft thread and waits for it.
    void on_raft(const std::function<void(replica::RaftNode&)>& body);
    uint64_t propose(const std::string& value);  // the number to look for in store.proposals_
    replica::ReplicaStatus status();

    Watch& watch;
    std::string name;
    replica::Role role;
    TempDir dir;
    ListStore store;
    CopyFrom arrivals;
    std::unique_ptr<replica::RaftThread> thread;
    std::unique_ptr<replica::RaftNode> raft;
    replica::ReplicaStatus last;  // under the watch's lock
    uint64_t proposed = 0;
};

// Three times as fast as in operation, so that cases take less long.
replica::RaftNodeConfig quick(const std::filesystem::path& directory = {});

// Several of them, joined into one cluster; the first founds it.
class LogCluster {
 public:
    explicit LogCluster(std::vector<std::pair<std::string, replica::Role>> nodes,
                        const replica::RaftNodeConfig& config = quick());
    ~LogCluster();
    LogNode& operator[](const std::string& name) { return *nodes_.at(name); }
    // The one whose store was told to lead, when all that can be reached agree on it.
    LogNode& leader();
    void write(const std::string& value);  // through the leader, until it is committed
    void everywhere(const std::string& value);
    void add(const std::string& name, replica::Role role);

    Watch watch;
    LogHub hub;

 private:
    replica::RaftNodeConfig config_;
    std::map<std::string, std::unique_ptr<LogNode>> nodes_;
    uint64_t next_id_ = 1;
};

}  // namespace test
