// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The other CBC of the same operator, as the configuration names it.
#pragma once

#include <chrono>
#include <string>

namespace cbc {

struct TwinConfig {
    std::string url;          // https://host:port; empty: there is none
    std::string certificate;  // its URI, farol://<site>/cbc/<node>
    std::chrono::milliseconds lease{3'000};
    std::chrono::milliseconds start_wait{5'000};

    bool present() const { return !url.empty(); }
};

}  // namespace cbc
