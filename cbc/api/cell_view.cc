// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/cell_view.h"

#include <nlohmann/json.hpp>

#include "cbc/store/area_json.h"

namespace cbc {
namespace {

using Json = nlohmann::json;

template <class Number>
Json number_or_null(const std::optional<Number>& number) {
    return number ? Json(*number) : Json(nullptr);
}

Json footprint_view(const CellRow& row) {
    Json view{{"source", to_string(row.footprint_source)}};
    if (const auto* round = std::get_if<geo::Circle>(&row.footprint)) view["range_m"] = round->radius_m;
    if (const auto* beam = std::get_if<geo::Sector>(&row.footprint)) {
        view["range_m"] = beam->range_m;
        view["azimuth"] = beam->azimuth_deg;
        view["beam_width"] = beam->width_deg;
    }
    return view;
}

}  // namespace

Json cell_row_view(const CellRow& row, const Network& network) {
    Json view = to_json(row.identity);
    view["name"] = row.name;
    view["lat"] = row.lat_e7;
    view["lon"] = row.lon_e7;
    view["footprint"] = footprint_view(row);
    if (!names_area(row.identity.technology)) {
        view["tac"] = number_or_null(row.tracking_area);
        view["node"] = row.node ? Json(row.node->value) : Json(nullptr);
    }
    view["emergency_area"] = number_or_null(row.emergency_area);
    const PeerProfile* peer = network.peer_of(row.identity);
    view["peer"] = peer != nullptr ? Json(peer->name.value()) : Json(nullptr);
    return view;
}

}  // namespace cbc
