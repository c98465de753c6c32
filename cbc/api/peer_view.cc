// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/peer_view.h"

#include <nlohmann/json.hpp>

namespace cbc {

using Json = nlohmann::json;

Json to_json(const PeerView& peer) {
    Json areas = nullptr;
    if (peer.location_areas) {
        areas = Json::array();
        for (const Lac lac : *peer.location_areas) areas.push_back(lac.value());
    }
    return {{"name", peer.name},
            {"protocol", "cbsp"},
            {"role", peer.role},
            {"address", peer.address},
            {"state", peer.state},
            {"since", base::to_rfc3339(peer.since)},
            {"reason", peer.reason.empty() ? Json(nullptr) : Json(peer.reason)},
            {"location_areas", std::move(areas)},
            {"requests_waiting", peer.requests_waiting},
            {"last_keep_alive",
             peer.last_keep_alive ? Json(base::to_rfc3339(*peer.last_keep_alive)) : Json(nullptr)}};
}

}  // namespace cbc
