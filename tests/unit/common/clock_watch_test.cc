// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/clock_watch.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/fake_timers.h"
#include "tests/support/store.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

using namespace std::chrono_literals;

namespace {

struct Bench {
    void source_runs() { std::filesystem::create_directories(source); }
    void exchange() {
        std::ofstream(source / "synchronized").close();
        const auto now =
            std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch()).count();
        const timespec times[2] = {{now, 0}, {now, 0}};
        CHECK_EQ(utimensat(AT_FDCWD, (source / "synchronized").c_str(), times, 0), 0);
    }
    std::string severity() const {
        const auto active = alarms.active();
        return active.empty() ? "" : std::string(to_string(active.front()->severity));
    }
    bool shown(const std::string& value) {
        return registry.text().find("\nfarol_time_synchronised " + value + "\n") != std::string::npos;
    }
    void after(std::chrono::minutes time) {
        timers.advance(time);
        watch.look();
    }

    test::TempDir dir;
    std::filesystem::path source = std::filesystem::path(dir.path()) / "timesync";
    test::StoreBench bench;
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    alarms::Alarms alarms{{bench.store(), timers, clock}, logs::Log::discard()};
    metrics::Registry registry;
    frame::ClockWatch watch{{alarms, registry, clock, "cbe", source}};
};

void without_timesyncd_it_is_not_known_and_no_alarm() {
    Bench it;
    it.after(120min);
    CHECK(!it.watch.synchronised());
    CHECK(it.shown("-1"));
    CHECK_EQ(it.severity(), "");
}

void a_recent_exchange_is_a_clock_that_follows() {
    Bench it;
    it.source_runs();
    it.exchange();
    it.after(119min);
    CHECK(it.watch.synchronised() == true);
    CHECK(it.shown("1"));
}

void a_source_that_went_silent_is_an_alarm_that_grows_and_goes() {
    Bench it;
    it.source_runs();
    it.exchange();
    it.after(121min);
    CHECK(it.watch.synchronised() == false);
    CHECK(it.shown("0"));
    it.after(9min);
    CHECK_EQ(it.severity(), "");
    it.after(1min);
    CHECK_EQ(it.severity(), "MINOR");
    it.after(50min);
    CHECK_EQ(it.severity(), "MAJOR");
    it.exchange();
    it.after(0min);
    it.timers.advance(alarms::Alarms::kDamping);
    CHECK_EQ(it.severity(), "");
}

void a_clock_that_never_found_a_source_is_an_alarm() {
    Bench it;
    it.source_runs();
    it.after(0min);
    it.after(10min);
    CHECK_EQ(it.severity(), "MINOR");
}

}  // namespace

GROUP(clock_watch, CASE(without_timesyncd_it_is_not_known_and_no_alarm),
      CASE(a_recent_exchange_is_a_clock_that_follows),
      CASE(a_source_that_went_silent_is_an_alarm_that_grows_and_goes),
      CASE(a_clock_that_never_found_a_source_is_an_alarm))
