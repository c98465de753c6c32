// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/loop.h"

#include "tests/support/test.h"

namespace test {

using namespace std::chrono_literals;

void run_until(loop::Loop& loop, const std::function<bool()>& is_done) {
    bool timed_out = false;
    const auto limit = loop.after(20s, [&] {
        timed_out = true;
        loop.stop();
    });
    // Answers arrive through post(): look again after each turn, at most a millisecond later.
    const auto look = loop.every(1ms, [&] {
        if (is_done()) loop.stop();
    });
    if (!is_done()) loop.run();
    if (timed_out) fail_at(__FILE__, __LINE__, "waited twenty seconds for the loop");
}

LoopBench::LoopBench() {
    auto made = loop::Loop::create();
    CHECK_OK(made);
    loop_ = std::move(*made);
}

void LoopBench::run_in_time_until(const std::function<bool()>& is_done) {
    test::run_until(*loop_, [&] {
        if (is_done()) return true;
        timers_.advance(50ms);
        return is_done();
    });
}

}  // namespace test
