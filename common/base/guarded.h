// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Data that two threads share, reachable only while its lock is held:
//     guarded_queue.with([&](Queue& queue) { queue.push_back(job); });
#pragma once

#include <mutex>
#include <utility>

namespace base {

template <class T>
class Guarded {
 public:
    Guarded() = default;
    explicit Guarded(T value) : value_(std::move(value)) {}

    template <class Body>
    auto with(Body&& body) {
        std::lock_guard hold{mutex_};
        return std::forward<Body>(body)(value_);
    }

 private:
    std::mutex mutex_;
    T value_{};
};

}  // namespace base
