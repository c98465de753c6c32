// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/capacity.h"

#include <algorithm>
#include <array>

using namespace std::chrono_literals;

namespace frame {
namespace {

using alarms::Severity;

struct Step {
    double below;  // percent that is free
    Severity severity;
};
constexpr std::array kStorageSteps{Step{5, Severity::kCritical}, Step{10, Severity::kMajor},
                                   Step{20, Severity::kMinor}};
constexpr auto kBacklogWarning = 5s;
constexpr auto kBacklogMajor = 30s;

}  // namespace

Capacity::Capacity(Parts parts) : parts_(std::move(parts)) {
    for (const std::string area : {"quota", "disk"})
        free_.emplace(area, parts_.metrics.gauge("farol_storage_free_ratio", "Of the store, 0 to 1.",
                                                 {{"area", area}}));
    for (const std::string queue : {"store", "workers"})
        oldest_.emplace(queue, parts_.metrics.gauge("farol_jobs_oldest_timestamp_seconds",
                                                    "Since when the oldest has waited; 0: none does.",
                                                    {{"queue", queue}}));
}

void Capacity::look(const Figures& figures) {
    const store::Space& space = figures.store.space;
    if (space.file > 0) {  // else it could not be measured
        look_at_area("quota", parts_.quota - std::min(parts_.quota, space.used), parts_.quota);
        look_at_area("disk", space.disk_free, space.disk_size);
        look_at_room(figures.store.room);
    }
    look_at_queue("store", figures.store.oldest);
    look_at_queue("workers", figures.workers_oldest);
}

void Capacity::look_at_area(const std::string& area, uint64_t free, uint64_t all) {
    const double ratio = all == 0 ? 0 : static_cast<double>(free) / static_cast<double>(all);
    free_.at(area).set(ratio);
    const auto step = std::find_if(kStorageSteps.begin(), kStorageSteps.end(),
                                   [ratio](const Step& one) { return ratio * 100 < one.below; });
    const std::string object = parts_.daemon + "/storage/" + area;
    if (step == kStorageSteps.end()) return set(alarms::kStorageLow, object, std::nullopt, "");
    // Without the figure itself: an alarm is news only when its severity changes.
    set(alarms::kStorageLow, object, step->severity,
        "less than " + std::to_string(static_cast<int>(step->below)) + " % of the store's " + area +
            " is free");
}

void Capacity::look_at_room(store::Room room) {
    const bool reserve = room != store::Room::kPlenty;
    set(alarms::kStorageLow, parts_.daemon + "/storage/reserve",
        reserve ? std::optional(Severity::kCritical) : std::nullopt,
        "only the reserve is left, for alerts and the audit log; everything else is refused");
    set(alarms::kStoreUnavailable, parts_.daemon + "/store/room",
        room == store::Room::kNone ? std::optional(Severity::kCritical) : std::nullopt,
        "the store is full: nothing can be written");
}

void Capacity::look_at_queue(const std::string& queue, std::chrono::milliseconds oldest) {
    const std::chrono::duration<double> since = parts_.clock.now().time_since_epoch() - oldest;
    oldest_.at(queue).set(oldest > 0ms ? since.count() : 0);
    std::optional<Severity> severity;
    if (oldest >= kBacklogWarning) severity = oldest >= kBacklogMajor ? Severity::kMajor : Severity::kWarning;
    const auto limit = severity == Severity::kMajor ? kBacklogMajor : kBacklogWarning;
    set(alarms::kQueueBacklog, parts_.daemon + "/queues/" + queue, severity,
        "work has waited for more than " + std::to_string(limit.count()) + " s");
}

void Capacity::set(const alarms::Kind& kind, const std::string& object, std::optional<Severity> severity,
                   const std::string& text) {
    if (severity) {
        parts_.alarms.raise(kind, object, *severity, text);
    } else {
        parts_.alarms.clear(kind, object);
    }
}

}  // namespace frame
