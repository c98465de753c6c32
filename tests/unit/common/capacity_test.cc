// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/capacity.h"

#include <algorithm>

#include "tests/support/fake_timers.h"
#include "tests/support/store.h"
#include "tests/support/test.h"

using namespace std::chrono_literals;
using alarms::Severity;

namespace {

constexpr uint64_t kQuota = 1000;

struct Bench {
    void look(uint64_t used, uint64_t disk_free, store::Room room = store::Room::kPlenty) {
        figures.store.space = {.used = used, .file = used, .disk_free = disk_free, .disk_size = 1000};
        figures.store.room = room;
        capacity.look(figures);
    }
    // "StorageLow cbc/storage/disk MINOR", sorted.
    std::vector<std::string> list() const {
        std::vector<std::string> out;
        for (const alarms::Alarm* alarm : alarms.active())
            out.push_back(std::string(alarm->kind->name) + " " + alarm->object + " " +
                          std::string(to_string(alarm->severity)));
        std::sort(out.begin(), out.end());
        return out;
    }
    bool shown(const std::string& line) {
        return registry.text().find("\n" + line + "\n") != std::string::npos;
    }

    test::StoreBench bench;
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    alarms::Alarms alarms{{bench.store(), timers, clock}, logs::Log::discard()};
    metrics::Registry registry;
    frame::Capacity capacity{{alarms, registry, clock, "cbc", kQuota}};
    frame::Capacity::Figures figures{};
};
using Lines = std::vector<std::string>;

void storage_that_runs_low_is_an_alarm_that_grows() {
    Bench it;
    it.look(100, 200);
    CHECK(it.list().empty());
    it.look(100, 199);
    CHECK(it.list() == Lines{"StorageLow cbc/storage/disk MINOR"});
    it.look(100, 99);
    CHECK(it.list() == Lines{"StorageLow cbc/storage/disk MAJOR"});
    it.look(951, 49);
    CHECK(it.list() ==
          (Lines{"StorageLow cbc/storage/disk CRITICAL", "StorageLow cbc/storage/quota CRITICAL"}));
    CHECK(it.shown("farol_storage_free_ratio{area=\"disk\"} 0.049"));
}

void storage_that_is_free_again_clears_its_alarm_after_the_damping() {
    Bench it;
    it.look(100, 10);
    it.look(100, 900);
    CHECK_EQ(it.list().size(), 1U);
    it.timers.advance(alarms::Alarms::kDamping);
    CHECK(it.list().empty());
    CHECK(it.shown("farol_storage_free_ratio{area=\"disk\"} 0.9"));
}

void a_store_without_room_is_unavailable_until_there_is_some() {
    Bench it;
    it.look(100, 900, store::Room::kEssential);
    CHECK(it.list() == Lines{"StorageLow cbc/storage/reserve CRITICAL"});
    it.look(100, 900, store::Room::kNone);
    CHECK(it.list() ==
          (Lines{"StorageLow cbc/storage/reserve CRITICAL", "StoreUnavailable cbc/store/room CRITICAL"}));
    it.look(100, 900);
    it.timers.advance(alarms::Alarms::kDamping);
    CHECK(it.list().empty());
}

void work_that_waits_long_is_a_backlog() {
    Bench it;
    it.figures.store.oldest = 4999ms;
    it.look(100, 900);
    CHECK(it.list().empty());
    it.figures.store.oldest = 5s;
    it.look(100, 900);
    CHECK(it.list() == Lines{"QueueBacklog cbc/queues/store WARNING"});
    it.figures.store.oldest = 0ms;
    it.figures.workers_oldest = 30s;
    it.look(100, 900);
    it.timers.advance(alarms::Alarms::kDamping);
    CHECK(it.list() == Lines{"QueueBacklog cbc/queues/workers MAJOR"});
    CHECK(it.shown("farol_jobs_oldest_timestamp_seconds{queue=\"store\"} 0"));
}

void a_store_that_cannot_be_measured_changes_no_alarm() {
    Bench it;
    it.look(100, 10);
    it.figures = {};
    it.capacity.look(it.figures);
    it.timers.advance(alarms::Alarms::kDamping);
    CHECK_EQ(it.list().size(), 1U);
}

}  // namespace

GROUP(capacity, CASE(storage_that_runs_low_is_an_alarm_that_grows),
      CASE(storage_that_is_free_again_clears_its_alarm_after_the_damping),
      CASE(a_store_without_room_is_unavailable_until_there_is_some), CASE(work_that_waits_long_is_a_backlog),
      CASE(a_store_that_cannot_be_measured_changes_no_alarm))
