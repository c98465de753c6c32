// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How far a warning has come at a network element or a cell: the words that cbcd's contract has and cbed
// shows.
//
// "Sent" and "accepted" are not "on air": only kBroadcasting is, when the element reports that the cell has
// broadcast the message.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cbs {

enum class DeliveryState : uint8_t {
    kQueued,
    kSent,
    kAccepted,
    kBroadcasting,
    kRefused,
    kNoAnswer,
    kNotConnected,
    kStopSent,
    kStopped,
    kStopFailed,
    kUnknownCell,
    kNotSentTraining,
    kScheduled,
    kNotReported,
    kUnknownToPeer,
};
inline constexpr std::array kAllDeliveryStates{
    DeliveryState::kQueued,       DeliveryState::kSent,        DeliveryState::kAccepted,
    DeliveryState::kBroadcasting, DeliveryState::kRefused,     DeliveryState::kNoAnswer,
    DeliveryState::kNotConnected, DeliveryState::kStopSent,    DeliveryState::kStopped,
    DeliveryState::kStopFailed,   DeliveryState::kUnknownCell, DeliveryState::kNotSentTraining,
    DeliveryState::kScheduled,    DeliveryState::kNotReported, DeliveryState::kUnknownToPeer,
};

// The contract's word: "not_connected".
std::string_view to_string(DeliveryState state);
std::optional<DeliveryState> delivery_state_of(std::string_view word);

}  // namespace cbs
