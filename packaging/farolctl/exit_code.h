// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How farolctl ends. Scripts rely on these numbers.
#pragma once

#include "common/base/error.h"

namespace ctl {

enum class ExitCode {
    kOk = 0,
    kFailed = 1,
    kUsage = 2,
    kNotFound = 3,
    kRefused = 4,  // by a rule: a permission, a state, a second person who is missing
    kPartly = 5,
    kTimeout = 6,
    kNotLeader = 7,  // another node must do it, or there is none that leads
};

ExitCode exit_code_of(base::ErrorKind kind);
ExitCode exit_code_of_status(int http_status);

}  // namespace ctl
