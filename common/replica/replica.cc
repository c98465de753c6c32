// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/replica.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "common/base/guarded.h"
#include "common/json/object.h"
#include "common/replica/membership.h"
#include "common/replica/raft_node.h"
#include "common/replica/raft_seat.h"
#include "common/replica/raft_thread.h"
#include "common/replica/transport_links.h"

namespace replica {
namespace {

using namespace std::chrono_literals;

constexpr auto kAskPatience = 30s;
constexpr auto kHandOverPatience = 2s;
constexpr auto kFoundPatience = 30s;
constexpr size_t kTextMax = 512;
constexpr size_t kNodesMax = 64;

// What on_change() tells of; figures that move all the time are not among it.
std::string gist(const ReplicaStatus& status) {
    std::string out = std::string(to_string(status.state)) + (status.takes_writes ? "+" : "-") +
                      status.leader.value_or("") + "|" + status.cluster + "|" + status.problem;
    for (const NodeStatus& node : status.nodes)
        out += "|" + node.address.text() + std::to_string(static_cast<int>(node.standing));
    return out;
}

// What a leader tells of its cluster; empty when it tells something else.
struct Told {
    std::string cluster;
    std::vector<RaftAddress> nodes;
};

Told told_in(const nlohmann::json& answer) {
    json::Problems problems;
    json::Object object(answer, problems);
    Told out{object.string("cluster", {.max = kTextMax}), {}};
    for (const std::string& text : object.strings("nodes", {.max = kNodesMax}, {.max = kTextMax}))
        if (auto address = RaftAddress::parse(text)) out.nodes.push_back(*std::move(address));
    return problems.empty() ? out : Told{};
}

class Replicated final : public Replica {
 public:
    Replicated(ReplicaConfig config, const ReplicaParts& parts, std::unique_ptr<RaftThread> thread,
               logs::Log log);
    ~Replicated() override;

    base::Result<void> begin();

    ReplicaStatus status() const override;
    void on_change(std::function<void(const ReplicaStatus&)> changed) override {
        changed_ = std::move(changed);
    }
    void confirm_leader(Answer answer) override;
    void stop(std::function<void()> stopped) override;
    void init(Answer answer) override;
    void join(const net::Endpoint& anyone, Answer answer) override;
    void leave(const NodeName& node, Answer answer) override;
    void switchover(const std::optional<NodeName>& to, Answer answer) override;

 private:
    void sit_down(const Seat& seat, LogStart start);
    void stand_up();  // waits until the log is closed
    void told(const ReplicaStatus& status);
    void founded();
    void begun();
    void go_alone(Answer answer);
    void close();
    void look_for_leader();
    void ask_for_nodes(const net::Endpoint& where);
    base::Result<void> take_seat(const Seat& seat);
    Answer on_main(Answer answer);
    RaftAddress address() const { return {{parts_.links.self(), config_.advertise}, config_.role}; }

    ReplicaConfig config_;
    ReplicaParts parts_;
    logs::Log log_;
    SeatFile files_;
    std::shared_ptr<Replicated*> alive_;  // what is posted to the main loop looks here first
    std::unique_ptr<RaftThread> thread_;
    std::unique_ptr<LinkStreams> streams_;
    std::unique_ptr<RaftNode> node_;
    std::unique_ptr<Membership> membership_;
    std::optional<SeatFile::Held> seat_;
    bool replicating_ = false;  // the store has our journal
    std::string stranded_;      // why a store without a seat cannot be used alone
    Answer init_answer_;
    loop::HandlePtr init_deadline_;
    loop::HandlePtr stop_deadline_;
    loop::HandlePtr search_;
    size_t leaderless_ = 0;  // looks in a row that found no leader
    std::function<void(const ReplicaStatus&)> changed_;
    std::string last_gist_;
    mutable base::Guarded<ReplicaStatus> status_;
};

Replicated::Replicated(ReplicaConfig config, const ReplicaParts& parts, std::unique_ptr<RaftThread> thread,
                       logs::Log log)
    : config_(std::move(config)),
      parts_(parts),
      log_(std::move(log)),
      files_(config_.directory),
      alive_(std::make_shared<Replicated*>(this)),
      thread_(std::move(thread)),
      streams_(std::make_unique<LinkStreams>(parts.links, parts.links_loop)) {
    node_ =
        std::make_unique<RaftNode>(RaftNodeConfig{files_.log(), config_.timing, config_.limits, {}},
                                   LifeParts{*thread_, *streams_, parts.store.sink(), parts.arrivals}, log_);
    thread_->post([this] {
        node_->on_status([this](const ReplicaStatus& status) {
            status_.with([&](ReplicaStatus& mine) { mine = status; });
            parts_.main.post([alive = std::weak_ptr(alive_), status] {
                if (const auto self = alive.lock()) (*self)->told(status);
            });
        });
        node_->on_peers([this](std::vector<NodeAddress> peers) {
            parts_.links_loop.post(
                [&links = parts_.links, peers = std::move(peers)] { links.set_nodes(peers); });
        });
    });
    membership_ = std::make_unique<Membership>(
        MembershipParts{parts.main, parts.links, parts.links_loop, *thread_, *node_}, log_);
    search_ = parts.main.every(config_.timing.election * 4, [this] { look_for_leader(); });
}

Replicated::~Replicated() {
    alive_ = nullptr;
    close();
    streams_ = nullptr;
    thread_ = nullptr;
}

base::Result<void> Replicated::begin() {
    auto held = files_.read();
    if (!held) return held.error();
    const std::string marked = parts_.store.sink().cluster();
    if (!*held) {
        if (!marked.empty())
            stranded_ =
                "the store belongs to cluster " + marked + ", but this node has left it: join it again";
        told({});
        return {};
    }
    if (!marked.empty() && marked != (*held)->seat.cluster)
        return base::conflict("the store belongs to cluster " + marked + ", the log in " +
                              config_.directory.string() + " to " + (*held)->seat.cluster);
    if ((*held)->seat.address.at.node != parts_.links.self())
        return base::conflict("the log in " + config_.directory.string() + " is that of node " +
                              (*held)->seat.address.at.node + ", the certificate that of " +
                              parts_.links.self());
    seat_ = std::move(**held);
    if (seat_->founding) {
        if (auto emptied = files_.empty_log(); !emptied) return emptied;
        auto mark = parts_.store.sink().mark(seat_->seat.cluster);
        if (auto done = mark.get(); !done) return done;
    }
    sit_down(seat_->seat, seat_->founding ? LogStart::kFound
                          : seat_->begun  ? LogStart::kAgain
                                          : LogStart::kFirst);
    return {};
}

void Replicated::sit_down(const Seat& seat, LogStart start) {
    stranded_.clear();
    replicating_ = true;
    parts_.store.replicate(*node_);
    // Nobody takes us for a node alone until the log has told more: what is here may be old.
    ReplicaStatus down;
    down.state = LogState::kDown;
    down.cluster = seat.cluster;
    down.self = seat.address.at.node;
    down.role = seat.address.role;
    status_.with([&](ReplicaStatus& mine) { mine = down; });
    told(down);
    thread_->post([this, seat, start] { node_->begin(seat, start); });
}

void Replicated::stand_up() {
    std::promise<void> ended;
    thread_->post([&] { node_->end([&] { ended.set_value(); }); });
    ended.get_future().wait();
    if (std::exchange(replicating_, false)) parts_.store.sink().detach().wait();
    seat_ = std::nullopt;
}

void Replicated::close() {
    stop_deadline_ = nullptr;
    init_deadline_ = nullptr;
    search_ = nullptr;
    membership_ = nullptr;
    if (!node_) return;
    stand_up();
    node_ = nullptr;
}

ReplicaStatus Replicated::status() const {
    return status_.with([](const ReplicaStatus& status) { return status; });
}

void Replicated::told(const ReplicaStatus& status) {
    ReplicaStatus now = status;
    if (now.cluster.empty()) {
        now.self = parts_.links.self();
        now.role = config_.role;
        now.problem = stranded_;
        status_.with([&](ReplicaStatus& mine) { mine = now; });
    }
    if (seat_ && seat_->founding && now.takes_writes && now.snapshot > 0) founded();
    if (seat_ && !seat_->founding && !seat_->begun && now.term > 0) begun();
    if (std::exchange(last_gist_, gist(now)) != last_gist_ && changed_) changed_(now);
}

// A node that was away may never have heard of the one that leads by now, and refuses it as a stranger; the
// leader's own entries would tell, but they don't come through. Those whom it does know are asked, in turns.
void Replicated::look_for_leader() {
    const ReplicaStatus now = status();
    const bool lost =
        seat_ && !now.leader && (now.state == LogState::kFollower || now.state == LogState::kCandidate);
    leaderless_ = lost ? leaderless_ + 1 : 0;
    if (leaderless_ < 2 || !membership_) return;
    std::vector<NodeAddress> known;
    for (const NodeStatus& node : now.nodes)
        if (node.id != seat_->seat.id) known.push_back(node.address.at);
    for (const RaftAddress& other : seat_->seat.others) known.push_back(other.at);
    if (!known.empty()) ask_for_nodes(known[leaderless_ % known.size()].endpoint);
}

void Replicated::ask_for_nodes(const net::Endpoint& where) {
    membership_->ask("cluster.nodes", nlohmann::json::object(), where, config_.timing.election * 2,
                     [this](const base::Result<nlohmann::json>& answer) {
                         if (!answer || !seat_) return;
                         Told told = told_in(*answer);
                         if (told.cluster != seat_->seat.cluster) return;
                         thread_->post([this, nodes = std::move(told.nodes)] { node_->introduce(nodes); });
                     });
}

Replica::Answer Replicated::on_main(Answer answer) {
    return [alive = std::weak_ptr(alive_), &main = parts_.main,
            answer = std::move(answer)](base::Result<void> result) {
        main.post([alive, answer, result = std::move(result)] {
            if (alive.lock()) answer(result);
        });
    };
}

void Replicated::confirm_leader(Answer answer) {
    thread_->post([this, answer = on_main(std::move(answer))] {
        Leadership* leadership = node_->leadership();
        if (leadership == nullptr)
            return answer(base::Error{base::ErrorKind::kUnavailable, "this node does not lead the cluster"});
        leadership->confirm(answer);
    });
}

void Replicated::stop(std::function<void()> stopped) {
    membership_ = nullptr;
    auto finish = std::make_shared<std::function<void()>>([this, stopped = std::move(stopped)] {
        close();
        stopped();
    });
    stop_deadline_ = parts_.main.after(kHandOverPatience, [finish] { (*finish)(); });
    // Whichever comes first; the other finds nothing to do.
    const Answer handed = on_main([this, finish](const base::Result<void>&) {
        if (stop_deadline_) (*finish)();
    });
    thread_->post([this, handed] { node_->hand_over(std::nullopt, handed); });
}

void Replicated::init(Answer answer) {
    if (seat_ || init_answer_) return answer(base::conflict("this node belongs to a cluster already"));
    if (config_.role == Role::kVoter)
        return answer(
            base::refused("a voter cannot begin a cluster: init on a member, and let the voter join"));
    SeatFile::Held held{{new_cluster_name(), new_raft_id(), address(), {}}, true, false};
    if (!parts_.store.sink().cluster().empty()) return answer(base::conflict(stranded_));
    if (auto written = files_.write(held); !written) return answer(written);
    if (auto begun = begin(); !begun) return answer(begun);
    init_answer_ = std::move(answer);
    init_deadline_ = parts_.main.after(kFoundPatience, [this] {
        const Answer waiting = std::exchange(init_answer_, nullptr);
        const std::string problem = status().problem;
        waiting(base::Error{
            base::ErrorKind::kTimeout,
            "the cluster was not founded in time" + (problem.empty() ? std::string() : ": " + problem)});
    });
}

// The log leads and has its first snapshot: from now on nothing of it may be begun anew.
void Replicated::founded() {
    seat_->founding = false;
    seat_->begun = true;
    const auto written = files_.write(*seat_);
    if (!written) seat_->founding = true;  // tried again with the next status
    if (!written || !init_answer_) return;
    init_deadline_ = nullptr;
    std::exchange(init_answer_, nullptr)({});
}

// The log has a term, and perhaps a vote: from now on an empty one is one that was lost.
void Replicated::begun() {
    seat_->begun = true;
    if (const auto written = files_.write(*seat_); !written) seat_->begun = false;  // tried again
}

base::Result<void> Replicated::take_seat(const Seat& seat) {
    if (auto emptied = files_.empty_log(); !emptied) return emptied;
    seat_ = SeatFile::Held{seat, false, false};
    if (auto written = files_.write(*seat_); !written) return written;
    sit_down(seat, LogStart::kFirst);
    return {};
}

void Replicated::join(const net::Endpoint& anyone, Answer answer) {
    if (seat_ || init_answer_) return answer(base::conflict("this node belongs to a cluster already"));
    const Seat wanted{"", new_raft_id(), address(), {}};
    const nlohmann::json request{{"id", wanted.id}, {"address", wanted.address.text()}};
    membership_->ask(
        "cluster.join", request, anyone, kAskPatience,
        [this, wanted, answer = std::move(answer)](const base::Result<nlohmann::json>& result) {
            if (!result) return answer(result.error());
            Seat seat = wanted;
            Told told = told_in(*result);
            seat.cluster = std::move(told.cluster);
            for (RaftAddress& other : told.nodes)
                if (other.at.node != seat.address.at.node) seat.others.push_back(std::move(other));
            if (seat.cluster.empty() || seat.others.empty())
                return answer(base::Error{base::ErrorKind::kCorrupt, "the answer names no cluster"});
            answer(take_seat(seat));
        });
}

void Replicated::leave(const NodeName& node, Answer answer) {
    if (!seat_) return answer(base::conflict("this node belongs to no cluster"));
    const bool is_self = node == parts_.links.self();
    const ReplicaStatus now = status();
    if (is_self && now.nodes.size() == 1 && now.state == LogState::kLeader)
        return go_alone(std::move(answer));
    membership_->ask("cluster.leave", {{"node", node}}, std::nullopt, kAskPatience,
                     [this, is_self, answer = std::move(answer)](const base::Result<nlohmann::json>& result) {
                         if (!result) return answer(result.error());
                         if (!is_self) return answer({});
                         const std::string cluster = seat_ ? seat_->seat.cluster : "";
                         stand_up();
                         stranded_ = "the store belongs to cluster " + cluster +
                                     ", but this node has left it: join it again";
                         answer(files_.remove());
                         told({});
                     });
}

// The last node: everything that was committed is in the store, and the store is used alone again.
void Replicated::go_alone(Answer answer) {
    auto synced = parts_.store.sink().sync();
    if (auto done = synced.get(); !done) return answer(done.error());
    stand_up();
    if (auto removed = files_.remove(); !removed) return answer(removed);
    auto unmarked = parts_.store.sink().mark("");
    answer(unmarked.get());
    told({});
}

void Replicated::switchover(const std::optional<NodeName>& to, Answer answer) {
    if (!seat_) return answer(base::conflict("this node belongs to no cluster"));
    nlohmann::json request = nlohmann::json::object();
    if (to) request["node"] = *to;
    membership_->ask("cluster.switchover", std::move(request), std::nullopt, kAskPatience,
                     [answer = std::move(answer)](const base::Result<nlohmann::json>& result) {
                         answer(result ? base::Result<void>() : base::Result<void>(result.error()));
                     });
}

}  // namespace

base::Result<std::unique_ptr<Replica>> Replica::open(const ReplicaConfig& config, const ReplicaParts& parts,
                                                     logs::Log log) {
    auto thread = RaftThread::start();
    if (!thread) return thread.error();
    auto made = std::make_unique<Replicated>(config, parts, std::move(*thread), std::move(log));
    if (auto begun = made->begin(); !begun) return begun.error().within("open the cluster's log");
    return std::unique_ptr<Replica>(std::move(made));
}

}  // namespace replica
