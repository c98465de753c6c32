// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Writes a history (tests/cluster/checker/README.md has the format), one line by one write(2), so that what
// was sent is on record even when this process is killed. A file that is there already is continued.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "common/base/fd.h"
#include "common/base/result.h"

namespace workload {

// CLOCK_MONOTONIC, which all processes of the machine share.
int64_t now_ns();

class Recorder {
 public:
    static base::Result<Recorder> open(const std::string& path);

    // A number that nothing else in this history has: of an operation, in a key, of a process.
    uint64_t fresh() { return ++last_; }

    // A history with a hole proves nothing: when the disk refuses, the process ends.
    void write(const nlohmann::json& line);

 private:
    Recorder(base::Fd file, uint64_t last) : file_(std::move(file)), last_(last) {}

    base::Fd file_;
    uint64_t last_;
};

}  // namespace workload
