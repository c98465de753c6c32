// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/raft_leadership.h"

#include <iterator>
#include <utility>

#include "common/replica/raft_c.h"

namespace replica {
namespace {

base::Error not_leading() { return {base::ErrorKind::kUnavailable, "this node does not lead the cluster"}; }

// Takes an item out of a list of requests that libraft has done with.
template <class List, class Item>
Item taken(List& list, const Item* item) {
    for (auto at = list.begin(); at != list.end(); ++at) {
        if (&*at != item) continue;
        Item out = std::move(*at);
        list.erase(at);
        return out;
    }
    return {};
}

}  // namespace

struct Leadership::Proposal {
    struct raft_apply request {};
    Leadership* owner = nullptr;
    store::BatchId batch;
};

struct Leadership::Barrier {
    struct raft_barrier request {};
    Leadership* owner = nullptr;
    std::function<void(int)> done;
};

Leadership::Leadership(RaftInstance& life, store::JournalSink& sink, logs::Log log)
    : life_(life), sink_(sink), log_(std::move(log)) {}

Leadership::~Leadership() { end(); }

void Leadership::turned() {
    if (ended_) return;
    const raft& r = life_.raw();
    const bool leads = life_.running() && r.state == RAFT_LEADER && !life_.failure();
    if (term_ != 0 && (!leads || r.current_term != term_)) lose();
    if (leads && term_ == 0) begin(r.current_term);
    look_at_store();
    write_if_allowed();
}

void Leadership::begin(uint64_t term) {
    term_ = term;
    ++won_;
    log_.notice("cluster.leader.won", {{"term", term}});
    barrier([this, term](int status) {
        if (status != 0 || term_ != term || life_.raw().state != RAFT_LEADER) return;
        settled_ = true;
        handed_ = life_.fsm().last_entry();
        look_at_store();
        write_if_allowed();
    });
}

void Leadership::write_if_allowed() {
    if (writing_ || paused_ || !settled_ || life_.config().address.role == Role::kVoter) return;
    if (life_.snapshot_index() == 0) return;
    writing_ = true;
    sink_.lead();
}

void Leadership::lose() {
    log_.notice("cluster.leader.lost", {{"term", term_}});
    term_ = 0;
    settled_ = current_ = paused_ = false;
    for (const Answer& answer : std::exchange(for_store_, {})) answer(not_leading());
    if (std::exchange(writing_, false)) sink_.follow();
}

void Leadership::propose(store::BatchId batch, const base::Bytes& entry) {
    if (ended_ || !writing_ || life_.failure()) return sink_.not_appended(batch);
    const raft_buffer buffer = wrap_entry(entry);
    if (buffer.base == nullptr) return sink_.not_appended(batch);
    Proposal& proposal = proposals_.emplace_back();
    proposal.owner = this;
    proposal.batch = batch;
    proposal.request.data = &proposal;
    life_.before_append();
    const int status = raft_apply(&life_.raw(), &proposal.request, &buffer, 1,
                                  [](struct raft_apply* request, int result, void*) {
                                      auto* mine = static_cast<Proposal*>(request->data);
                                      Leadership& self = *mine->owner;
                                      const Proposal done = taken(self.proposals_, mine);
                                      // Committed: the state machine has handed the entry over already.
                                      if (result != 0) self.sink_.lost(done.batch);
                                  });
    if (status == 0) return;
    // Nothing was sent: libraft takes the entry out of its log again before it answers.
    raft_free(buffer.base);
    proposals_.pop_back();
    sink_.not_appended(batch);
}

void Leadership::barrier(std::function<void(int)> done) {
    Barrier& made = barriers_.emplace_back();
    made.owner = this;
    made.done = std::move(done);
    made.request.data = &made;
    life_.before_append();
    const int status =
        raft_barrier(&life_.raw(), &made.request, [](struct raft_barrier* request, int result) {
            auto* mine = static_cast<Barrier*>(request->data);
            const Barrier finished = taken(mine->owner->barriers_, mine);
            finished.done(result);
        });
    if (status == 0) return;
    const Barrier failed = taken(barriers_, &made);
    failed.done(status);
}

void Leadership::confirm(Answer answer) {
    if (ended_ || !settled_ || life_.snapshot_index() == 0) return answer(not_leading());
    asking_.push_back(std::move(answer));
    if (!round_under_way_) begin_round();
}

void Leadership::append_one() {
    if (!ended_ && settled_ && barriers_.empty()) barrier([](int) {});
}

void Leadership::begin_round() {
    round_under_way_ = true;
    in_round_ = std::exchange(asking_, {});
    barrier([this](int status) {
        round_under_way_ = false;
        auto answered = std::exchange(in_round_, {});
        // libraft is in the middle of stepping down then, and must not be asked for anything.
        if (status != 0) std::move(asking_.begin(), asking_.end(), std::back_inserter(answered));
        if (status != 0) asking_.clear();
        if (status == 0 && term_ != 0) {
            std::move(answered.begin(), answered.end(), std::back_inserter(for_store_));
            look_at_store();
        } else {
            for (const Answer& answer : answered) answer(not_leading());
        }
        if (!asking_.empty() && !round_under_way_) begin_round();
    });
}

// What this leader acknowledges itself, its store has applied before.
void Leadership::look_at_store() {
    if (!settled_ || (!current_ && sink_.applied_index() < handed_)) return;
    current_ = true;
    for (const Answer& answer : std::exchange(for_store_, {})) answer({});
}

void Leadership::pause(bool paused) {
    if (ended_) return;
    paused_ = paused;
    if (paused && std::exchange(writing_, false)) sink_.follow();
    write_if_allowed();
}

void Leadership::end() {
    if (std::exchange(ended_, true)) return;
    if (term_ != 0) lose();
    for (const Proposal& proposal : std::exchange(proposals_, {})) sink_.lost(proposal.batch);
    for (const Answer& answer : std::exchange(asking_, {})) answer(not_leading());
    for (const Barrier& left : std::exchange(barriers_, {})) left.done(RAFT_SHUTDOWN);
}

}  // namespace replica
