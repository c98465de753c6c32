// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A message of the compatible interface, in the fields of the reference product, and what it is in our words.
//
// | there | here |
// |---|---|
// | cbc_message_id | the alert's number |
// | category normal / emergency, high, extreme | category normal / high |
// | numberOfBroadcasts 999 | until the end |
// | warningPeriodSec | duration |
// | tracking_areas | cells of the site data with that cell identity or location area code, of that network |
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cbe/api/context.h"
#include "common/json/object.h"

namespace cbe {

// Mistakes are the body's problems; an area without a known cell is one of them.
DraftEdit read_crm_edit(json::Object& body, const Reference& reference);

nlohmann::json crm_json(const Alert& alert, const store::Reader& reader, const Context& context);

}  // namespace cbe
