// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/targeting.h"

#include <algorithm>
#include <tuple>

namespace cbc {
namespace {

void add_rows(Targets& targets, const std::vector<uint32_t>& rows, ChosenBy reason) {
    for (const uint32_t row : rows) targets.cells.push_back({targets.table.rows()[row].identity, reason});
}

void add_area(Targets& targets, const Place& area) {
    const auto& rows = targets.table.rows_in(area);
    if (rows.empty()) {
        targets.unknown.push_back(area);
        return;
    }
    add_rows(targets, rows, area.kind == PlaceKind::kArea ? ChosenBy::kArea : ChosenBy::kEmergencyArea);
    targets.areas.push_back(area);
}

void keep_first_reasons(std::vector<ChosenCell>& cells) {
    const auto key = [](const ChosenCell& one) { return std::tie(one.cell, one.by); };
    std::sort(cells.begin(), cells.end(),
              [&](const ChosenCell& a, const ChosenCell& b) { return key(a) < key(b); });
    const auto same = [](const ChosenCell& a, const ChosenCell& b) { return a.cell == b.cell; };
    cells.erase(std::unique(cells.begin(), cells.end(), same), cells.end());
}

}  // namespace

std::string_view to_string(ChosenBy reason) {
    switch (reason) {
        case ChosenBy::kCell:
            return "cell";
        case ChosenBy::kArea:
            return "area";
        case ChosenBy::kEmergencyArea:
            return "emergency_area";
        case ChosenBy::kShape:
            return "shape";
    }
    return "";
}

base::Result<Targets> targets_of(const Area& area, const CellTable& table) {
    Targets targets{.table = table};
    const auto* chosen = std::get_if<ChosenArea>(&area);
    targets.everywhere = chosen == nullptr;
    if (chosen == nullptr) return targets;
    for (const Place& place : chosen->places) {
        if (place.kind != PlaceKind::kCell) continue;
        if (table.find(place) != nullptr)
            targets.cells.push_back({place, ChosenBy::kCell});
        else
            targets.unknown.push_back(place);
    }
    for (const Place& place : chosen->places)
        if (place.kind != PlaceKind::kCell) add_area(targets, place);
    targets.areas = make_place_set(std::move(targets.areas));
    targets.unknown = make_place_set(std::move(targets.unknown));
    if (!chosen->shapes.empty()) {
        const auto region = geo::Region::make(chosen->shapes);
        if (!region) return region.error();
        const auto rows = table.rows_touching(*region);
        if (!rows) return rows.error();
        add_rows(targets, *rows, ChosenBy::kShape);
    }
    keep_first_reasons(targets.cells);
    return targets;
}

}  // namespace cbc
