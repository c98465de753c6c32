// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Whether the daemon still works, asked from its own loop: does the loop turn in time, does the store answer?
//
// Every `period` a change that writes nothing goes through the store thread. Only while its answers keep
// coming is systemd's watchdog fed; a loop that hangs feeds nobody, and a store that hangs is noticed here:
// alarm StoreUnavailable, which the first good answer clears, also one that an earlier process left behind.
#pragma once

#include <functional>

#include "common/alarm/alarm.h"
#include "common/frame/health.h"
#include "common/log/log.h"
#include "common/loop/loop.h"
#include "common/metrics/metrics.h"
#include "common/store/store.h"

namespace frame {

class SelfCheck {
 public:
    struct Parts {  // all outlive it
        loop::Timers& timers;
        const base::Clock& clock;
        store::Store& store;
        Health& health;
        alarms::Alarms& alarms;
        metrics::Registry& metrics;
        std::string daemon;
    };
    // `feed` is called after each good check. An answer older than `patience` is a miss.
    SelfCheck(Parts parts, logs::Log log, std::chrono::microseconds period,
              std::chrono::microseconds patience, std::function<void()> feed);

 private:
    void check();
    void answered();

    Parts parts_;
    logs::Log log_;
    std::chrono::microseconds period_;
    std::chrono::microseconds patience_;
    std::function<void()> feed_;
    metrics::Gauge loop_lag_;
    metrics::Counter misses_;
    base::Ticks expected_;
    base::Ticks last_answer_;
    bool asked_ = false;
    bool missing_ = false;
    bool proven_ = false;                                     // it has answered since we began
    std::shared_ptr<char> alive_ = std::make_shared<char>();  // the store's late answers look at it
    loop::HandlePtr timer_;
};

}  // namespace frame
