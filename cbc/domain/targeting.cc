// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/targeting.h"

#include <algorithm>
#include <tuple>

namespace cbc {
namespace {

ChosenCell chosen_row(const CellRow& row, ChosenBy reason) {
    return {row.identity, reason, row.area_code(), row.emergency_area};
}

void add_rows(Targets& targets, const CellTable& table, const std::vector<uint32_t>& rows, ChosenBy reason) {
    for (const uint32_t number : rows) targets.cells.push_back(chosen_row(table.rows()[number], reason));
}

void add_area(Targets& targets, const CellTable& table, const Place& area) {
    const auto& rows = table.rows_in(area);
    if (rows.empty()) {
        targets.unknown.push_back(area);
        return;
    }
    add_rows(targets, table, rows,
             area.kind == PlaceKind::kArea ? ChosenBy::kArea : ChosenBy::kEmergencyArea);
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
    Targets targets;
    const auto* chosen = std::get_if<ChosenArea>(&area);
    targets.everywhere = chosen == nullptr;
    if (chosen == nullptr) return targets;
    for (const Place& place : chosen->places) {
        if (place.kind != PlaceKind::kCell) continue;
        if (const CellRow* row = table.find(place))
            targets.cells.push_back(chosen_row(*row, ChosenBy::kCell));
        else
            targets.unknown.push_back(place);
    }
    for (const Place& place : chosen->places)
        if (place.kind != PlaceKind::kCell) add_area(targets, table, place);
    targets.areas = make_place_set(std::move(targets.areas));
    targets.unknown = make_place_set(std::move(targets.unknown));
    if (!chosen->shapes.empty()) {
        const auto region = geo::Region::make(chosen->shapes);
        if (!region) return region.error();
        const auto rows = table.rows_touching(*region);
        if (!rows) return rows.error();
        add_rows(targets, table, *rows, ChosenBy::kShape);
    }
    keep_first_reasons(targets.cells);
    return targets;
}

Targets chosen_after(const Content& before, const Targets& had, const Content& after, Targets fresh) {
    if (extent_of(before, after) != Extent::kShrinks || had.everywhere) return fresh;
    if (before.area == after.area) return had;
    const auto find = [&](const Place& cell) -> const ChosenCell* {
        const auto found =
            std::lower_bound(had.cells.begin(), had.cells.end(), cell,
                             [](const ChosenCell& one, const Place& place) { return one.cell < place; });
        return found != had.cells.end() && found->cell == cell ? &*found : nullptr;
    };
    std::erase_if(fresh.cells, [&](const ChosenCell& one) { return find(one.cell) == nullptr; });
    std::erase_if(fresh.unknown, [&](const Place& place) {
        const ChosenCell* lost = place.kind == PlaceKind::kCell ? find(place) : nullptr;
        if (lost != nullptr)
            fresh.cells.push_back({place, ChosenBy::kCell, lost->area, lost->emergency_area});
        return lost != nullptr;
    });
    keep_first_reasons(fresh.cells);
    return fresh;
}

}  // namespace cbc
