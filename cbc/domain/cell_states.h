// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the deliveries of a warning say of each of its cells, once: with several messages the least advanced
// of them counts, with several peers the most advanced.
//
// Counting walks every record once and makes no list, so that 100,000 cells are told in a few milliseconds;
// the cells themselves are told in pages.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "cbc/domain/warning.h"

namespace cbc {

// Every cell of the warning, by what stands for it; Warning::cell_counts() keeps it.
CellCounts count_cells(const Warning& warning);
// The cells of one delivery.
CellCounts count_cells(const Delivery& delivery);
size_t sum_of(const CellCounts& counts);

// What stands for a delivery or a peer as a whole: of messages and cells the least advanced.
std::optional<CellRecord> least_of(const Delivery& delivery);
const CellRecord& less_of(const CellRecord& a, const CellRecord& b);

struct CellPage {
    std::vector<std::pair<Place, CellRecord>> cells;  // in order
    std::optional<Place> next;  // what the next page comes after; none: this is the last
};
// At most `limit` (not 0) cells after the one named; none: from the first.
CellPage page_of(const Warning& warning, const std::optional<Place>& after, size_t limit);
CellPage page_of(const Delivery& delivery, const std::optional<Place>& after, size_t limit);

}  // namespace cbc
