// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/network.h"

#include <algorithm>

namespace cbe {

std::string_view to_string(CbcState state) {
    switch (state) {
        case CbcState::kUnknown:
            return "unknown";
        case CbcState::kUp:
            return "up";
        case CbcState::kDown:
            return "down";
        case CbcState::kNotUsedTraining:
            return "not_used_training";
    }
    return "unknown";
}

bool Network::any_up() const {
    return std::any_of(cbcs.begin(), cbcs.end(),
                       [](const CbcStatus& cbc) { return cbc.state == CbcState::kUp; });
}

}  // namespace cbe
