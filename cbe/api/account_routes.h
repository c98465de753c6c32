// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One's own account, /api/v1/account, and what needs a link instead of a session: /api/v1/invitations,
// /api/v1/password-resets.
#pragma once

#include "cbe/api/gate.h"

namespace cbe {

// `gate` outlives the router.
void add_account_routes(http::Router& router, Gate& gate);

}  // namespace cbe
