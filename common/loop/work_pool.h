// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A bounded pool of threads for slow work: password hashing, PDF, large parsing.
//
// A job sees no daemon object: it takes values and gives a value, which `done` receives on the loop's thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "common/loop/loop.h"

namespace loop {

class WorkPool {
 public:
    // `queue_limit`: jobs that may wait beside those that run. loop outlives the pool.
    WorkPool(Loop& loop, unsigned threads, size_t queue_limit);
    ~WorkPool();  // waits for running jobs; waiting ones are dropped
    WorkPool(const WorkPool&) = delete;
    WorkPool& operator=(const WorkPool&) = delete;

    // False when the queue is full: the caller refuses its own work (HTTP: 503 with Retry-After).
    template <class Work, class Done>
    [[nodiscard]] bool submit(Work work, Done done) {
        return enqueue([work = std::move(work), done = std::move(done)]() mutable -> Job {
            auto value = std::make_shared<decltype(work())>(work());
            return [value, done = std::move(done)]() mutable { done(std::move(*value)); };
        });
    }

    size_t waiting() const;
    // How long the oldest waiting job has waited; 0 when none does.
    std::chrono::milliseconds oldest() const;

 private:
    using Task = std::function<Job()>;
    bool enqueue(Task task);
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace loop
