// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/cbs/delivery_state.h"

namespace cbs {

std::string_view to_string(DeliveryState state) {
    switch (state) {
        case DeliveryState::kQueued:
            return "queued";
        case DeliveryState::kSent:
            return "sent";
        case DeliveryState::kAccepted:
            return "accepted";
        case DeliveryState::kBroadcasting:
            return "broadcasting";
        case DeliveryState::kRefused:
            return "refused";
        case DeliveryState::kNoAnswer:
            return "no_answer";
        case DeliveryState::kNotConnected:
            return "not_connected";
        case DeliveryState::kStopSent:
            return "stop_sent";
        case DeliveryState::kStopped:
            return "stopped";
        case DeliveryState::kStopFailed:
            return "stop_failed";
        case DeliveryState::kUnknownCell:
            return "unknown_cell";
        case DeliveryState::kNotSentTraining:
            return "not_sent_training";
        case DeliveryState::kScheduled:
            return "scheduled";
        case DeliveryState::kNotReported:
            return "not_reported";
        case DeliveryState::kUnknownToPeer:
            return "unknown_to_peer";
    }
    return "unknown";
}

std::optional<DeliveryState> delivery_state_of(std::string_view word) {
    for (const DeliveryState state : kAllDeliveryStates)
        if (to_string(state) == word) return state;
    return {};
}

}  // namespace cbs
