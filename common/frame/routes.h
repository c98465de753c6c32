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
//     GET  /control/alarms[?all=1], POST /control/alarms/{id}/acknowledge
//     GET  /control/audit[?after=SEQUENCE&limit=N] (a JSON object a line), POST /control/audit/verify
//          with of=node: on a node of a cluster, what was done on its own control socket
//     GET  /control/cluster, POST /control/cluster/init, …/join {"address":"192.0.2.8:7102"},
//          …/leave {"node":"vm-b"}, …/switchover {"node":"vm-b"}; the node may be left out;
//          …/fence {"node":"vm-b"}: leave, of another node only
//
// Each change made there is audited with the Unix user.
#pragma once

namespace frame {

class Frame;

// `frame` outlives the routes.
void add_routes(Frame& frame);
void add_control_routes(Frame& frame);
void add_record_routes(Frame& frame);  // alarms and audit
void add_cluster_routes(Frame& frame);

}  // namespace frame
