// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Many places in few octets, for records: by technology, network and kind, as the first number and then the
// distances, in hexadecimal. 100,000 cells take 200 to 400 KB so, where an entry of the store holds 1 MiB.
//
//     {"lte:001-01": "a101 1 1 fe", "gsm:001-01": "10064 1", "nr:001-01:tac": "7"}
//
// The number of a cell of GSM or UMTS is its location area and cell, 16 bits each.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cbc/domain/place.h"

namespace cbc {

nlohmann::json place_list(const PlaceSet& places);
// The error: a list that place_list() cannot have made. Throws nlohmann's exceptions for what is no list at
// all, as every reader of a record does.
base::Result<PlaceSet> places_of_list(const nlohmann::json& list);

}  // namespace cbc
