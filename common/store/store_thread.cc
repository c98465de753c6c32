// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/store_thread.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace store {
namespace {

constexpr std::chrono::milliseconds kBulkSlice{5};

// Signals belong to the loop: a new thread inherits a mask in which all are blocked.
std::thread start_without_signals(std::function<void()> body) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread thread(std::move(body));
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
}

}  // namespace

StoreThread::StoreThread(Setup setup)
    : queue_(setup.queue),
      quota_(std::move(setup.quota)),
      entry_bytes_(std::min(setup.entry_bytes, kEntryOctetsMax)),
      env_(setup.replication.env),
      figures_(setup.replication.figures),
      deliver_(
          std::exchange(setup.replication.deliver, [this](Settled settled) { deliver(std::move(settled)); })),
      on_commit_(setup.replication.on_commit),
      replication_(std::move(setup.replication)),
      thread_(start_without_signals([this] { run(); })) {}

StoreThread::~StoreThread() { thread_.join(); }

void StoreThread::run() {
    pthread_setname_np(pthread_self(), "store");
    while (true) {
        // While a batch is held only its own outcome, and what else the journal says, can go on.
        const auto take_what =
            replication_.is_holding() ? CommitQueue::Take::kEventsOnly : CommitQueue::Take::kAll;
        auto work = queue_.next(take_what, replication_.retry_at());
        if (work.is_over && !replication_.is_holding()) return;
        if (work.is_over) {
            replication_.abandon();
        } else if (!work.events.empty()) {
            replication_.take(std::move(work.events));
        } else if (!work.batch.empty()) {
            take(std::move(work.batch));
        } else {
            replication_.retry();
        }
    }
}

void StoreThread::take(std::vector<Waiting> waiting) {
    TakenBatch batch(std::move(waiting));
    BatchLimits limits{entry_bytes_, &quota_, {}};
    if (batch.urgency() == Urgency::kBulk) {
        const auto until = std::chrono::steady_clock::now() + kBulkSlice;
        limits.yield = [this, until] {
            return queue_.has_urgent() || std::chrono::steady_clock::now() >= until;
        };
    }
    if (replication_.is_alone()) {
        run_alone(batch, limits);
    } else {
        replication_.run(batch, limits);
    }
    queue_.put_back(batch.rest());
}

void StoreThread::run_alone(TakenBatch& batch, const BatchLimits& limits) {
    const auto begun = std::chrono::steady_clock::now();
    auto result = run_batch(*env_.get(), batch.changes(), replication_.last_batch() + 1, limits);
    if (!result.writes.empty()) {
        replication_.count_batch();
        ++figures_.batches;
        if (on_commit_)
            on_commit_(std::chrono::duration_cast<std::chrono::microseconds>(
                std::chrono::steady_clock::now() - begun));
    }
    // What the changes captured goes before their answers are given.
    auto who = batch.answered(result.answers.size());
    Settled settled;
    settled.writes = std::move(result.writes);
    settled.faults = std::move(result.faults);
    for (size_t i = 0; i < who.size(); ++i) {
        const Done& done = result.answers[i];
        if (done.outcome == Outcome::kUnknown) settled.broken = done.error;
        settled.answers.push_back({std::move(who[i]), std::move(result.answers[i])});
    }
    deliver(std::move(settled));
}

void StoreThread::deliver(Settled settled) {
    for (const auto& answer : settled.answers) ++changes_.at(static_cast<size_t>(answer.done.outcome));
    deliver_(std::move(settled));
}

}  // namespace store
