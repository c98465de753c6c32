// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/loop/work_pool.h"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "tests/support/test.h"

namespace {

// A door that workers wait at until the test opens it.
class Door {
 public:
    void wait() {
        std::unique_lock hold{mutex_};
        ++waiting_;
        changed_.notify_all();
        changed_.wait(hold, [this] { return open_; });
    }
    void open() {
        std::lock_guard hold{mutex_};
        open_ = true;
        changed_.notify_all();
    }
    void until_waiting(int count) {
        std::unique_lock hold{mutex_};
        changed_.wait(hold, [this, count] { return waiting_ >= count; });
    }

 private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
    int waiting_ = 0;
};

std::unique_ptr<loop::Loop> make_loop() {
    auto made = loop::Loop::create();
    CHECK_OK(made);
    return std::move(*made);
}

void work_runs_elsewhere_and_its_answer_on_the_loop() {
    const auto loop = make_loop();
    loop::WorkPool pool(*loop, 2, 4);
    std::thread::id worked_on, answered_on;
    std::string answer;
    CHECK(pool.submit(
        [&worked_on] {
            worked_on = std::this_thread::get_id();
            return std::string("done");
        },
        [&](std::string value) {
            answered_on = std::this_thread::get_id();
            answer = std::move(value);
            loop->stop();
        }));
    loop->run();
    CHECK_EQ(answer, "done");
    CHECK(answered_on == std::this_thread::get_id());
    CHECK(worked_on != answered_on);
}

void a_full_queue_refuses() {
    const auto loop = make_loop();
    Door door;
    loop::WorkPool pool(*loop, 1, 2);
    int answered = 0;
    const auto slow = [&door] {
        door.wait();
        return 1;
    };
    const auto count = [&](int) {
        if (++answered == 3) loop->stop();
    };
    CHECK(pool.submit(slow, count));
    door.until_waiting(1);
    CHECK(pool.submit(slow, count));
    CHECK(pool.submit(slow, count));
    CHECK_EQ(pool.waiting(), 2u);
    CHECK(!pool.submit(slow, count));
    door.open();
    loop->run();
    CHECK_EQ(answered, 3);
    CHECK_EQ(pool.waiting(), 0u);
}

void waiting_work_is_dropped_at_the_end_and_running_work_waited_for() {
    const auto loop = make_loop();
    Door door;
    bool finished = false;
    auto dropped = std::make_shared<int>(0);
    std::thread opener;
    {
        loop::WorkPool pool(*loop, 1, 2);
        CHECK(pool.submit(
            [&] {
                door.wait();
                finished = true;
                return 0;
            },
            [](int) {}));
        door.until_waiting(1);
        CHECK(pool.submit([dropped] { return *dropped; }, [](int) {}));
        // The destructor may wait for the running job, which this lets go.
        opener = std::thread([&door] { door.open(); });
        // The second job may or may not have been taken meanwhile; either way nothing is left of it.
    }
    opener.join();
    loop->stop();
    loop->run();
    CHECK(finished);
    CHECK_EQ(dropped.use_count(), 1);
}

}  // namespace

GROUP(work_pool, CASE(work_runs_elsewhere_and_its_answer_on_the_loop), CASE(a_full_queue_refuses),
      CASE(waiting_work_is_dropped_at_the_end_and_running_work_waited_for))
