// SPDX-License-Identifier: AGPL-3.0-or-later
//
// GET /site: which file the operator's cells are from, how old it is, what is in it.
#pragma once

#include "cbc/api/desk.h"
#include "common/http/router.h"

namespace cbc {

// The desk outlives the routers' use of it.
void add_site_routes(http::Router& router, const Desk& desk);

}  // namespace cbc
