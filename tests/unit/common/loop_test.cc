// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/loop/loop.h"

#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "common/base/fd.h"
#include "common/time/clock.h"
#include "tests/support/test.h"

using namespace std::chrono_literals;

namespace {

std::unique_ptr<loop::Loop> make_loop() {
    auto made = loop::Loop::create();
    CHECK_OK(made);
    return std::move(*made);
}

void posted_jobs_run_in_order_on_the_loops_thread() {
    const auto loop = make_loop();
    std::vector<int> order;
    std::thread::id ran_on;
    std::thread other([&loop, &order, &ran_on] {
        for (int i = 0; i < 1000; ++i) loop->post([&order, i] { order.push_back(i); });
        loop->post([&] {
            ran_on = std::this_thread::get_id();
            loop->stop();
        });
    });
    loop->run();
    other.join();
    CHECK_EQ(order.size(), 1000u);
    for (int i = 0; i < 1000; ++i) CHECK_EQ(order[static_cast<size_t>(i)], i);
    CHECK(ran_on == std::this_thread::get_id());
}

void a_job_posted_by_a_job_lets_timers_have_their_turn() {
    const auto loop = make_loop();
    int turns = 0;
    std::function<void()> again = [&] {
        ++turns;
        loop->post(again);
    };
    loop->post(again);
    const auto timer = loop->after(1ms, [&] { loop->stop(); });
    loop->run();
    CHECK(turns > 0);
}

void jobs_posted_before_the_end_have_run() {
    const auto loop = make_loop();
    bool ran = false;
    loop->post([&] {
        loop->post([&] { ran = true; });
        loop->stop();
    });
    loop->run();
    CHECK(ran);
}

void stop_before_run_ends_it_at_once() {
    const auto loop = make_loop();
    loop->stop();
    loop->run();
}

void jobs_that_never_ran_are_destroyed_with_the_loop() {
    const auto counted = std::make_shared<int>(1);
    {
        const auto loop = make_loop();
        std::shared_ptr<loop::Handle> timer = loop->after(1h, [] {});
        loop->post([counted, timer] {});
    }
    CHECK_EQ(counted.use_count(), 1);
}

void a_timer_fires_once_and_not_early() {
    const auto loop = make_loop();
    const base::SystemClock clock;
    int fired = 0;
    const auto begin = clock.ticks();
    const auto timer = loop->after(3ms, [&] { ++fired; });
    const auto end = loop->after(12ms, [&] { loop->stop(); });
    loop->run();
    CHECK_EQ(fired, 1);
    CHECK(clock.ticks() - begin >= 12ms);
}

void a_repeating_timer_fires_until_its_handle_goes() {
    const auto loop = make_loop();
    int fired = 0;
    loop::HandlePtr timer;
    loop::HandlePtr end;
    timer = loop->every(1ms, [&] {
        if (++fired < 3) return;
        timer.reset();  // inside its own callback
        end = loop->after(5ms, [&] { loop->stop(); });
    });
    loop->run();
    CHECK_EQ(fired, 3);
}

void a_disarmed_timer_stays_silent() {
    const auto loop = make_loop();
    bool fired = false;
    auto timer = loop->after(1ms, [&] { fired = true; });
    timer.reset();
    const auto end = loop->after(5ms, [&] { loop->stop(); });
    loop->run();
    CHECK(!fired);
}

void a_watch_reports_what_is_ready_and_may_destroy_itself() {
    const auto loop = make_loop();
    int fds[2];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    const base::Fd ours{fds[0]}, theirs{fds[1]};
    std::string got;
    loop::HandlePtr reading;
    bool was_writable = false;
    loop::HandlePtr writing = loop->watch(ours.get(), loop::Interest::kWrite, [&](loop::Readiness ready) {
        was_writable = ready.writable && !ready.readable;
        writing.reset();
        CHECK_EQ(write(theirs.get(), "abc", 3), 3);
    });
    reading = loop->watch(ours.get(), loop::Interest::kRead, [&](loop::Readiness ready) {
        CHECK(ready.readable);
        char data[8];
        const ssize_t count = read(ours.get(), data, sizeof data);
        got.assign(data, static_cast<size_t>(count));
        reading.reset();
        loop->stop();
    });
    loop->run();
    CHECK(was_writable);
    CHECK_EQ(got, "abc");
}

void a_signal_reaches_the_loop() {
    const auto loop = make_loop();
    const auto handle = loop->on_signal(SIGUSR1, [&] { loop->stop(); });
    loop->post([] { raise(SIGUSR1); });
    loop->run();
}

}  // namespace

GROUP(loop, CASE(posted_jobs_run_in_order_on_the_loops_thread),
      CASE(a_job_posted_by_a_job_lets_timers_have_their_turn), CASE(jobs_posted_before_the_end_have_run),
      CASE(stop_before_run_ends_it_at_once), CASE(jobs_that_never_ran_are_destroyed_with_the_loop),
      CASE(a_timer_fires_once_and_not_early), CASE(a_repeating_timer_fires_until_its_handle_goes),
      CASE(a_disarmed_timer_stays_silent), CASE(a_watch_reports_what_is_ready_and_may_destroy_itself),
      CASE(a_signal_reaches_the_loop))
