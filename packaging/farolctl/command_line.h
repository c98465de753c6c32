// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The words of farolctl: `farolctl NOUN VERB`, what each takes, and the function behind it.
#pragma once

#include "packaging/farolctl/answer.h"

namespace ctl {

// Reads the command line and does what it says. --help, --version and mistakes (exit code 2) end here too.
int run(int argc, char** argv);

}  // namespace ctl
