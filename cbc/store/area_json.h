// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Places and areas as JSON: with the member names of the contract, and more closely written for records,
// since an area of 50,000 cells must fit one entry of the store.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cbc/domain/alert.h"

namespace cbc {

nlohmann::json to_json(const Place& place);
nlohmann::json to_json(const Area& area);

nlohmann::json area_record(const Area& area);
// Throws nlohmann's exceptions for what is missing, as every reader of a record does.
base::Result<Area> area_of_record(const nlohmann::json& record);

}  // namespace cbc
