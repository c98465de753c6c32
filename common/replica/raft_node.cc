// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/raft_node.h"

#include <utility>

#include "common/base/uuid.h"
#include "common/replica/raft_c.h"
#include "common/replica/raft_node_parts.h"

namespace replica {
namespace {

constexpr uint64_t kSoundAfter = 60'000;  // ms that a life must have lasted for the pauses to be short again

uint32_t random_number() {
    uint32_t number = 0;
    base::random_bytes(&number, sizeof number);
    return number;
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

void RaftNode::begin(Seat seat, bool found) {
    seat_ = std::move(seat);
    found_ = found;
    ending_ = false;
    open();
}

void RaftNode::open() {
    retry_ = nullptr;
    LifeConfig life{config_.directory, seat_->cluster, seat_->id,
                    seat_->address,    config_.timing, config_.limits};
    life_ = std::make_unique<RaftInstance>(std::move(life), parts_, log_);
    leadership_ = std::make_unique<Leadership>(*life_, parts_.sink, log_);
    seen_state_ = -1;
    const auto started = life_->start(found_, [this] { turned(); });
    opened_at_ = uv_now(parts_.thread.loop());
    if (!started) return failed(started.error());
    found_ = false;
    problem_.clear();
    turned();
}

void RaftNode::turned() {
    if (closing_ || !life_) return;
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
        if (life_) close_life([this] { open_later(); });
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
    promotion_ = nullptr;
    leadership_ = nullptr;
    life_ = nullptr;
    closing_ = false;
    publish(true);
    for (const loop::Job& job : std::exchange(when_closed_, {})) job();
}

void RaftNode::open_later() {
    if (ending_) return;
    retry_ = parts_.thread.after(again_.next(random_number()), [this] { open(); });
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
    if (promotion_ || r.leader_state.change != nullptr || r.configuration_uncommitted_index != 0)
        return false;
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
        promotion_ = std::make_unique<Change>(Change{{}, this, node.address.at.node});
        promotion_->request.data = promotion_.get();
        life_->before_append();
        const int status =
            raft_assign(&r, &promotion_->request, node.id, role, [](struct raft_change* request, int result) {
                const auto* change = static_cast<Change*>(request->data);
                RaftNode& self = *change->node;
                if (result == 0) self.log_.notice("cluster.node.promoted", {{"node", change->name}});
                self.promotion_ = nullptr;
            });
        if (status != 0) promotion_ = nullptr;
        return status == 0;
    }
    return false;
}

}  // namespace replica
