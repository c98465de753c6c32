// SPDX-License-Identifier: AGPL-3.0-or-later
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "common/metrics/metrics.h"

namespace metrics {
namespace {

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double resident_octets() {
    std::ifstream in("/proc/self/statm");
    double all = 0, resident = 0;
    in >> all >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double open_descriptors() {
    std::error_code error;
    const auto folder = std::filesystem::directory_iterator("/proc/self/fd", error);
    return error ? 0 : static_cast<double>(std::distance(begin(folder), end(folder)));
}

double descriptor_limit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    return static_cast<double>(limit.rlim_cur);
}

}  // namespace

void add_process_metrics(Registry& registry) {
    const Counter cpu = registry.counter("process_cpu_seconds_total", "User and system time spent.");
    const Gauge memory = registry.gauge("process_resident_memory_bytes", "Resident memory.");
    const Gauge open = registry.gauge("process_open_fds", "Open descriptors.");
    const Gauge most = registry.gauge("process_max_fds", "How many descriptors may be open.");
    const Gauge start = registry.gauge("process_start_time_seconds", "When the process started, since 1970.");
    const base::SystemClock clock;
    start.set(std::chrono::duration<double>(clock.now().time_since_epoch()).count());
    registry.before_text([cpu, memory, open, most] {
        cpu.add(std::max(0.0, cpu_seconds() - cpu.value()));
        memory.set(resident_octets());
        open.set(open_descriptors());
        most.set(descriptor_limit());
    });
}

}  // namespace metrics
