// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A violation for a person's eyes: the shortest part of the history found that no order explains. Pure.
#pragma once

#include <string>

#include "tests/cluster/checker/search.h"

namespace checker {

// "12.345678 .. 12.350001  client 3 at b: register.write 5 -> ok", in seconds since `origin`.
std::string line_of(const Operation& operation, int64_t origin);

// Leaves out what the contradiction does not need. Reads and refusals only: each that is left out asks for
// less, so what remains is a contradiction of the whole history too; a change left out would make reads wrong
// that are right.
Finding shorten(const Model& model, Finding finding, const Limits& limits);

std::string explain(const Model& model, const std::string& object, const Finding& finding, int64_t origin);

}  // namespace checker
