// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One of each CBSP message and of each kind of list, for tests that want them all.
#pragma once

#include <string>
#include <vector>

#include "cbc/wire/cbsp_message.h"

namespace test {

struct CbspSample {
    std::string name;
    cbc::cbsp::Message message;
    std::string text;  // of a broadcast message
};

std::vector<CbspSample> cbsp_samples();

}  // namespace test
