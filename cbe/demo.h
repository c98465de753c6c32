// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The demo's three officers, with passwords and second factors that are made anew and told once. Only where
// the configuration says `demo: true`, and only on the control socket.
#pragma once

#include "cbe/api/context.h"
#include "common/http/router.h"

namespace cbe {

// `context` outlives the router.
void add_demo_route(http::Router& control, Context& context);

}  // namespace cbe
