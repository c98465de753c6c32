// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The routes that every daemon has. On the API and the control socket:
//
//     GET /livez /readyz /startupz    anybody; the reasons only for those who are known
//     GET /healthz /metrics /version  roles monitor and admin
//
// On the control socket alone (its callers count as admin):
//
//     GET  /control/status
//     GET  /control/log-level, PUT {"level":"debug","category":"cbsp","for_s":600}
//     POST /control/reload
#pragma once

namespace frame {

class Frame;

// `frame` outlives the routes.
void add_routes(Frame& frame);
void add_control_routes(Frame& frame);

}  // namespace frame
