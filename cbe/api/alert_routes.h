// SPDX-License-Identifier: AGPL-3.0-or-later
//
// /api/v1/alerts: writing, deciding, stopping.
#pragma once

#include "cbe/api/gate.h"

namespace cbe {

// `gate` outlives the router.
void add_alert_routes(http::Router& router, Gate& gate);

}  // namespace cbe
