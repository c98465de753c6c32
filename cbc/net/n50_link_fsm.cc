// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/n50_link_fsm.h"

namespace cbc::n50_link_fsm {

std::string_view to_string(State state) {
    switch (state) {
        case State::kDown:
            return "down";
        case State::kSubscribing:
            return "connecting";
        case State::kReady:
            return "up";
    }
    return "unknown";
}

std::string_view to_string(Event event) {
    switch (event) {
        case Event::kConnect:
            return "connect";
        case Event::kSubscribed:
            return "subscribed";
        case Event::kRenew:
            return "renew";
        case Event::kFailed:
            return "failed";
        case Event::kTimeout:
            return "timeout";
    }
    return "unknown";
}

}  // namespace cbc::n50_link_fsm
