// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which of the operator's cells an area means: cells and tracking areas by name, emergency areas by the
// table, shapes by the cells' footprints. Done when an alert is taken; what it answers stays as it is while
// the warning lives, also when the operator's file changes.
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
};

struct Targets {
    CellTable table{};                // that they were chosen from
    bool everywhere = false;          // the whole network: every cell, also those that the table lacks
    std::vector<ChosenCell> cells{};  // sorted, each once; of `everywhere` none, since it is all rows
    PlaceSet areas{};                 // location, tracking and emergency areas that are wanted whole
    PlaceSet unknown{};               // cells and areas that the table does not have

    bool any() const { return everywhere || !cells.empty(); }
};

// The error: a shape that is none (admission has looked), or a failure of the geometry library.
base::Result<Targets> targets_of(const Area& area, const CellTable& table);

}  // namespace cbc
