// SPDX-License-Identifier: AGPL-3.0-or-later
//
// std.hh and JSON, for the files that include <nlohmann/json.hpp>.
#include "tests/support/pch/std.hh"

#include <nlohmann/json.hpp>
