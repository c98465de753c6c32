// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Alerts as JSON, with the member names of the contract (cbc/api/openapi.yaml): what records hold and answers
// show.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cbc/domain/alert.h"
#include "cbc/store/area_json.h"

namespace cbc {

nlohmann::json to_json(const Content& content);
nlohmann::json without_area(const Content& content);
nlohmann::json to_json(const std::vector<Decision>& decisions);

}  // namespace cbc
