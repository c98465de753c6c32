// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Looks for an order of the operations on one object that explains every answer: the history is linearizable
// when there is one in which each operation comes between its invocation and its return.
//
// It walks through invocations and returns in the order of time with the set of all explanations so far
// (which of the open operations have happened, and the state; Wing and Gong, with Lowe's rule that a change
// is placed only when a return forces it). When an operation returns and no explanation can place it, that
// operation is where the history breaks. Reads and refusals are placed as soon as the state fits, which never
// takes an explanation away.
//
// Changes of unknown outcome stay open for ever. They are used only where they make something else possible
// that was not (twins: the one invoked first), first one at a time and then in longer chains; README.md says
// why nothing is lost.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tests/cluster/checker/model.h"

namespace checker {

enum class Verdict { kLinearizable, kViolation, kUndecided };

struct Limits {
    std::chrono::milliseconds time{10'000};  // for one object
    size_t steps = 40'000'000;               // operations placed, over all explanations tried
    size_t explanations = 200'000;           // at any one moment
};

// How far one explanation came.
struct Attempt {
    State state;
    std::vector<const Operation*> order;  // what it placed since the last certain state
};

struct Finding {
    Verdict verdict = Verdict::kLinearizable;
    std::string undecided_because;
    size_t steps = 0;

    // Of a violation.
    const Operation* culprit = nullptr;    // the first to return that cannot be placed
    State certain;                         // the last state in which all explanations agreed
    std::vector<const Operation*> before;  // placed before it, the latest last
    std::vector<const Operation*> after;   // not placed then and invoked before the culprit returned
    std::vector<Attempt> attempts;         // some explanations, just before the culprit
};

// `operations`: of one object, all relevant (is_relevant), by time of invocation.
Finding search(const Model& model, const State& initial, const std::vector<const Operation*>& operations,
               const Limits& limits);

}  // namespace checker
