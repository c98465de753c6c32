// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any JSON as a polygon and as a circle. What is taken must make a region that contains its own corners, and
// must be written as it was read.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "common/geo/region.h"
#include "common/geo/shape_json.h"
#include "common/json/parse.h"

namespace {

void need(bool holds) {
    if (!holds) std::abort();
}

void look_at(const geo::Shape& shape, const geo::Point& member) {
    const auto region = geo::Region::make({shape});
    need(static_cast<bool>(region));
    const auto in = region->contains(member);
    need(in && *in);
    const auto near = region->touches(geo::Sector{{member.lat_e7 / 2, member.lon_e7}, 45, 90, 20'000});
    need(static_cast<bool>(near));
    const auto self = geo::Region::make({shape});
    const auto covers = region->surely_covers(*self);
    need(covers && *covers);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const auto value = json::parse({reinterpret_cast<const char*>(data), size});
    if (!value) return 0;
    {
        json::Problems problems;
        json::Object in(*value, problems);
        const geo::Polygon polygon = geo::read_polygon(in);
        if (problems.empty()) {
            look_at(polygon, polygon.outer.front());
            const auto written = geo::to_json(polygon);
            json::Object again(written, problems);
            need(geo::read_polygon(again) == polygon && problems.empty());
        }
    }
    json::Problems problems;
    json::Object in(*value, problems);
    const geo::Circle circle = geo::read_circle(in);
    if (problems.empty()) look_at(circle, circle.centre);
    return 0;
}
