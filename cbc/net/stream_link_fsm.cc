// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/stream_link_fsm.h"

namespace cbc::stream_link_fsm {

std::string_view to_string(State state) {
    switch (state) {
        case State::kDown:
            return "down";
        case State::kConnecting:
            return "connecting";
        case State::kAwaitRestart:
        case State::kDeciding:
        case State::kResetting:
            return "starting";
        case State::kReady:
            return "up";
    }
    return "unknown";
}

std::string_view to_string(Event event) {
    switch (event) {
        case Event::kConnect:
            return "connect";
        case Event::kOpened:
            return "opened";
        case Event::kRestartSeen:
            return "restart_seen";
        case Event::kTimeout:
            return "timeout";
        case Event::kNeedReset:
            return "need_reset";
        case Event::kKeepWarnings:
            return "keep_warnings";
        case Event::kResetComplete:
            return "reset_complete";
        case Event::kResetFailed:
            return "reset_failed";
        case Event::kClosed:
            return "closed";
    }
    return "unknown";
}

}  // namespace cbc::stream_link_fsm
