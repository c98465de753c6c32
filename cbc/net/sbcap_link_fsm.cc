// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/sbcap_link_fsm.h"

namespace cbc::sbcap_link_fsm {

std::string_view to_string(State state) {
    switch (state) {
        case State::kDown:
            return "down";
        case State::kConnecting:
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
        case Event::kAccepted:
            return "accepted";
        case Event::kUp:
            return "up";
        case Event::kRestarted:
            return "restarted";
        case Event::kClosed:
            return "closed";
    }
    return "unknown";
}

}  // namespace cbc::sbcap_link_fsm
