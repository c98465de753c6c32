// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a thread that works for minutes shares with the loop that waits for it: how far it is, and that it
// shall stop. Any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "common/base/result.h"

namespace replica {

class CopyTask {
 public:
    void moved(uint64_t octets) { octets_ += octets; }
    uint64_t octets() const { return octets_; }

    void stop() {
        {
            std::lock_guard hold{mutex_};
            stopped_ = true;
        }
        changed_.notify_all();
    }
    // Waits so long; an error, at once, when it shall stop.
    base::Result<void> wait(std::chrono::microseconds time) {
        std::unique_lock hold{mutex_};
        if (stopped_ || (time.count() > 0 && changed_.wait_for(hold, time, [this] { return stopped_; })))
            return base::Error{base::ErrorKind::kUnavailable, "the daemon stops"};
        return {};
    }

 private:
    std::atomic<uint64_t> octets_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopped_ = false;  // guarded by mutex_
};

}  // namespace replica
