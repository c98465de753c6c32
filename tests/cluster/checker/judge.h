// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The verdict on a whole history: every object by itself (a history is linearizable exactly when its part on
// each object is; Herlihy and Wing), what must hold without any search, and that all nodes ended in the same
// state with everything that was acknowledged in it. Pure.
#pragma once

#include <string>
#include <vector>

#include "tests/cluster/checker/search.h"

namespace checker {

struct Judgement {
    size_t operations = 0;
    size_t acknowledged = 0;
    size_t unknown = 0;
    size_t objects = 0;
    size_t final_nodes = 0;
    std::vector<std::string> violations;  // linearizability; a person reads them
    std::vector<std::string> losses;      // acknowledged and not there at the end, or nodes that differ
    std::vector<std::string> undecided;

    bool good() const { return violations.empty() && losses.empty() && undecided.empty(); }
};

enum class FinalReading { kWanted, kOptional };

Judgement judge(const History& history, const Limits& limits, FinalReading final_reading);

}  // namespace checker
