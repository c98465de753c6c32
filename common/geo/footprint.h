// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The ground that a radio cell covers, as far as somebody knows: nothing but its site, a circle, the sector
// that its antenna looks at, or a polygon from a planning tool. Pure; any thread.
#pragma once

#include "common/geo/shape.h"

namespace geo {

struct Sector {
    Point centre;
    uint16_t azimuth_deg = 0;  // of its middle, clockwise from north, 0 to 359
    uint16_t width_deg = 0;    // 1 to 359
    uint32_t range_m = 0;
    friend bool operator==(const Sector&, const Sector&) = default;
};

using Footprint = std::variant<Point, Circle, Sector, Polygon>;

inline constexpr uint32_t kRangeMost_m = 200'000;  // GSM's extended range is 120 km, NR's largest cell 100 km
inline constexpr int32_t kFootprintWidthMost = 60 * kDegree;

// The first mistake as a sentence.
base::Result<void> check(const Footprint& footprint);

}  // namespace geo
