// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Warnings as the contract shows them: states of cells, messages and peers put together from the Deliveries.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cbc/domain/warning.h"

namespace cbc {

nlohmann::json accepted_view(const Warning& warning);
nlohmann::json summary_view(const Warning& warning);
nlohmann::json delivery_view(const Warning& warning);
nlohmann::json full_view(const Warning& warning);

}  // namespace cbc
