// SPDX-License-Identifier: AGPL-3.0-or-later
//
// From what each daemon says of itself to one word for the machine, with the reasons.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace ctl {

enum class Verdict { kOk, kDegraded, kDown };
std::string_view to_string(Verdict verdict);

struct DaemonStatus {
    std::string daemon;
    Verdict verdict = Verdict::kDown;
    std::string version;
    std::string phase;
    int64_t pid = 0;
    int64_t uptime_s = 0;
    std::vector<std::string> reasons;  // "bsc-1: not connected"
    std::string cluster;               // "follows vm-a"; empty: the daemon runs alone
};

// From the body of GET /control/status.
base::Result<DaemonStatus> read_status(std::string_view body);
// One that does not answer is down.
DaemonStatus silent(std::string_view daemon, const base::Error& why);

// The worst of all; a machine without a daemon is down.
Verdict overall(const std::vector<DaemonStatus>& daemons);

std::string text_of(const std::vector<DaemonStatus>& daemons);
nlohmann::json json_of(const std::vector<DaemonStatus>& daemons);

// "3 d 4 h", "12 min", "7 s"
std::string duration_text(int64_t seconds);

}  // namespace ctl
