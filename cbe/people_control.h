// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The first administrators, invited from the control socket: as long as there are fewer than the two whom
// everything else needs.
#pragma once

#include "cbe/api/context.h"
#include "common/http/router.h"

namespace cbe {

// POST /control/people/administrator. `context` outlives the router.
void add_people_control(http::Router& control, Context& context);

}  // namespace cbe
