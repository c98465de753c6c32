// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which of the operator's cells an area means: cells and tracking areas by name, emergency areas by the
// table, shapes by the cells' footprints. Done when an alert is taken, and kept with it: what it answers
// stays as it is while the warning lives, also when the operator's file changes and cbcd starts again. The
// whole network is no choice of cells: it is whatever the file has.
//
// Nothing ever becomes larger here: a name that the table does not have is told as unknown and chooses
// nothing.
#pragma once

#include <vector>

#include "cbc/domain/alert.h"
#include "cbc/domain/cell_table.h"

namespace cbc {

// Why a cell was chosen. Of several reasons the first counts.
enum class ChosenBy : uint8_t { kCell, kArea, kEmergencyArea, kShape };
std::string_view to_string(ChosenBy reason);  // "cell", "area", "emergency_area", "shape"

struct ChosenCell {
    Place cell;
    ChosenBy by;
    std::optional<uint32_t> area{};            // its location or tracking area, as the table had it
    std::optional<uint32_t> emergency_area{};  // likewise; three octets
    friend bool operator==(const ChosenCell&, const ChosenCell&) = default;
};

struct Targets {
    bool everywhere = false;          // the whole network: every cell, also those that the table lacks
    std::vector<ChosenCell> cells{};  // sorted, each once; of `everywhere` none, since it is all rows
    PlaceSet areas{};                 // location, tracking and emergency areas that are wanted whole
    PlaceSet unknown{};               // cells and areas that the table does not have

    bool any() const { return everywhere || !cells.empty(); }
    friend bool operator==(const Targets&, const Targets&) = default;
};

// The error: a shape that is none (admission has looked), or a failure of the geometry library.
base::Result<Targets> targets_of(const Area& area, const CellTable& table);

// The cells of a revision that follows another one: `fresh`, what its area means today. But one that only
// shrinks adds no cell that a newer file happens to have there, and with the area as it was it keeps its
// cells; one that it asks for by name stays, though the file may have lost it.
Targets chosen_after(const Content& before, const Targets& had, const Content& after, Targets fresh);

}  // namespace cbc
