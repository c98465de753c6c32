// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/delivery_tally.h"

namespace cbc {
namespace {

bool is_accepted(DeliveryState state) {
    return state == DeliveryState::kAccepted || state == DeliveryState::kScheduled ||
           state == DeliveryState::kBroadcasting || state == DeliveryState::kNotReported;
}

bool is_failed(DeliveryState state) {
    return state == DeliveryState::kRefused || state == DeliveryState::kNoAnswer ||
           state == DeliveryState::kUnknownToPeer;
}

bool is_busy(delivery_fsm::State state) {
    using State = delivery_fsm::State;
    return state == State::kDeciding || state == State::kWriting || state == State::kKilling;
}

}  // namespace

CellTally& CellTally::operator+=(const CellTally& other) {
    wanted += other.wanted;
    accepted += other.accepted;
    failed += other.failed;
    return *this;
}

CellTally& CellTally::operator-=(const CellTally& other) {
    wanted -= other.wanted;
    accepted -= other.accepted;
    failed -= other.failed;
    return *this;
}

CellTally CellTallies::sum() const {
    CellTally all;
    for (const CellTally& one : of) all += one;
    return all;
}

CellTallies& CellTallies::operator+=(const CellTallies& other) {
    for (size_t i = 0; i < of.size(); ++i) of[i] += other.of[i];
    return *this;
}

CellTallies& CellTallies::operator-=(const CellTallies& other) {
    for (size_t i = 0; i < of.size(); ++i) of[i] -= other.of[i];
    return *this;
}

DeliveryTally::Noted DeliveryTally::look_at(const Delivery& delivery) {
    Noted noted;
    noted.on_air = delivery.on_air() != Delivery::OnAir::kNowhere;
    noted.busy = is_busy(delivery.fsm_state());
    noted.wanted = delivery.wanted();
    if (!noted.wanted) return noted;
    bool any_accepted = false;
    for (const auto& [cell, record] : delivery.cells()) {
        if (!delivery.wanted_in(record)) continue;
        CellTally& tally = noted.cells[cell.technology];
        ++tally.wanted;
        tally.accepted += is_accepted(record.state);
        tally.failed += is_failed(record.state);
        any_accepted = any_accepted || is_accepted(record.state);
    }
    // A peer that has named no cell yet speaks for all of its own.
    const bool unnamed = delivery.cells().empty() && delivery.rest() && is_accepted(delivery.rest()->state);
    noted.accepted = any_accepted || unnamed;
    return noted;
}

void DeliveryTally::note(const DeliveryKey& key, const Delivery& delivery) {
    const Noted now = look_at(delivery);
    Noted& before = noted_[key];
    wanted_ = wanted_ - before.wanted + now.wanted;
    accepted_ = accepted_ - before.accepted + now.accepted;
    on_air_ = on_air_ - before.on_air + now.on_air;
    busy_ = busy_ - before.busy + now.busy;
    cells_ -= before.cells;
    cells_ += now.cells;
    before = now;
    deadlines_.set(key, delivery.deadline());
}

}  // namespace cbc
