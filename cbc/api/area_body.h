// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The area of a send request (schema Area of cbc/api/openapi.yaml), and what it may hold at most.
#pragma once

#include "cbc/domain/alert.h"
#include "common/json/object.h"

namespace cbc {

// Together they fit one entry of the store (1 MiB).
inline constexpr size_t kPlacesMax = 50'000;       // of all lists together
inline constexpr size_t kShapesMax = 100;          // polygons, and as many circles
inline constexpr size_t kAreaVerticesMax = 5'000;  // of all polygons together

Area read_area(::json::Object& in);

}  // namespace cbc
