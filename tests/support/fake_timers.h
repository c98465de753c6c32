// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Timers that fire when the test says so: advance() moves a FakeClock and fires what falls due, in order.
#pragma once

#include <algorithm>
#include <cassert>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "common/loop/loop.h"
#include "common/time/clock.h"

namespace test {

class FakeTimers final : public loop::Timers {
 public:
    // The clock outlives the timers, and moves with them.
    explicit FakeTimers(base::FakeClock& clock) : clock_(clock) {}

    loop::HandlePtr after(std::chrono::microseconds delay, loop::Job job) override {
        return add(delay, std::chrono::microseconds{0}, std::move(job));
    }
    loop::HandlePtr every(std::chrono::microseconds period, loop::Job job) override {
        assert(period.count() > 0);
        return add(period, period, std::move(job));
    }

    // Everything that falls due within `by` fires, earliest first, with the clock standing at its time.
    void advance(std::chrono::microseconds by) {
        const base::Ticks end = clock_.ticks() + by;
        while (!queue_->empty() && queue_->begin()->first.first <= end) {
            const auto first = queue_->begin();
            const Key key = first->first;
            const std::shared_ptr<Entry> entry = first->second;
            queue_->erase(first);
            clock_.advance(std::max(std::chrono::microseconds{0}, key.first - clock_.ticks()));
            if (entry->period.count() > 0) {
                entry->key = {key.first + entry->period, ++sequence_};
                (*queue_)[entry->key] = entry;
            }
            entry->job();
        }
        clock_.advance(end - clock_.ticks());
    }

    size_t armed() const { return queue_->size(); }

 private:
    using Key = std::pair<base::Ticks, uint64_t>;  // when; the sequence number keeps equal times in order
    struct Entry {
        Key key;
        std::chrono::microseconds period;
        loop::Job job;
    };
    using Queue = std::map<Key, std::shared_ptr<Entry>>;

    // Shares the queue, because a handle may outlive the timers at the end of a test.
    class Armed final : public loop::Handle {
     public:
        Armed(std::shared_ptr<Queue> queue, std::shared_ptr<Entry> entry)
            : queue_(std::move(queue)), entry_(std::move(entry)) {}
        ~Armed() override {
            const auto at = queue_->find(entry_->key);
            if (at != queue_->end() && at->second == entry_) queue_->erase(at);
        }

     private:
        std::shared_ptr<Queue> queue_;
        std::shared_ptr<Entry> entry_;
    };

    loop::HandlePtr add(std::chrono::microseconds delay, std::chrono::microseconds period, loop::Job job) {
        const Key key{clock_.ticks() + std::max(std::chrono::microseconds{0}, delay), ++sequence_};
        auto entry = std::make_shared<Entry>(Entry{key, period, std::move(job)});
        (*queue_)[key] = entry;
        return std::make_unique<Armed>(queue_, entry);
    }

    base::FakeClock& clock_;
    std::shared_ptr<Queue> queue_ = std::make_shared<Queue>();
    uint64_t sequence_ = 0;
};

}  // namespace test
