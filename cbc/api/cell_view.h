// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A row of the cell table as the API shows it (schema CellRow).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cbc/domain/network.h"

namespace cbc {

nlohmann::json cell_row_view(const CellRow& row, const Network& network);

}  // namespace cbc
