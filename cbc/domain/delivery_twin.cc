// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A Delivery whose peer the twin writes to, and what the twin's records tell it. "Maybe" is the safe belief:
// what is wanted is written again under the same serial number, which a peer that has it takes for a
// duplicate, and what is not wanted is killed.
#include "cbc/domain/delivery.h"

namespace cbc {

DeliveryEffects Delivery::leave_to_twin(Now now) {
    now_ = now;
    left_to_twin_ = true;
    assume_twin_wrote();
    each([&](CellRecord& record, const Place*) {
        if (record.state == DeliveryState::kNotConnected && !gone_) set(record, DeliveryState::kQueued);
    });
    return take();
}

DeliveryEffects Delivery::twin_left(Now now) {
    now_ = now;
    left_to_twin_ = false;
    if (fsm_ == delivery_fsm::State::kParked)
        each([&](CellRecord& record, const Place*) { show_waiting(record, DeliveryState::kNotConnected); });
    return take();
}

// It writes what is wanted without our hearing of each request. Refusals that it told of stand.
void Delivery::assume_twin_wrote() {
    each([&](CellRecord& record, const Place*) {
        if (record.holds != Holds::kNo || record.hold != Hold::kNone || !wanted_in(record)) return;
        record.holds = Holds::kMaybe;
        record.written = target_->revision;
    });
}

DeliveryEffects Delivery::learn(const DeliveryRecord& theirs, Learning how, Now now) {
    now_ = now;
    if (gone_) return {};
    // While we write there, our own record is as good as the twin's.
    if (how == Learning::kTakeOver && fsm_ == delivery_fsm::State::kParked) {
        take_record(theirs);
        effects_.emplace_back(std::in_place_type<Persist>);
        return take();
    }
    if (!note_left_there(theirs)) return {};
    effects_.emplace_back(std::in_place_type<Persist>);
    return changed(now);
}

void Delivery::take_record(const DeliveryRecord& theirs) {
    record_.cells.erase_if([](const auto& entry) { return !entry.second.reported_only; });
    for (const auto& [cell, record] : theirs.cells) record_.cells[cell] = record;
    record_.rest = theirs.rest;
    for (const auto& [revision, plan] : theirs.plans) record_.plans.insert_or_assign(revision, plan);
    if (target_) add_wanted_cells();
    assume_twin_wrote();
    changed_ = true;
}

bool Delivery::note_left_there(const DeliveryRecord& theirs) {
    bool any = false;
    const auto note = [&](CellRecord& mine, const CellRecord& record) {
        if (record.holds == Holds::kNo || mine.holds != Holds::kNo) return;
        mine.holds = Holds::kMaybe;
        mine.written = record.written;
        any = true;
    };
    for (const auto& [revision, plan] : theirs.plans) record_.plans.try_emplace(revision, plan);
    for (const auto& [cell, record] : theirs.cells) {
        if (record.holds == Holds::kNo) continue;
        note(add_cell(cell, DeliveryState::kQueued), record);
    }
    if (theirs.rest && theirs.rest->holds != Holds::kNo) {
        if (!record_.rest) record_.rest = CellRecord{.since = now_.civil, .wanted = wants_everything()};
        note(*record_.rest, *theirs.rest);
    }
    return any;
}

}  // namespace cbc
