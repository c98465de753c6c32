// SPDX-License-Identifier: AGPL-3.0-or-later
//
// This node's part in the log, over all lives of libraft: opens it, watches it, closes it when it failed and
// opens it again after a growing pause. Also what a leader does beside writing: it promotes those who have
// joined once they are up to date, and a voter that leads hands over.
//
// Raft thread only, but for propose().
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/log/log.h"
#include "common/net/backoff.h"
#include "common/replica/raft_instance.h"
#include "common/replica/raft_leadership.h"
#include "common/replica/replica.h"

namespace replica {

// Who we are in which cluster.
struct Seat {
    std::string cluster;
    uint64_t id = 0;
    RaftAddress address;
    std::vector<RaftAddress> others;  // as known when we joined; the log knows better once we have it
};

// What there may be of the log.
enum class LogStart {
    kFound,  // nothing: it is begun, as that of the first node of a new cluster
    kFirst,  // nothing or something: the node was taken in, and may have heard of nobody yet
    kAgain,  // what this node left there. If it is gone, so is what the node voted for and acknowledged: it
             // stays out, because it could vote again in the same term, and elect one who lacks what it had
};

struct RaftNodeConfig {
    std::filesystem::path directory;  // of the log
    Timing timing;
    LogLimits limits;
    net::BackoffPolicy again{std::chrono::milliseconds{500}, std::chrono::milliseconds{30'000}};
};

class RaftNode final : public store::Journal {
 public:
    RaftNode(RaftNodeConfig config, const LifeParts& parts, logs::Log log);
    ~RaftNode() override;

    // Any thread.
    void propose(store::BatchId batch, base::Bytes entry) override;

    void begin(Seat seat, LogStart start);
    void end(loop::Job ended);
    bool seated() const { return seat_.has_value(); }
    const Seat& seat() const { return *seat_; }

    // After each turn in which something that matters changed, and about ten times a second.
    void on_status(std::function<void(const ReplicaStatus&)> told) { told_ = std::move(told); }
    // The others that may talk to us, whenever that changes: those of the configuration, and while we are not
    // in it ourselves those that were there when we were taken in.
    void on_peers(std::function<void(std::vector<NodeAddress>)> told) { peers_told_ = std::move(told); }
    // These as well, until we follow a leader whom we know from the log.
    void introduce(const std::vector<RaftAddress>& nodes);
    ReplicaStatus status();

    // nullptr: no life now.
    RaftInstance* life() { return life_ && life_->running() && !closing_ ? life_.get() : nullptr; }
    Leadership* leadership() { return life() != nullptr ? leadership_.get() : nullptr; }

    using Answer = std::function<void(base::Result<void>)>;
    // Where we lead: hands over to `to`, or to the best. Answered when another one leads or it did not work.
    void hand_over(std::optional<uint64_t> to, Answer answer);
    // Where we lead. One change of the nodes at a time: kUnavailable means that another is under way. A node
    // that is added becomes a voting one by itself, when it is up to date.
    void add(uint64_t id, const RaftAddress& address, Answer answer);
    void remove(uint64_t id, Answer answer);

 private:
    struct Transfer;
    struct Change;

    void open();
    void turned();
    void failed(const base::Error& error);
    void close_life(loop::Job closed);
    void life_closed();
    void open_later();
    void publish(bool always);
    void publish_peers();
    void look_after_others();
    bool promote_one();
    void change(const std::function<int(Change&)>& ask, Answer answer);
    void finish_change(base::Result<void> result);
    void finish_transfer();
    std::vector<NodeStatus> nodes() const;

    RaftNodeConfig config_;
    LifeParts parts_;
    logs::Log log_;
    std::optional<Seat> seat_;
    LogStart start_ = LogStart::kFirst;  // of the next life
    std::unique_ptr<RaftInstance> life_;
    std::unique_ptr<Leadership> leadership_;
    std::unique_ptr<Transfer> transfer_;
    std::unique_ptr<Change> change_;
    bool closing_ = false;
    bool ending_ = false;
    std::vector<loop::Job> when_closed_;
    std::string problem_;
    net::Backoff again_;
    loop::HandlePtr retry_;
    uint64_t restarts_ = 0;
    uint64_t elections_ = 0;
    uint64_t won_before_ = 0;  // in earlier lives
    uint64_t taken_before_ = 0;
    uint64_t installed_before_ = 0;
    uint64_t opened_at_ = 0;
    uint64_t published_at_ = 0;
    uint64_t looked_at_ = 0;
    int seen_state_ = -1;
    std::vector<NodeAddress> peers_;
    std::vector<NodeAddress> introduced_;
    std::function<void(const ReplicaStatus&)> told_;
    std::function<void(std::vector<NodeAddress>)> peers_told_;
};

}  // namespace replica
