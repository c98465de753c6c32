// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/metrics/metrics.h"

#include "tests/support/test.h"

namespace {

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

void a_series_stands_at_zero_from_the_start() {
    metrics::Registry registry;
    const auto accepted = registry.counter("farol_x_total", "What x is.", {{"result", "accepted"}});
    registry.counter("farol_x_total", "What x is.", {{"result", "refused"}});
    accepted.add();
    accepted.add(2);
    const std::string text = registry.text();
    CHECK(has_line(text, "# HELP farol_x_total What x is."));
    CHECK(has_line(text, "# TYPE farol_x_total counter"));
    CHECK(has_line(text, "farol_x_total{result=\"accepted\"} 3"));
    CHECK(has_line(text, "farol_x_total{result=\"refused\"} 0"));
}

void asking_again_gives_the_same_series() {
    metrics::Registry registry;
    registry.gauge("farol_y", "Y.").set(7);
    CHECK_EQ(registry.gauge("farol_y", "Y.").value(), 7);
}

void what_is_removed_is_not_shown_and_begins_anew() {
    metrics::Registry registry;
    const auto one = registry.counter("farol_peers_total", "P.", {{"peer", "a"}});
    const auto up = registry.gauge("farol_peer", "P.", {{"peer", "a"}});
    registry.counter("farol_peers_total", "P.", {{"peer", "b"}}).add(2);
    one.add();
    registry.remove("farol_peers_total", one);
    registry.remove("farol_peer", up);
    CHECK(registry.text().find("\"a\"") == std::string::npos);
    CHECK(has_line(registry.text(), "farol_peers_total{peer=\"b\"} 2"));
    CHECK_EQ(registry.counter("farol_peers_total", "P.", {{"peer", "a"}}).value(), 0);
}

void a_histogram_counts_into_its_buckets() {
    metrics::Registry registry;
    const auto seconds = registry.histogram("farol_z_seconds", "Z.", {}, {0.01, 0.1});
    seconds.observe(std::chrono::milliseconds{50});
    const std::string text = registry.text();
    CHECK(has_line(text, "farol_z_seconds_bucket{le=\"0.01\"} 0"));
    CHECK(has_line(text, "farol_z_seconds_bucket{le=\"0.1\"} 1"));
    CHECK(has_line(text, "farol_z_seconds_bucket{le=\"+Inf\"} 1"));
    CHECK(has_line(text, "farol_z_seconds_count 1"));
}

void gauges_are_brought_up_to_date_before_they_are_written() {
    metrics::Registry registry;
    const auto depth = registry.gauge("farol_depth", "D.");
    registry.before_text([depth] { depth.set(42); });
    CHECK(has_line(registry.text(), "farol_depth 42"));
}

void the_process_is_described() {
    metrics::Registry registry;
    metrics::add_process_metrics(registry);
    const std::string text = registry.text();
    for (const char* name : {"process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds",
                             "process_max_fds", "process_start_time_seconds"})
        CHECK(text.find("\n" + std::string(name) + " ") != std::string::npos);
}

}  // namespace

GROUP(metrics, CASE(a_series_stands_at_zero_from_the_start), CASE(asking_again_gives_the_same_series),
      CASE(what_is_removed_is_not_shown_and_begins_anew), CASE(a_histogram_counts_into_its_buckets),
      CASE(gauges_are_brought_up_to_date_before_they_are_written), CASE(the_process_is_described))
