// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/delivery.h"

#include <algorithm>

namespace cbe {
namespace {

// A cell that nobody has to serve is no reason to worry: other operators' cells, and those already off the
// air.
bool is_expected(DeliveryState state) {
    return state != DeliveryState::kUnknownCell && state != DeliveryState::kNotSentTraining;
}

bool is_problem(DeliveryState state) {
    return state == DeliveryState::kRefused || state == DeliveryState::kNoAnswer ||
           state == DeliveryState::kNotConnected || state == DeliveryState::kUnknownToPeer;
}

Health live_health(const std::vector<CbcDelivery>& deliveries) {
    size_t expected = 0;
    size_t confirmed = 0;
    bool problem = false;
    for (const CbcDelivery& delivery : deliveries) {
        for (const PeerDelivery& peer : delivery.peers) problem = problem || is_problem(peer.state);
        for (const CellDelivery& cell : delivery.cells) {
            if (!is_expected(cell.state)) continue;
            ++expected;
            confirmed +=
                cell.state == DeliveryState::kBroadcasting || cell.state == DeliveryState::kScheduled;
            problem = problem || is_problem(cell.state);
        }
    }
    if (problem) return Health::kDeliveryProblem;
    if (confirmed == 0) return Health::kNotOnAir;
    return confirmed == expected ? Health::kAllConfirmed : Health::kPartlyConfirmed;
}

// What has to go off the air: every peer that may have taken it, until it says so.
bool stop_confirmed(const std::vector<CbcDelivery>& deliveries) {
    return std::all_of(deliveries.begin(), deliveries.end(), [](const CbcDelivery& delivery) {
        return delivery.state == "stopped" || delivery.state == "ended" ||
               delivery.state == "not_sent_training";
    });
}

}  // namespace

DeliveryCounts count_cells(const std::vector<CbcDelivery>& deliveries) {
    DeliveryCounts counts;
    for (const CbcDelivery& delivery : deliveries)
        for (const CellDelivery& cell : delivery.cells) ++counts[cell.state];
    return counts;
}

bool any_confirmed(const CbcDelivery& delivery) {
    return std::any_of(delivery.cells.begin(), delivery.cells.end(),
                       [](const CellDelivery& cell) { return cell.state == DeliveryState::kBroadcasting; });
}

std::string_view to_string(Health health) {
    switch (health) {
        case Health::kNone:
            return "none";
        case Health::kNotOnAir:
            return "not_on_air";
        case Health::kAllConfirmed:
            return "all_confirmed";
        case Health::kPartlyConfirmed:
            return "partly_confirmed";
        case Health::kDeliveryProblem:
            return "delivery_problem";
        case Health::kStopNotConfirmed:
            return "stop_not_confirmed";
        case Health::kTraining:
            return "training";
    }
    return "unknown";
}

std::string_view to_string(Mode mode) {
    switch (mode) {
        case Mode::kLive:
            return "live";
        case Mode::kTraining:
            return "training";
    }
    return "unknown";
}

Health health_of(Mode mode, Status status, const std::vector<CbcDelivery>& deliveries) {
    switch (status) {
        case Status::kDraft:
        case Status::kPendingApproval:
        case Status::kReturned:
        case Status::kRejected:
        case Status::kDiscarded:
            return Health::kNone;
        case Status::kApproved:
        case Status::kBroadcasting:
            return mode == Mode::kTraining ? Health::kTraining : live_health(deliveries);
        case Status::kCancelled:
            if (mode == Mode::kTraining) return Health::kTraining;
            return stop_confirmed(deliveries) ? Health::kNone : Health::kStopNotConfirmed;
        case Status::kCompleted:
        case Status::kSuperseded:
        case Status::kFailed:
            return mode == Mode::kTraining ? Health::kTraining : Health::kNone;
    }
    return Health::kNone;
}

}  // namespace cbe
