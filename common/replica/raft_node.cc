// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/raft_node.h"

#include <utility>

#include "common/base/uuid.h"
#include "common/replica/raft_c.h"
#include "common/replica/raft_node_parts.h"

namespace replica {
namespace {

constexpr uint64_t kSoundAfter = 60'000;  // ms that a life must have lasted for the pauses to be short again

// libraft keeps term and vote in these two, in turns; there is no log without them.
bool has_votes(const std::filesystem::path& log) {
    std::error_code unseen;
    return std::filesystem::exists(log / "metadata1", unseen) ||
           std::filesystem::exists(log / "metadata2", unseen);
}

base::Error log_is_gone(const std::filesystem::path& log, const std::string& node) {
    return {base::ErrorKind::kCorrupt, "the log in " + log.string() +
                                           " is gone, and with it what this node voted for and acknowledged: "
                                           "put it back as it was, or let " +
                                           node +
                                           " leave the cluster at another node, stop it here, remove " +
                                           log.parent_path().string() + ", start it and join again"};
}

}  // namespace

RaftNode::RaftNode(RaftNodeConfig config, const LifeParts& parts, logs::Log log)
    : config_(std::move(config)), parts_(parts), log_(std::move(log)), again_(config_.again) {}

RaftNode::~RaftNode() = default;

void RaftNode::propose(store::BatchId batch, base::Bytes entry) {
    auto shared = std::make_shared<base::Bytes>(std::move(entry));
    parts_.thread.post([this, batch, shared] {
        if (leadership() == nullptr) return parts_.sink.not_appended(batch);
        leadership()->propose(batch, *shared);
    });
}

void RaftNode::begin(Seat seat, LogStart start) {
    seat_ = std::move(seat);
    start_ = start;
    ending_ = false;
    open();
}

void RaftNode::open() {
    retry_ = nullptr;
    if (start_ == LogStart::kAgain && !has_votes(config_.directory))
        return failed(log_is_gone(config_.directory, seat_->address.at.node));
    LifeConfig life{config_.directory, seat_->cluster, seat_->id,
                    seat_->address,    config_.timing, config_.limits};
    life_ = std::make_unique<RaftInstance>(std::move(life), parts_, log_);
    leadership_ = std::make_unique<Leadership>(*life_, parts_.sink, log_);
    seen_state_ = -1;
    const auto started = life_->start(start_ == LogStart::kFound, [this] { turned(); });
    opened_at_ = uv_now(parts_.thread.loop());
    if (!started) return failed(started.error());
    start_ = LogStart::kFirst;
    problem_.clear();
    turned();
}

void RaftNode::turned() {
    if (closing_ || !life_) return;
    if (life_->raw().current_term > 0) start_ = LogStart::kAgain;  // it is on the disk
    if (const auto failure = life_->failure()) return failed(*failure);
    const int state = raft_state(&life_->raw());
    if (state != seen_state_ && state == RAFT_CANDIDATE) ++elections_;
    const bool changed = std::exchange(seen_state_, state) != state;
    leadership_->turned();
    if (opened_at_ != 0 && uv_now(parts_.thread.loop()) - opened_at_ > kSoundAfter) {
        again_.reset();
        opened_at_ = 0;
    }
    finish_transfer();
    look_after_others();
    publish_peers();
    publish(changed);
}

// libraft may be on the stack: it is closed in the next turn of the loop.
void RaftNode::failed(const base::Error& error) {
    if (closing_) return;
    closing_ = true;
    ++restarts_;
    problem_ = error.text;
    log_.error("cluster.log.failed", {{"reason", error.text}});
    publish(true);
    parts_.thread.post([this] {
        if (life_) return close_life([this] { open_later(); });
        closing_ = false;
        open_later();
    });
}

void RaftNode::close_life(loop::Job closed) {
    closing_ = true;
    when_closed_.push_back(std::move(closed));
    if (when_closed_.size() > 1) return;
    life_->close([this] { life_closed(); });
    leadership_->turned();  // the store hears at once that this node does not lead
}

void RaftNode::life_closed() {
    leadership_->end();
    won_before_ += leadership_->won();
    taken_before_ += life_->fsm().snapshots_taken();
    installed_before_ += life_->guard().snapshots_installed();
    finish_transfer();
    finish_change(base::Error{base::ErrorKind::kTimeout, "the log was closed before the change was settled"});
    leadership_ = nullptr;
    life_ = nullptr;
    closing_ = false;
    publish(true);
    for (const loop::Job& job : std::exchange(when_closed_, {})) job();
}

void RaftNode::open_later() {
    if (ending_) return;
    retry_ = parts_.thread.after(again_.next(base::random_number()), [this] { open(); });
}

void RaftNode::end(loop::Job ended) {
    ending_ = true;
    retry_ = nullptr;
    auto done = [this, ended = std::move(ended)] {
        seat_ = std::nullopt;
        peers_.clear();
        problem_.clear();
        publish(true);
        ended();
    };
    if (!life_) return parts_.thread.post(std::move(done));
    close_life(std::move(done));
}

void RaftNode::hand_over(std::optional<uint64_t> to, Answer answer) {
    if (leadership() == nullptr || !leadership()->leads())
        return answer(base::Error{base::ErrorKind::kUnavailable, "this node does not lead the cluster"});
    if (transfer_)
        return answer(base::Error{base::ErrorKind::kUnavailable, "leadership is being handed over already"});
    if (!to) to = successor(nodes(), seat_->id, config_.timing.election * 4);
    if (!to) return answer(base::Error{base::ErrorKind::kUnavailable, "no other member can take over now"});
    transfer_ = std::make_unique<Transfer>();
    transfer_->answer = std::move(answer);
    transfer_->request.data = transfer_.get();
    leadership_->pause(true);
    const int status = raft_transfer(
        &life_->raw(), &transfer_->request, *to,
        [](struct raft_transfer* request) { static_cast<Transfer*>(request->data)->over = true; });
    if (status == 0) return;
    leadership_->pause(false);
    const auto failed_one = std::exchange(transfer_, nullptr);
    failed_one->answer(raft_error(status, "hand leadership over"));
}

// libraft calls back before it has changed its own state, so the outcome is looked at afterwards.
void RaftNode::finish_transfer() {
    if (!transfer_ || (!transfer_->over && !closing_)) return;
    const auto finished = std::exchange(transfer_, nullptr);
    const bool still = leadership() != nullptr && leadership()->leads();
    if (still) leadership_->pause(false);
    finished->answer(still ? base::Result<void>(base::Error{base::ErrorKind::kUnavailable,
                                                            "the other node did not take over in time"})
                           : base::Result<void>());
}

// At most one change of the configuration at a time, and a little pause between two looks.
void RaftNode::look_after_others() {
    const uint64_t now = uv_now(parts_.thread.loop());
    if (now - looked_at_ < static_cast<uint64_t>(config_.timing.heartbeat.count())) return;
    looked_at_ = now;
    if (!leadership_->settled() || transfer_) return;
    // Whoever joins must take a snapshot, because the log has not got what was in the store before it.
    if (life_->snapshot_index() == 0) {
        if (life_->snapshot_under_way()) return;
        life_->force_snapshot();
        return leadership_->append_one();
    }
    if (promote_one()) return;
    if (seat_->address.role != Role::kVoter) return;
    const auto next = ready_successor(nodes(), seat_->id, config_.timing.election * 2);
    if (!next) return;
    hand_over(*next, [this](const base::Result<void>& handed) {
        if (!handed) log_.info("cluster.voter.kept", {{"reason", handed.error().text}});
    });
}

bool RaftNode::promote_one() {
    raft& r = life_->raw();
    if (change_) return false;
    for (const NodeStatus& node : nodes()) {
        if (node.standing == NodeStatus::Standing::kVoting) continue;
        int role = RAFT_STANDBY;
        if (node.standing == NodeStatus::Standing::kStandby) {
            constexpr uint64_t kClose = 1000;  // entries; libraft itself waits for the rest
            if (node.match == 0 || node.behind > kClose || !node.silent_for ||
                *node.silent_for > config_.timing.election * 2)
                continue;
            role = RAFT_VOTER;
        }
        change([&](Change& one) { return raft_assign(&r, &one.request, node.id, role, &Change::over); },
               [this, name = node.address.at.node](const base::Result<void>& promoted) {
                   if (promoted) log_.notice("cluster.node.promoted", {{"node", name}});
               });
        return true;
    }
    return false;
}

void RaftNode::Change::over(struct raft_change* request, int status) {
    RaftNode& self = *static_cast<Change*>(request->data)->node;
    self.parts_.thread.post([&self, request, status] {
        if (!self.change_ || &self.change_->request != request) return;
        self.finish_change(status == 0
                               ? base::Result<void>()
                               : base::Result<void>(raft_error(status, "change the nodes of the cluster")));
    });
}

void RaftNode::change(const std::function<int(Change&)>& ask, Answer answer) {
    if (leadership() == nullptr || !leadership_->settled())
        return answer(base::Error{base::ErrorKind::kUnavailable, "this node does not lead the cluster"});
    const raft& r = life_->raw();
    if (change_ || r.leader_state.change != nullptr || r.configuration_uncommitted_index != 0)
        return answer(base::Error{base::ErrorKind::kUnavailable, "another change of the nodes is under way"});
    change_ = std::make_unique<Change>();
    change_->node = this;
    change_->answer = std::move(answer);
    change_->request.data = change_.get();
    life_->before_append();
    const int status = ask(*change_);
    if (status != 0) finish_change(raft_error(status, "change the nodes of the cluster"));
}

void RaftNode::finish_change(base::Result<void> result) {
    const auto finished = std::exchange(change_, nullptr);
    if (finished) finished->answer(std::move(result));
}

void RaftNode::add(uint64_t id, const RaftAddress& address, Answer answer) {
    if (life() != nullptr && life_->snapshot_index() == 0)
        return answer(
            base::Error{base::ErrorKind::kUnavailable, "the cluster was founded a moment ago; try again"});
    change(
        [&](Change& one) {
            return raft_add(&life_->raw(), &one.request, id, address.text().c_str(), &Change::over);
        },
        std::move(answer));
}

void RaftNode::remove(uint64_t id, Answer answer) {
    change([&](Change& one) { return raft_remove(&life_->raw(), &one.request, id, &Change::over); },
           std::move(answer));
}

}  // namespace replica
