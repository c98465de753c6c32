// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/clock_watch.h"

#include <sys/stat.h>

using namespace std::chrono_literals;

namespace frame {
namespace {

constexpr auto kFresh = 2h;  // timesyncd asks at least every 34 minutes, unless it is told otherwise
constexpr auto kMinorAfter = 10min;
constexpr auto kMajorAfter = 1h;

}  // namespace

ClockWatch::ClockWatch(Parts parts)
    : parts_(std::move(parts)),
      gauge_(parts_.metrics.gauge("farol_time_synchronised",
                                  "1: the clock follows a source of time; 0: it does not; -1: not known.")) {
    look();
}

void ClockWatch::look() {
    synchronised_ = read();
    gauge_.set(synchronised_ ? (*synchronised_ ? 1 : 0) : -1);
    if (synchronised_ == false) {
        if (!lost_since_) lost_since_ = parts_.clock.ticks();
    } else {
        lost_since_.reset();
    }
    const std::string object = parts_.daemon + "/clock";
    const auto lost_for = lost_since_ ? parts_.clock.ticks() - *lost_since_ : 0s;
    if (lost_for < kMinorAfter) return parts_.alarms.clear(alarms::kClockUnsynchronised, object);
    const bool major = lost_for >= kMajorAfter;
    parts_.alarms.raise(
        alarms::kClockUnsynchronised, object, major ? alarms::Severity::kMajor : alarms::Severity::kMinor,
        std::string("this machine's clock has followed no source for ") + (major ? "an hour" : "10 minutes"));
}

std::optional<bool> ClockWatch::read() const {
    struct stat found {};
    if (stat(parts_.source.c_str(), &found) != 0) return std::nullopt;
    if (stat((parts_.source / "synchronized").c_str(), &found) != 0) return false;
    const base::Instant touched{std::chrono::seconds{found.st_mtim.tv_sec}};
    return parts_.clock.now() - touched < kFresh;
}

}  // namespace frame
