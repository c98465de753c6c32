// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Running a real loop from a test until something has happened.
#pragma once

#include <functional>

#include "common/loop/loop.h"
#include "tests/support/fake_timers.h"

namespace test {

// Runs the loop until `is_done`; fails the case after twenty seconds of real time.
void run_until(loop::Loop& loop, const std::function<bool()>& is_done);

// A loop whose posts and workers are real, and whose time the test moves.
class LoopBench {
 public:
    LoopBench();

    loop::Loop& loop() { return *loop_; }
    FakeTimers& timers() { return timers_; }
    base::FakeClock& clock() { return clock_; }

    // Time stands still meanwhile.
    void run_until(const std::function<bool()>& is_done) { test::run_until(*loop_, is_done); }
    // Time goes on meanwhile, 50 ms at each look: back-offs end.
    void run_in_time_until(const std::function<bool()>& is_done);

 private:
    base::FakeClock clock_;
    FakeTimers timers_{clock_};
    std::unique_ptr<loop::Loop> loop_;
};

}  // namespace test
