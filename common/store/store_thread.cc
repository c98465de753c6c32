// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/store_thread.h"

#include <pthread.h>

#include <csignal>
#include <iterator>

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
    : setup_(std::move(setup)),
      last_batch_(setup_.last_batch),
      thread_(start_without_signals([this] { run(); })) {}

StoreThread::~StoreThread() { thread_.join(); }

void StoreThread::run() {
    pthread_setname_np(pthread_self(), "store");
    while (true) {
        auto batch = setup_.queue.next_batch();
        if (batch.empty()) return;
        settle(std::move(batch));
    }
}

void StoreThread::settle(std::vector<Waiting> batch) {
    std::vector<Change> changes;
    changes.reserve(batch.size());
    for (auto& one : batch) changes.push_back(std::move(one.change));

    BatchLimits limits{setup_.entry_bytes, &setup_.quota, {}};
    if (batch.front().urgency == Urgency::kBulk) {
        const auto until = std::chrono::steady_clock::now() + kBulkSlice;
        limits.yield = [this, until] {
            return setup_.queue.has_urgent() || std::chrono::steady_clock::now() >= until;
        };
    }
    const auto begun = std::chrono::steady_clock::now();
    auto result = run_batch(setup_.env, changes, last_batch_ + 1, limits);

    Settled settled{std::move(result.writes), std::move(result.faults), {}};
    const size_t answered = result.answers.size();
    settled.answers.reserve(answered);
    for (size_t i = 0; i < answered; ++i)
        settled.answers.push_back({std::move(batch[i].on_done), std::move(result.answers[i])});
    for (const auto& answer : settled.answers) ++changes_.at(static_cast<size_t>(answer.done.outcome));
    for (size_t i = answered; i < batch.size(); ++i) batch[i].change = std::move(changes[i]);
    batch.erase(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(answered));
    setup_.queue.put_back(std::move(batch));

    if (!settled.writes.empty()) {
        ++last_batch_;
        ++batches_;
        if (setup_.on_commit)
            setup_.on_commit(std::chrono::duration_cast<std::chrono::microseconds>(
                std::chrono::steady_clock::now() - begun));
    }
    changes.resize(answered);
    changes.clear();  // what the changes captured goes before their answers are given
    setup_.deliver(std::move(settled));
}

}  // namespace store
