// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/peer_view.h"

#include <nlohmann/json.hpp>

namespace cbc {

using Json = nlohmann::json;

namespace {

Json to_json(const LinkTestStatus& test) {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    Json busiest = nullptr;
    if (test.busiest_cell) busiest = {{"cell", *test.busiest_cell}, {"load_percent", test.busiest_load}};
    return {{"at", base::to_rfc3339(test.at)},
            {"result", test.result},
            {"took_ms", Milliseconds{test.took}.count()},
            {"cells", test.cells},
            {"failed_cells", test.failed_cells},
            {"busiest", std::move(busiest)}};
}

Json to_json(const DrxStatus& drx) {
    return {{"schedule_period", drx.schedule_period},
            {"reserved_slots", drx.reserved_slots},
            {"at", base::to_rfc3339(drx.at)},
            {"result", drx.result},
            {"failed_cells", drx.failed_cells}};
}

Json path_view(const PathStatus& path) {
    return {{"address", path.address},
            {"state", path.state},
            {"primary", path.primary},
            {"round_trip_ms", path.round_trip.count()}};
}

}  // namespace

Json link_test_view(const PeerStatus& peer) {
    return peer.link_test ? to_json(*peer.link_test) : Json(nullptr);
}

Json to_json(const PeerStatus& peer) {
    Json paths = Json::array();
    for (const PathStatus& path : peer.paths) paths.push_back(path_view(path));
    return {{"name", peer.profile.name.value()},
            {"protocol", to_string(peer.profile.protocol)},
            {"role", peer.role},
            {"address", peer.address},
            {"ready", peer.ready},
            {"state", peer.state},
            {"leaving", peer.leaving},
            {"writer", peer.writer ? Json(*peer.writer) : Json(nullptr)},
            {"since", base::to_rfc3339(peer.since)},
            {"reason", peer.reason.empty() ? Json(nullptr) : Json(peer.reason)},
            {"areas", peer.profile.areas ? Json(*peer.profile.areas) : Json(nullptr)},
            {"requests_waiting", peer.requests_waiting},
            {"last_keep_alive",
             peer.last_keep_alive ? Json(base::to_rfc3339(*peer.last_keep_alive)) : Json(nullptr)},
            {"link_test", link_test_view(peer)},
            {"drx", peer.drx ? to_json(*peer.drx) : Json(nullptr)},
            {"paths", std::move(paths)}};
}

}  // namespace cbc
