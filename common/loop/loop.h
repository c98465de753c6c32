// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The event loop: one per daemon, on one thread, owner of all state. Nothing on it blocks.
//
// Other threads reach the loop only through post(); slow work goes to a WorkPool, values in and values out,
// and its answer comes back through post(). Timers and watches are handles: destroying one disarms it, and a
// callback may destroy its own handle.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "common/base/result.h"

struct event_base;

namespace loop {

using Job = std::function<void()>;

// A timer, watch or signal registration. Destroying it disarms it; it must go before its loop.
class Handle {
 public:
    virtual ~Handle() = default;
};
using HandlePtr = std::unique_ptr<Handle>;

// What state machines and links ask timers from, so that tests can drive them with FakeTimers.
class Timers {
 public:
    virtual ~Timers() = default;
    // Fires once, not before `delay` of monotonic time.
    [[nodiscard]] virtual HandlePtr after(std::chrono::microseconds delay, Job job) = 0;
    // Fires again and again, `period` apart.
    [[nodiscard]] virtual HandlePtr every(std::chrono::microseconds period, Job job) = 0;
};

enum class Interest { kRead, kWrite, kReadWrite };
struct Readiness {
    bool readable;
    bool writable;
};

class Loop final : public Timers {
 public:
    static base::Result<std::unique_ptr<Loop>> create();
    ~Loop() override;
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    // Any thread. The job runs later on the loop's thread; capture values, never references to loop state.
    void post(Job job);

    HandlePtr after(std::chrono::microseconds delay, Job job) override;
    HandlePtr every(std::chrono::microseconds period, Job job) override;
    // The descriptor stays the caller's and must outlive the handle.
    [[nodiscard]] HandlePtr watch(int fd, Interest interest, std::function<void(Readiness)> ready);
    [[nodiscard]] HandlePtr on_signal(int signal_number, Job job);

    void run();   // until stop(); jobs posted before the end have run
    void stop();  // loop thread only

    // For common/http and common/net alone, which hand it to bufferevents.
    event_base* raw() { return base_.get(); }

 private:
    Loop();
    struct EventBaseFree {
        void operator()(event_base* base) const;
    };
    struct Inbox;  // jobs posted by other threads, and the eventfd that announces them
    std::unique_ptr<event_base, EventBaseFree> base_;
    std::unique_ptr<Inbox> inbox_;
    bool stopped_ = false;
};

}  // namespace loop
