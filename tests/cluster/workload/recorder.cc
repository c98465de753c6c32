// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/workload/recorder.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>

namespace workload {
namespace {

void write_all(int fd, const std::string& text) {
    size_t done = 0;
    while (done < text.size()) {
        const ssize_t count = ::write(fd, text.data() + done, text.size() - done);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            std::perror("workload: the history cannot be written");
            std::exit(2);
        }
        done += static_cast<size_t>(count);
    }
}

struct Before {
    uint64_t last = 0;       // the largest number used
    std::string whole;       // all whole lines
    bool ends_torn = false;  // and then one without an end
};

Before read_before(const std::string& path) {
    Before before;
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
        if (file.eof()) {
            before.ends_torn = true;
            break;
        }
        const auto event = nlohmann::json::parse(line, nullptr, false);
        for (const char* name : {"id", "process", "fresh"})
            if (event.is_object() && event.contains(name) && event[name].is_number_unsigned())
                before.last = std::max(before.last, event[name].get<uint64_t>());
        before.whole += line + "\n";
    }
    return before;
}

}  // namespace

int64_t now_ns() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

base::Result<Recorder> Recorder::open(const std::string& path) {
    const Before before = read_before(path);
    base::Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (file.get() < 0) return base::io_error("open " + path, errno);
    // A torn line is one that a killed client could not finish: what it was about is of unknown outcome.
    if (before.ends_torn && ::ftruncate(file.get(), static_cast<off_t>(before.whole.size())) != 0)
        return base::io_error("cut the torn line of " + path, errno);
    return Recorder(std::move(file), before.last);
}

void Recorder::write(const nlohmann::json& line) { write_all(file_.get(), line.dump() + "\n"); }

}  // namespace workload
