// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Warnings as the contract shows them: states of cells, messages and peers put together from the Deliveries.
// What is listed cell by cell is the beginning of it; the rest is read in pages.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cbc/domain/cell_states.h"

namespace cbc {

nlohmann::json accepted_view(const Warning& warning);
nlohmann::json summary_view(const Warning& warning);
nlohmann::json delivery_view(const Warning& warning);
nlohmann::json full_view(const Warning& warning);
// `counts`: of all cells that the page is of.
nlohmann::json cell_page_view(const Warning& warning, const CellPage& page, const CellCounts& counts);

}  // namespace cbc
