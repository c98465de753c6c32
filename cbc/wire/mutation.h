// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A switch for `make conformance`, which wants to see that a test fails when an encoder forgets an element:
// encoders ask is_dropped() before each. It is compiled to nothing in everything that is shipped.
//
// Where FAROL_MUTATIONS is defined (to the protocol's name, "cbsp" say), the environment's FAROL_MUTATE names
// the element that is left out, as in "cbsp.KILL.Cell-List"; with "names" each element asked for is told on
// the standard error.
#pragma once

#include <string_view>

#ifdef FAROL_MUTATIONS
#include <cstdio>
#include <cstdlib>
#include <string>
#endif

namespace cbc::wire {
namespace {

#ifdef FAROL_MUTATIONS
[[maybe_unused]] bool is_dropped(std::string_view message, std::string_view element) {
    const char* wanted = std::getenv("FAROL_MUTATE");
    if (wanted == nullptr) return false;
    const std::string name =
        std::string(FAROL_MUTATIONS) + "." + std::string(message) + "." + std::string(element);
    if (std::string_view(wanted) == "names") std::fprintf(stderr, "element %s\n", name.c_str());
    return name == wanted;
}
#else
[[maybe_unused]] constexpr bool is_dropped(std::string_view, std::string_view) { return false; }
#endif

}  // namespace
}  // namespace cbc::wire
