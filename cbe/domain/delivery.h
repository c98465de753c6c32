// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the broadcast centres say about an alert: per network element and per cell.
//
// The states are the centre's own enumeration (its contract). "Sent" and "accepted" are not "on air": only
// `broadcasting` is, when the element reports that the cell has broadcast the message.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cbe/domain/alert_fsm.h"
#include "cbe/domain/cell.h"
#include "common/cbs/delivery_state.h"
#include "common/time/clock.h"

namespace cbe {

using cbs::delivery_state_of;
using cbs::DeliveryState;
using cbs::kAllDeliveryStates;
using cbs::to_string;

struct CellDelivery {
    Cell cell;
    DeliveryState state = DeliveryState::kQueued;
    std::string cause;  // in words; empty: none
    base::Instant since{};
};

struct PeerDelivery {
    std::string peer;
    DeliveryState state = DeliveryState::kQueued;
    std::string cause;
    base::Instant since{};
};

// What one broadcast centre said last.
struct CbcDelivery {
    std::string cbc;
    std::string state;  // the centre's word for the whole alert: "sending", "broadcasting", "stopped" …
    std::vector<PeerDelivery> peers;
    std::vector<CellDelivery> cells;
    uint16_t revision = 1;  // that it speaks of
};

// Cells by state; states without a cell are absent.
using DeliveryCounts = std::map<DeliveryState, size_t>;
DeliveryCounts count_cells(const std::vector<CbcDelivery>& deliveries);

// At least one network element has confirmed that it is on air.
bool any_confirmed(const CbcDelivery& delivery);

// The second badge of an alert (A3): not a status.
enum class Health {
    kNone,
    kNotOnAir,
    kAllConfirmed,
    kPartlyConfirmed,
    kDeliveryProblem,
    kStopNotConfirmed,
    kTraining,
};
std::string_view to_string(Health health);

enum class Mode { kLive, kTraining };
std::string_view to_string(Mode mode);

Health health_of(Mode mode, Status status, const std::vector<CbcDelivery>& deliveries);

}  // namespace cbe
