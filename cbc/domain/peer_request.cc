// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/peer_request.h"

namespace cbc {

bool PlacePattern::matches(const Place& place) const {
    if (everything()) return true;
    if (technology && *technology != place.technology) return false;
    if (plmn && *plmn != place.plmn) return false;
    switch (kind) {
        case PlaceKind::kCell:
            return place.kind == kind && (!area || *area == place.area) && (!cell || *cell == place.cell);
        case PlaceKind::kArea:
            return area == place.area &&
                   (place.kind == kind || (place.kind == PlaceKind::kCell && names_area(place.technology)));
        case PlaceKind::kEmergencyArea:
            return place.kind == kind && cell == place.cell;
    }
    return false;
}

std::optional<Place> PlacePattern::exact() const {
    if (kind != PlaceKind::kCell || !technology || !plmn || !cell) return std::nullopt;
    if (names_area(*technology) && !area) return std::nullopt;
    return Place{*technology, kind, *plmn, names_area(*technology) ? *area : 0, *cell};
}

PlacePattern exactly(const Place& place) {
    PlacePattern pattern{.technology = place.technology, .kind = place.kind, .plmn = place.plmn};
    if (place.kind == PlaceKind::kArea || (place.kind == PlaceKind::kCell && names_area(place.technology)))
        pattern.area = place.area;
    if (place.kind != PlaceKind::kArea) pattern.cell = place.cell;
    return pattern;
}

}  // namespace cbc
