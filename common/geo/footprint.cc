// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/geo/footprint.h"

#include "common/geo/outline.h"

namespace geo {
namespace {

base::Result<void> check_range(const Point& centre, uint32_t range_m) {
    if (range_m > kRangeMost_m)
        return base::invalid("a range of " + std::to_string(range_m) + " m is more than " +
                             std::to_string(kRangeMost_m) + " m");
    return check(Circle{centre, range_m});
}

base::Result<void> check_one(const Point& site) {
    if (!on_globe(site)) return base::invalid("the site " + text_of(site) + " is not on the globe");
    return {};
}

base::Result<void> check_one(const Circle& circle) { return check_range(circle.centre, circle.radius_m); }

base::Result<void> check_one(const Sector& sector) {
    if (sector.azimuth_deg > 359)
        return base::invalid("an azimuth of " + std::to_string(sector.azimuth_deg) +
                             " degrees is outside 0 to 359");
    if (sector.width_deg == 0 || sector.width_deg > 359)
        return base::invalid("a beam width of " + std::to_string(sector.width_deg) +
                             " degrees is outside 1 to 359");
    return check_range(sector.centre, sector.range_m);
}

base::Result<void> check_one(const Polygon& polygon) { return check(polygon); }

}  // namespace

base::Result<void> check(const Footprint& footprint) {
    const auto checked = std::visit([](const auto& one) { return check_one(one); }, footprint);
    if (!checked) return checked;
    const Box box = box_around(footprint);
    if (box.max_x - box.min_x > kFootprintWidthMost)
        return base::invalid("the footprint is more than 60 degrees wide");
    return {};
}

}  // namespace geo
