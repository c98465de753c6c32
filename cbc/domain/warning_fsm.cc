// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/warning_fsm.h"

namespace cbc::warning_fsm {

std::string_view to_string(State state) {
    switch (state) {
        case State::kNew:
            return "new";
        case State::kScheduled:
            return "scheduled";
        case State::kSending:
            return "sending";
        case State::kBroadcasting:
            return "broadcasting";
        case State::kEnding:
            return "ending";
        case State::kEnded:
            return "ended";
        case State::kStopping:
            return "stopping";
        case State::kStopped:
            return "stopped";
        case State::kTraining:
            return "not_sent_training";
        case State::kForgotten:
            return "forgotten";
    }
    return "unknown";
}

std::string_view to_string(Event event) {
    switch (event) {
        case Event::kForTraining:
            return "for_training";
        case Event::kNotYetDue:
            return "not_yet_due";
        case Event::kDue:
            return "due";
        case Event::kOver:
            return "over";
        case Event::kStartReached:
            return "start_reached";
        case Event::kEndReached:
            return "end_reached";
        case Event::kStop:
            return "stop";
        case Event::kFirstAccepted:
            return "first_accepted";
        case Event::kNoneAccepted:
            return "none_accepted";
        case Event::kAllOff:
            return "all_off";
        case Event::kForget:
            return "forget";
    }
    return "unknown";
}

}  // namespace cbc::warning_fsm
