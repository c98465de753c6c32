// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Stands between libraft 0.15 and its uv storage and transport: a raft_io of our own that passes everything
// on, and changes what libraft would get wrong or knows nothing of.
//
// What comes in:
//   RequestVote      a voter with its long time-out would refuse its vote for as long as that: when the
//   leader
//                    has been silent for the ordinary time-out, the request may disturb it
//   AppendEntries    cut before entries whose blobs are missing, and while the store is too far behind; the
//                    leader sends the rest again. What it says is committed counts only as far as the message
//                    reaches
//   its result       held back until an entry of our own term is on our disk: libraft counts copies of
//   earlier
//                    terms' entries, which may be undone (Raft, section 5.4.2)
//   RequestVote, TimeoutNow  dropped while our log has forgotten what our store has applied
//   InstallSnapshot  taken when the store has got the copy that it stands for
// What goes out:
//   AppendEntries    in parts of bounded size; libraft sends all there is
//   its result       acknowledges only what was compared with this leader's log; libraft acknowledges
//   whatever
//                    its own log has behind that, too
//   RequestVote      not sent while our log has forgotten something
//   a snapshot       of our own that keeps no entry: only while none follows it
//   an append that failed: nothing more goes out or in. libraft would use the number of the lost entry again,
//   in the same term, for another one. The instance has to be closed.
//
// Everything on the raft thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/log/log.h"
#include "common/replica/arrivals.h"
#include "common/replica/replica.h"
#include "common/store/journal.h"

struct raft;
struct raft_io;
struct raft_io_append;
struct raft_message;
struct raft_snapshot;

namespace replica {

struct GuardNeeds {
    store::JournalSink& sink;
    Arrivals& arrivals;
    std::string cluster;
    Timing timing;
    LogLimits limits;
};

class IoGuard {
 public:
    IoGuard(GuardNeeds needs, logs::Log log);
    ~IoGuard();
    IoGuard(const IoGuard&) = delete;
    IoGuard& operator=(const IoGuard&) = delete;

    raft_io* outer();  // for raft_init()
    raft_io* inner();  // for raft_uv_init()
    void attach(raft* r) { raft_ = r; }
    // Called after libraft was given anything: its state may be another one now.
    void on_turn(std::function<void()> turn) { turn_ = std::move(turn); }
    // Before libraft is asked to append anything.
    void before_append();

    // What failed, so that this life of the log has to end.
    const std::optional<base::Error>& failure() const { return failure_; }
    // Our log ends before what our own store has applied: its end was damaged, or it had not reached the disk
    // when a majority had it already. Until the leader has sent it again this node must not help to elect
    // anybody: it could elect one who lacks what was acknowledged.
    bool has_forgotten() const;
    // Why a snapshot that is offered cannot be taken; empty when none is or it goes on.
    const std::string& snapshot_trouble() const { return snapshot_trouble_; }
    uint64_t snapshots_installed() const { return snapshots_installed_; }
    // On a follower: since when it has had all that its leader said was committed.
    std::optional<std::chrono::milliseconds> read_age() const;
    // Since the message of any kind that came last from this node.
    std::optional<std::chrono::milliseconds> silence_of(uint64_t id) const;

    struct Io;  // the two raft_io, for the implementation

 private:
    struct Append;
    struct HeldResult;

    void receive(raft_message& message);
    bool admit(raft_message& message);  // false: it was dropped, and freed
    void allow_vote(raft_message& message) const;
    bool admit_entries(raft_message& message);
    unsigned wanted(const raft_message& message);
    bool admit_result(const raft_message& message);
    bool admit_snapshot(raft_message& message);
    bool copy_in_place(const Manifest& manifest, const std::string& from);
    void note_contact(uint64_t term, uint64_t compared);
    void release_results();
    void correct_progress();
    void note_age();
    bool knows_own_term() const;
    void pass(raft_message& message);
    void drop(raft_message& message) const;
    bool may_put(unsigned trailing, const raft_snapshot& snapshot) const;
    int send(const raft_message& message, const std::function<int(const raft_message&)>& pass_on);
    void appended(Append* append, int status);
    void tell_appends();
    void fail(int status);
    void turn();
    uint64_t now() const;

    GuardNeeds needs_;
    logs::Log log_;
    std::unique_ptr<Io> io_;
    raft* raft_ = nullptr;
    std::function<void()> turn_;
    std::optional<base::Error> failure_;

    // Of the leader's log in `compared_term_`: up to where ours was found equal to it.
    uint64_t compared_term_ = 0;
    uint64_t compared_ = 0;
    uint64_t leader_heard_ = 0;  // ms of the loop; 0: never
    uint64_t told_at_ = 0;       // when the leader of `told_term_` said that `told_commit_` was all
    uint64_t told_term_ = 0;
    uint64_t told_commit_ = 0;
    uint64_t had_all_at_ = 0;                // the newest told_at_ up to which all has been applied
    std::map<uint64_t, uint64_t> heard_;     // raft id -> ms of the loop
    std::map<uint64_t, uint64_t> next_for_;  // raft id -> what to send next, after a part was sent
    std::vector<HeldResult> held_results_;
    std::vector<std::unique_ptr<Append>> done_appends_;
    std::future<base::Result<void>> restoring_;
    std::string snapshot_trouble_;
    uint64_t snapshots_installed_ = 0;
};

}  // namespace replica
