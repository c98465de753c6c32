// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The writes of /api/v1/alerts: each body is read whole, then becomes one change in the store.
#pragma once

#include "cbe/api/gate.h"

namespace cbe {

// `gate` outlives the router.
void add_alert_writes(http::Router& router, Gate& gate);

http::Response no_such_alert();
http::Response alert_response(int status, const Alert& alert, const Person& viewer, const Context& context);

}  // namespace cbe
