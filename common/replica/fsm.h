// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What libraft calls the state machine: entries go to the store, snapshots are a manifest.
//
// A snapshot lets the log be cut, so it waits, on a thread of libuv's pool, until the store has synced what
// it was given up to there. restore() has nothing to do: whoever lets a snapshot in has put the copy in place
// before (io_guard.h); a store that lacks what the manifest says is refused.
#pragma once

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <string>

#include "common/base/bytes.h"
#include "common/base/guarded.h"
#include "common/base/result.h"
#include "common/log/log.h"
#include "common/store/journal.h"

struct raft;
struct raft_buffer;
struct raft_fsm;

namespace replica {

// What a future of the store holds, once it is ready; a store that went away first is an error like others.
template <class T>
base::Result<T> outcome_of(std::future<base::Result<T>>& future) {
    try {
        return future.get();
    } catch (const std::future_error&) {
        return base::Error{base::ErrorKind::kUnavailable, "the store was closed"};
    }
}

class Fsm {
 public:
    Fsm(store::JournalSink& sink, std::string cluster, logs::Log log);
    ~Fsm();
    Fsm(const Fsm&) = delete;
    Fsm& operator=(const Fsm&) = delete;

    raft_fsm* raw() { return raw_.get(); }
    void attach(raft* r) { raft_ = r; }

    // A snapshot under way ends without one.
    void give_up() { given_up_ = true; }
    // The last entry that went to the store, of this life of the log or of the snapshot it began with.
    uint64_t last_entry() const { return last_entry_; }
    uint64_t snapshots_taken() const { return taken_; }
    // Why the last snapshot was not taken, or why entries cannot be handed over; empty: all is well.
    base::Result<void> trouble();

 private:
    int apply(base::ByteView octets);
    int wait_for_sync(raft_buffer* bufs[], unsigned* count);
    void trouble_is(base::Result<void> trouble);

    store::JournalSink& sink_;
    std::string cluster_;
    logs::Log log_;
    std::unique_ptr<raft_fsm> raw_;
    raft* raft_ = nullptr;
    uint64_t last_entry_ = 0;
    uint64_t snapshot_entry_ = 0;  // last_entry_ when the snapshot under way began
    std::future<base::Result<uint64_t>> synced_;
    std::atomic<bool> given_up_{false};
    std::atomic<uint64_t> taken_{0};
    base::Guarded<base::Result<void>> trouble_;
};

}  // namespace replica
