// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/self_check.h"

#include <algorithm>

namespace frame {

SelfCheck::SelfCheck(Parts parts, logs::Log log, std::chrono::microseconds period,
                     std::chrono::microseconds patience, std::function<void()> feed)
    : parts_(std::move(parts)),
      log_(std::move(log)),
      period_(period),
      patience_(patience),
      feed_(std::move(feed)),
      loop_lag_(parts_.metrics.gauge("farol_loop_lag_seconds", "How late the loop's last timer fired.")),
      misses_(parts_.metrics.counter("farol_watchdog_misses_total", "Self-checks that failed.",
                                     {{"daemon", parts_.daemon}})),
      expected_(parts_.clock.ticks() + period_),
      last_answer_(parts_.clock.ticks()),
      timer_(parts_.timers.every(period_, [this] { check(); })) {
    parts_.health.set("store", Status::kOk);
}

void SelfCheck::check() {
    const base::Ticks now = parts_.clock.ticks();
    loop_lag_.set(std::max(0.0, std::chrono::duration<double>(now - expected_).count()));
    expected_ = now + period_;
    if (!asked_) {
        asked_ = true;
        parts_.store.submit(
            [](store::Transaction&) { return base::Result<void>(); },
            [this, alive = std::weak_ptr(alive_)](const store::Done& done) {
                if (alive.expired()) return;
                asked_ = false;
                // That another node leads is an answer of our store as well.
                if (done.outcome == store::Outcome::kOk || done.outcome == store::Outcome::kNotLeader)
                    answered();
            });
    }
    if (now - last_answer_ <= patience_) {
        feed_();
        return;
    }
    misses_.add();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - last_answer_).count();
    parts_.health.set("store", Status::kDown, "no answer for " + std::to_string(seconds) + " s; see the log");
    if (!missing_) log_.error("frame.store.silent", {{"for_s", seconds}});
    missing_ = true;
    parts_.alarms.raise(alarms::kStoreUnavailable, parts_.daemon + "/store", alarms::Severity::kCritical,
                        "the store does not answer");
}

void SelfCheck::answered() {
    last_answer_ = parts_.clock.ticks();
    if (missing_) {
        log_.notice("frame.store.answers");
        parts_.health.set("store", Status::kOk);
    }
    if (missing_ || !proven_) parts_.alarms.clear(alarms::kStoreUnavailable, parts_.daemon + "/store");
    missing_ = false;
    proven_ = true;
}

}  // namespace frame
