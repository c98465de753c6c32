// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/raft_thread.h"

#include <uv.h>

#include <cassert>
#include <chrono>
#include <utility>

#include "common/replica/raft_heap.h"

namespace replica {
namespace {

// libuv frees a handle's memory only after its close callback, so a timer outlives the Handle that stands for
// it.
struct Timer {
    uv_timer_t uv{};
    loop::Job job;
    bool closing = false;
};

class TimerHandle final : public loop::Handle {
 public:
    explicit TimerHandle(Timer* timer) : timer_(timer) {}
    ~TimerHandle() override {
        timer_->closing = true;
        uv_close(reinterpret_cast<uv_handle_t*>(&timer_->uv),
                 [](uv_handle_t* handle) { delete static_cast<Timer*>(handle->data); });
    }

 private:
    Timer* timer_;
};

uint64_t whole_milliseconds(std::chrono::microseconds time) {
    if (time.count() <= 0) return 0;
    return static_cast<uint64_t>(std::chrono::ceil<std::chrono::milliseconds>(time).count());
}

loop::HandlePtr arm(uv_loop_t* loop, uint64_t first, uint64_t period, loop::Job job) {
    auto* timer = new Timer;
    timer->job = std::move(job);
    uv_timer_init(loop, &timer->uv);
    timer->uv.data = timer;
    uv_timer_start(
        &timer->uv,
        [](uv_timer_t* uv) {
            // A job may destroy its own handle; the Timer itself lives until the close callback.
            auto* fired = static_cast<Timer*>(uv->data);
            if (!fired->closing) fired->job();
        },
        first, period);
    return std::make_unique<TimerHandle>(timer);
}

}  // namespace

struct RaftThread::Uv {
    uv_loop_t loop{};
    uv_async_t wakeup{};
};

RaftThread::RaftThread() : uv_(std::make_unique<Uv>()) {}

base::Result<std::unique_ptr<RaftThread>> RaftThread::start() {
    bound_raft_heap();
    std::unique_ptr<RaftThread> made(new RaftThread);
    Uv& uv = *made->uv_;
    if (const int error = uv_loop_init(&uv.loop); error != 0)
        return base::io_error("start the loop of the log", -error);
    const int error = uv_async_init(&uv.loop, &uv.wakeup, [](uv_async_t* wakeup) {
        static_cast<RaftThread*>(wakeup->data)->run_posted();
    });
    if (error != 0) {
        uv_loop_close(&uv.loop);
        made->uv_ = nullptr;
        return base::io_error("start the loop of the log", -error);
    }
    uv.wakeup.data = made.get();
    made->thread_ = std::thread([&uv] { uv_run(&uv.loop, UV_RUN_DEFAULT); });
    return made;
}

RaftThread::~RaftThread() {
    if (!thread_.joinable()) return;
    post([this] { uv_close(reinterpret_cast<uv_handle_t*>(&uv_->wakeup), nullptr); });
    thread_.join();
    const int busy = uv_loop_close(&uv_->loop);
    assert(busy == 0);
    (void)busy;
}

void RaftThread::post(loop::Job job) {
    posted_.with([&](std::vector<loop::Job>& jobs) { jobs.push_back(std::move(job)); });
    uv_async_send(&uv_->wakeup);
}

void RaftThread::run_posted() {
    auto now = posted_.with([](std::vector<loop::Job>& jobs) { return std::exchange(jobs, {}); });
    for (loop::Job& job : now) {
        job();
        job = nullptr;
    }
}

loop::HandlePtr RaftThread::after(std::chrono::microseconds delay, loop::Job job) {
    return arm(&uv_->loop, whole_milliseconds(delay), 0, std::move(job));
}

loop::HandlePtr RaftThread::every(std::chrono::microseconds period, loop::Job job) {
    const uint64_t each = whole_milliseconds(period);
    return arm(&uv_->loop, each, each, std::move(job));
}

uv_loop_s* RaftThread::loop() { return &uv_->loop; }

}  // namespace replica
