// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Whether there is room to write and whether work is taken in time, as metrics and alarms:
//
//     StorageLow        <daemon>/storage/quota, …/disk: less than 20 % free MINOR, 10 % MAJOR, 5 % CRITICAL;
//                       …/reserve: only alerts and the audit log may still be written: CRITICAL
//     StoreUnavailable  <daemon>/store/room: nothing may be written any more: CRITICAL
//     QueueBacklog      <daemon>/queues/store, …/workers: the oldest has waited 5 s WARNING, 30 s MAJOR
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "common/alarm/alarm.h"
#include "common/metrics/metrics.h"
#include "common/store/lmdb_store.h"

namespace frame {

class Capacity {
 public:
    struct Parts {  // all outlive it
        alarms::Alarms& alarms;
        metrics::Registry& metrics;
        const base::Clock& clock;
        std::string daemon;
        uint64_t quota;
    };
    explicit Capacity(Parts parts);

    struct Figures {
        store::StoreFigures store;
        std::chrono::milliseconds workers_oldest;  // how long the oldest job has waited; 0: none waits
    };
    void look(const Figures& figures);

 private:
    void look_at_area(const std::string& area, uint64_t free, uint64_t all);
    void look_at_room(store::Room room);
    void look_at_queue(const std::string& queue, std::chrono::milliseconds oldest);
    void set(const alarms::Kind& kind, const std::string& object, std::optional<alarms::Severity> severity,
             const std::string& text);

    Parts parts_;
    std::map<std::string, metrics::Gauge> free_;    // by area
    std::map<std::string, metrics::Gauge> oldest_;  // by queue
};

}  // namespace frame
