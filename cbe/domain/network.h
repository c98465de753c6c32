// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The broadcast centres as last heard from, and their network elements.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/time/clock.h"

namespace cbe {

struct NetworkPeer {
    std::string name;
    std::string kind;  // "cbsp"
    bool up = false;
    std::optional<base::Instant> since;
    friend bool operator==(const NetworkPeer&, const NetworkPeer&) = default;
};

enum class CbcState { kUnknown, kUp, kDown, kNotUsedTraining };
std::string_view to_string(CbcState state);

struct CbcStatus {
    std::string name;
    CbcState state = CbcState::kUnknown;
    std::optional<base::Instant> since;
    std::string text;  // why it is down
    std::vector<NetworkPeer> peers;
};

struct Network {
    std::vector<CbcStatus> cbcs;
    std::optional<bool> clock_synchronised;  // of this machine; nothing: not known

    bool any_up() const;
};

}  // namespace cbe
