// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The workload's command line; tests/cluster/checker/README.md explains it.
#pragma once

#include "common/base/result.h"
#include "tests/cluster/workload/context.h"

namespace workload {

enum class Mode { kRun, kFinal };

struct Call {
    Mode mode = Mode::kRun;
    Options options;
};

extern const char* const kUsage;

base::Result<Call> parse_call(const std::vector<std::string>& words);

}  // namespace workload
