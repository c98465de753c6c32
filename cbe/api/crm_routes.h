// SPDX-License-Identifier: AGPL-3.0-or-later
//
// /crm/cbc/: the reference product's interface to warnings, for officers and for machine clients. Whatever is
// put here waits for a person to approve it; see openapi.yaml.
#pragma once

#include "cbe/api/gate.h"

namespace cbe {

// For the browsers' router and for that of machine clients. `gate` outlives the router.
void add_crm_routes(http::Router& router, Gate& gate);

}  // namespace cbe
