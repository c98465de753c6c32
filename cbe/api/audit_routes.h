// SPDX-License-Identifier: AGPL-3.0-or-later
//
// GET /api/v1/audit: the audit log for those who may read it; cbe/api/openapi.yaml.
#pragma once

#include "cbe/api/gate.h"

namespace cbe {

void add_audit_route(http::Router& router, Gate& gate);

}  // namespace cbe
