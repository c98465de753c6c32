// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/loop/loop.h"

#include <event2/event.h>
#include <sys/eventfd.h>

#include <cassert>
#include <cerrno>
#include <mutex>
#include <vector>

#include "common/base/fd.h"
#include "common/base/free_with.h"

namespace loop {
namespace {

using EventPtr = std::unique_ptr<event, base::FreeWith<event_free>>;
using EventConfigPtr = std::unique_ptr<event_config, base::FreeWith<event_config_free>>;
using Callback = std::function<void(short what)>;

// One libevent registration. The callback is shared with the call under way, so that it may destroy the
// handle.
class EventHandle final : public Handle {
 public:
    explicit EventHandle(Callback callback) : callback_(std::make_shared<Callback>(std::move(callback))) {}

    void arm(event_base* base, int fd, short what, const timeval* timeout) {
        event_.reset(event_new(base, fd, what, &EventHandle::fire, this));
        const bool added = event_ != nullptr && event_add(event_.get(), timeout) == 0;
        assert(added);  // only fails without memory, or for a descriptor that is not open: our own mistake
        (void)added;
    }

 private:
    static void fire(evutil_socket_t, short what, void* self) noexcept {
        const std::shared_ptr<Callback> callback = static_cast<EventHandle*>(self)->callback_;
        (*callback)(what);
    }

    std::shared_ptr<Callback> callback_;
    EventPtr event_;
};

timeval to_timeval(std::chrono::microseconds time) {
    if (time.count() < 0) time = std::chrono::microseconds{0};
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return {static_cast<time_t>(seconds.count()), static_cast<suseconds_t>((time - seconds).count())};
}

}  // namespace

struct Loop::Inbox {
    std::mutex mutex;
    std::vector<Job> jobs;  // guarded by mutex
    base::Fd wakeup;
    HandlePtr watch;

    // Jobs posted meanwhile wait for the next turn, so that input and timers are not starved.
    void run_all() {
        eventfd_t count = 0;
        (void)eventfd_read(wakeup.get(), &count);
        std::vector<Job> now;
        {
            std::lock_guard hold{mutex};
            now.swap(jobs);
        }
        for (Job& job : now) {
            job();
            job = nullptr;  // what it captured goes before the next one runs
        }
    }
};

void Loop::EventBaseFree::operator()(event_base* base) const { event_base_free(base); }

Loop::Loop() : inbox_(std::make_unique<Inbox>()) {}

Loop::~Loop() {
    // Jobs that never ran may own handles, which must go before the base; and may post while they go.
    std::vector<Job> never_ran;
    {
        std::lock_guard hold{inbox_->mutex};
        never_ran.swap(inbox_->jobs);
    }
    never_ran.clear();
    inbox_->watch.reset();
    // A bufferevent that was freed gives its memory back in a later turn; libevent 2.1 loses it if none
    // comes.
    for (int turn = 0; turn < 4 && base_ != nullptr; ++turn) event_base_loop(base_.get(), EVLOOP_NONBLOCK);
}

base::Result<std::unique_ptr<Loop>> Loop::create() {
    // Precise and uncached time: a timer never fires before its delay is over.
    const EventConfigPtr config{event_config_new()};
    if (config == nullptr) return base::io_error("event loop", ENOMEM);
    event_config_set_flag(config.get(), EVENT_BASE_FLAG_PRECISE_TIMER | EVENT_BASE_FLAG_NO_CACHE_TIME);
    std::unique_ptr<Loop> loop{new Loop};
    loop->base_.reset(event_base_new_with_config(config.get()));
    if (loop->base_ == nullptr) return base::Error{base::ErrorKind::kIo, "event loop: libevent cannot start"};
    Inbox& inbox = *loop->inbox_;
    inbox.wakeup.reset(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!inbox.wakeup) return base::io_error("event loop: eventfd", errno);
    inbox.watch = loop->watch(inbox.wakeup.get(), Interest::kRead, [&inbox](Readiness) { inbox.run_all(); });
    return loop;
}

void Loop::post(Job job) {
    bool was_empty = false;
    {
        std::lock_guard hold{inbox_->mutex};
        was_empty = inbox_->jobs.empty();
        inbox_->jobs.push_back(std::move(job));
    }
    if (was_empty) (void)eventfd_write(inbox_->wakeup.get(), 1);
}

HandlePtr Loop::after(std::chrono::microseconds delay, Job job) {
    auto handle = std::make_unique<EventHandle>([job = std::move(job)](short) { job(); });
    const timeval timeout = to_timeval(delay);
    handle->arm(base_.get(), -1, 0, &timeout);
    return handle;
}

HandlePtr Loop::every(std::chrono::microseconds period, Job job) {
    assert(period.count() > 0);
    auto handle = std::make_unique<EventHandle>([job = std::move(job)](short) { job(); });
    const timeval timeout = to_timeval(period);
    handle->arm(base_.get(), -1, EV_PERSIST, &timeout);
    return handle;
}

HandlePtr Loop::watch(int fd, Interest interest, std::function<void(Readiness)> ready) {
    short what = EV_PERSIST;
    if (interest != Interest::kWrite) what |= EV_READ;
    if (interest != Interest::kRead) what |= EV_WRITE;
    auto handle = std::make_unique<EventHandle>([ready = std::move(ready)](short fired) {
        ready({.readable = (fired & EV_READ) != 0, .writable = (fired & EV_WRITE) != 0});
    });
    handle->arm(base_.get(), fd, what, nullptr);
    return handle;
}

HandlePtr Loop::on_signal(int signal_number, Job job) {
    auto handle = std::make_unique<EventHandle>([job = std::move(job)](short) { job(); });
    handle->arm(base_.get(), signal_number, EV_SIGNAL | EV_PERSIST, nullptr);
    return handle;
}

void Loop::run() {
    while (!stopped_) event_base_loop(base_.get(), EVLOOP_NO_EXIT_ON_EMPTY);
    stopped_ = false;
    inbox_->run_all();
}

void Loop::stop() {
    stopped_ = true;
    event_base_loopbreak(base_.get());
}

}  // namespace loop
