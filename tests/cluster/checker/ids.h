// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Unique identifiers: no id is given twice, none that was given is ever missing, and reads of the whole set
// fit into one order with the times at which the ids were given. Exact, in about n log n; pure.
#pragma once

#include <string>
#include <vector>

#include "tests/cluster/checker/history.h"

namespace checker {

// What is wrong, as sentences for a person with the operations concerned; empty when all is well. The first
// ten. `operations`: those on the set, by time of invocation. `origin`: the time that is shown as 0.
std::vector<std::string> check_ids(const std::vector<const Operation*>& operations, int64_t origin);

}  // namespace checker
