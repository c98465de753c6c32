// SPDX-License-Identifier: AGPL-3.0-or-later
//
// /api/v1/session, and what pages read beside alerts: channels, cells, network, the measure of a text.
#pragma once

#include "cbe/api/gate.h"

namespace cbe {

// `gate` outlives the router.
void add_session_routes(http::Router& router, Gate& gate);
void add_reference_routes(http::Router& router, Gate& gate);

}  // namespace cbe
