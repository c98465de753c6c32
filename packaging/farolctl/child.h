// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Starting other programs.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "common/base/result.h"

namespace ctl {

struct Ran {
    int exit_code;       // 128 + number for one that a signal ended
    std::string output;  // both streams, at most 1 MiB
};

// Runs to the end; argv[0] is the program's path.
base::Result<Ran> run_program(const std::vector<std::string>& argv);

// Starts in a process group of its own, so that Ctrl-C reaches only us, with both streams appended to `log`.
// The kernel ends it when we are gone, however that went.
base::Result<pid_t> spawn(const std::vector<std::string>& argv, const std::string& log);

}  // namespace ctl
