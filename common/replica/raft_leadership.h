// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What leading means to the store, during one life of the log: when it may write, what became of each batch,
// and whether we still lead.
//
//     libraft says leader ──▶ barrier ──▶ all that was committed before is handed over ──▶ sink.lead()
//     the store has applied all of that ──▶ confirm() may be answered
//     libraft says anything else ──▶ sink.follow()
//
// The store's thread may be seconds behind what was handed over, on a slow disk: until it has that, it shows
// less than an earlier leader may have acknowledged.
//
// A voter leads without telling the store: it takes no writes. Whoever founds a cluster leads at once, but
// appends nothing before the first snapshot is there (RaftNode). Every proposal gets exactly one outcome.
// Raft thread only.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/log/log.h"
#include "common/replica/raft_instance.h"
#include "common/store/journal.h"

struct raft_barrier;

namespace replica {

class Leadership {
 public:
    Leadership(RaftInstance& life, store::JournalSink& sink, logs::Log log);
    // The life must have been closed.
    ~Leadership();
    Leadership(const Leadership&) = delete;
    Leadership& operator=(const Leadership&) = delete;

    void turned();  // after everything that libraft was given
    void propose(store::BatchId batch, const base::Bytes& entry);
    using Answer = std::function<void(base::Result<void>)>;
    // Calls that come while a round is under way share the next one. Answered when the store shows at least
    // what was acknowledged before the call.
    void confirm(Answer answer);
    // An entry of no content, unless one is on its way.
    void append_one();
    // Before leadership is handed over, and when that came to nothing: the store is told to follow, or to
    // lead.
    void pause(bool paused);
    // No more from this life: follow(), and outcomes for what has none.
    void end();

    bool leads() const { return term_ != 0; }       // as libraft sees it
    bool takes_writes() const { return writing_; }  // the store was told lead()
    bool settled() const { return settled_; }       // the barrier of this term is behind us
    bool current() const { return current_; }       // and the store has applied all that came before it
    uint64_t won() const { return won_; }

 private:
    struct Proposal;
    struct Barrier;
    void begin(uint64_t term);
    void lose();
    void barrier(std::function<void(int status)> done);
    void begin_round();
    void look_at_store();
    void write_if_allowed();

    RaftInstance& life_;
    store::JournalSink& sink_;
    logs::Log log_;
    uint64_t term_ = 0;  // that we lead in
    bool settled_ = false;
    bool current_ = false;
    uint64_t handed_ = 0;  // the last entry that was handed over when this term settled
    bool paused_ = false;
    bool writing_ = false;
    bool ended_ = false;
    uint64_t won_ = 0;
    std::list<Proposal> proposals_;
    std::list<Barrier> barriers_;
    std::vector<Answer> asking_;  // for the next round
    std::vector<Answer> in_round_;
    std::vector<Answer> for_store_;  // their round is over, the store is behind
    bool round_under_way_ = false;
};

}  // namespace replica
