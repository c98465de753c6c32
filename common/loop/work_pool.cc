// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/loop/work_pool.h"

#include <signal.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace loop {

struct WorkPool::State {
    State(Loop& the_loop, size_t limit) : loop(the_loop), queue_limit(limit) {}

    Loop& loop;  // outlives the pool
    const size_t queue_limit;
    std::mutex mutex;
    std::condition_variable changed;
    struct Waiting {
        Task task;
        std::chrono::steady_clock::time_point since;
    };
    std::deque<Waiting> waiting;  // guarded by mutex
    unsigned idle = 0;            // guarded by mutex: threads that will take a waiting task at once
    bool stopping = false;        // guarded by mutex
    std::vector<std::thread> threads;

    void work() {
        for (;;) {
            Task task;
            {
                std::unique_lock hold{mutex};
                ++idle;
                changed.wait(hold, [this] { return stopping || !waiting.empty(); });
                --idle;
                if (stopping) return;
                task = std::move(waiting.front().task);
                waiting.pop_front();
            }
            loop.post(task());
        }
    }
};

WorkPool::WorkPool(Loop& loop, unsigned threads, size_t queue_limit)
    : state_(std::make_unique<State>(loop, queue_limit)) {
    // Signals belong to the loop's thread.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (unsigned i = 0; i < threads; ++i)
        state_->threads.emplace_back([state = state_.get()] { state->work(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

WorkPool::~WorkPool() {
    {
        std::lock_guard hold{state_->mutex};
        state_->stopping = true;
    }
    state_->changed.notify_all();
    for (std::thread& thread : state_->threads) thread.join();
}

bool WorkPool::enqueue(Task task) {
    {
        std::lock_guard hold{state_->mutex};
        // A task that an idle thread will take doesn't wait, so it doesn't count against the limit.
        if (state_->waiting.size() >= state_->queue_limit + state_->idle) return false;
        state_->waiting.push_back({std::move(task), std::chrono::steady_clock::now()});
    }
    state_->changed.notify_one();
    return true;
}

size_t WorkPool::waiting() const {
    std::lock_guard hold{state_->mutex};
    return state_->waiting.size();
}

std::chrono::milliseconds WorkPool::oldest() const {
    std::lock_guard hold{state_->mutex};
    if (state_->waiting.empty()) return {};
    return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                        state_->waiting.front().since);
}

}  // namespace loop
