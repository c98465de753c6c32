// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/delivery_fsm.h"

namespace cbc::delivery_fsm {

std::string_view to_string(State state) {
    switch (state) {
        case State::kParked:
            return "parked";
        case State::kDeciding:
            return "deciding";
        case State::kWriting:
            return "writing";
        case State::kKilling:
            return "killing";
        case State::kAsking:
            return "asking";
        case State::kPausing:
            return "pausing";
        case State::kSettled:
            return "settled";
    }
    return "unknown";
}

std::string_view to_string(Event event) {
    switch (event) {
        case Event::kLinkUp:
            return "link_up";
        case Event::kLinkDown:
            return "link_down";
        case Event::kChanged:
            return "changed";
        case Event::kNeedKill:
            return "need_kill";
        case Event::kNeedWrite:
            return "need_write";
        case Event::kNeedPause:
            return "need_pause";
        case Event::kNeedNothing:
            return "need_nothing";
        case Event::kWriteAnswered:
            return "write_answered";
        case Event::kKillAnswered:
            return "kill_answered";
        case Event::kStatusAnswered:
            return "status_answered";
        case Event::kTimeout:
            return "timeout";
        case Event::kProbe:
            return "probe";
    }
    return "unknown";
}

}  // namespace cbc::delivery_fsm
