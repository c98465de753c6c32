// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The fields that an author sets, read from a body (schema AlertFields).
#pragma once

#include "cbe/domain/draft_edit.h"
#include "common/json/object.h"

namespace cbe {

// Asks `body` for the fields that are there; mistakes are its problems.
DraftEdit read_edit(json::Object& body);
Area read_area(json::Object& area);

}  // namespace cbe
