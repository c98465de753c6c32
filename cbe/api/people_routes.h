// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Administration: /api/v1/users, /roles, /permissions, /requests, /api-keys. All need user.manage, every
// change a fresh code and an Idempotency-Key.
#pragma once

#include "cbe/api/gate.h"

namespace cbe {

// `gate` outlives the router.
void add_people_routes(http::Router& router, Gate& gate);

}  // namespace cbe
