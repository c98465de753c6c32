// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a peer tells by itself, later than its answer: where a message is on the air, or off it. TS 29.168
// §4.3.3C, §4.3.3D; TS 38.413 §8.9.1, §8.9.2.
#include <algorithm>

#include "cbc/domain/delivery.h"

namespace cbc {
namespace {

// More cells than a peer serves; what it names beyond them is not kept.
constexpr size_t kNamedCellsMax = 100'000;

}  // namespace

// None: the cell is none of ours, or is one too many.
CellRecord* Delivery::record_for_report(const Place& cell) {
    const auto known = record_.cells.find(cell);
    if (known != record_.cells.end()) return &known->second;
    if (!target_ || record_.cells.size() >= kNamedCellsMax) return nullptr;
    const auto* chosen = std::get_if<PlaceSet>(&target_->area);
    const bool inside =
        chosen == nullptr || std::any_of(chosen->begin(), chosen->end(),
                                         [](const Place& place) { return place.kind != PlaceKind::kCell; });
    if (!inside) return nullptr;
    CellRecord fresh{.since = now_.civil, .holds = Holds::kYes, .written = target_->revision};
    fresh.reported_only = true;
    fresh.wanted = wants_everything();
    return &record_.cells.try_emplace(cell, fresh).first->second;
}

DeliveryEffects Delivery::reported(const Report& report, Now now) {
    now_ = now;
    const bool present = target_ && target_->plan.serial == report.serial;
    bool gone = false;
    for (const CellCount& one : report.cells) {
        const auto cell = one.cell.exact();
        CellRecord* record = cell ? record_for_report(*cell) : nullptr;
        if (record == nullptr) continue;
        if (one.broadcasts && record->broadcasts != one.broadcasts) {
            record->broadcasts = one.broadcasts;
            changed_ = true;
        }
        if (report.kind == ReportKind::kScheduled) {
            if (!present || !wanted_in(*record)) continue;
            record->holds = Holds::kYes;
            record->written = target_->revision;
            set(*record, DeliveryState::kScheduled);
            continue;
        }
        if (!present || !wanted_in(*record)) {
            if (record->reported_only || record->holds == Holds::kNo) set(*record, DeliveryState::kStopped);
            continue;
        }
        // Off the air there though it is wanted: it is asked for by name.
        record->reported_only = false;
        record->holds = Holds::kNo;
        set(*record, DeliveryState::kQueued);
        gone = true;
    }
    if (gone) fire(Event::kChanged);
    return take();
}

// Requests speak of areas; when nothing is left of them, nothing is left of the cells in them.
void Delivery::stop_reported() {
    if (target_ || on_air() != OnAir::kNowhere) return;
    for (auto& [cell, record] : record_.cells)
        if (record.reported_only) set(record, DeliveryState::kStopped);
}

void Delivery::await_reports() {
    const auto waits = [&](const CellRecord& record, const Place*) {
        return record.state == DeliveryState::kAccepted && wanted_in(record);
    };
    bool any = false;
    each([&](const CellRecord& record, const Place* cell) { any = any || waits(record, cell); });
    if (any) deadline_ = now_.ticks + tuning_.report_wait;
}

// Accepted is not on the air: whoever has not been heard of is shown so.
void Delivery::note_unreported() {
    each([&](CellRecord& record, const Place* cell) {
        // An area is spoken of by its cells.
        if (cell == nullptr || cell->kind != PlaceKind::kCell) return;
        if (record.state == DeliveryState::kAccepted && wanted_in(record))
            set(record, DeliveryState::kNotReported);
    });
}

}  // namespace cbc
