// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/store.h"

namespace store {

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::kOk:
            return "ok";
        case Outcome::kRefused:
            return "refused";
        case Outcome::kNotLeader:
            return "not-leader";
        case Outcome::kUnknown:
            return "unknown";
    }
    return "";
}

}  // namespace store
