// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/geo/region.h"

#include <array>

#include "common/geo/geos.h"

namespace geo {
namespace {

// Footprints lie around sites from -180 to 180 degrees; farther than this nothing is looked for.
constexpr Box kWhereFootprintsAre{-kTurn / 2 - kFootprintWidthMost, -kLatitudeMost,
                                  kTurn / 2 + kFootprintWidthMost, kLatitudeMost};

Outline moved(Outline outline, double by_x) {
    for (Position& position : outline.outer) position = moved(position, by_x);
    for (auto& hole : outline.holes)
        for (Position& position : hole) position = moved(position, by_x);
    return outline;
}

}  // namespace

struct Region::Parts {
    struct Piece {
        Geos::Geometry geometry;
        Geos::Prepared prepared;
    };

    base::Result<void> add(const Outline& outline) {
        Geos::Geometry geometry = geos.polygon(outline);
        if (!geometry) return geos.failure("make a shape");
        Geos::Prepared prepared = geos.prepare(geometry.get());
        if (!prepared) return geos.failure("prepare a shape");
        pieces.push_back({std::move(geometry), std::move(prepared)});
        boxes.push_back(box_of(outline));
        return {};
    }

    Geos geos;  // before what is made with it
    std::vector<Piece> pieces;
    std::vector<Box> boxes;      // of the pieces, in their order
    std::vector<size_t> shapes;  // the piece of each shape that is not moved
};

Region::Region(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Region::Region(Region&&) noexcept = default;
Region& Region::operator=(Region&&) noexcept = default;
Region::~Region() = default;

const std::vector<Box>& Region::boxes() const { return parts_->boxes; }

base::Result<Region> Region::make(const std::vector<Shape>& shapes) {
    auto parts = std::make_unique<Parts>();
    for (size_t i = 0; i < shapes.size(); ++i) {
        const std::string where = "shape " + std::to_string(i + 1);
        if (const auto good = check(shapes[i]); !good) return good.error().within(where);
        const Outline drawn = outline_of(shapes[i]);
        parts->shapes.push_back(parts->pieces.size());
        if (const auto added = parts->add(drawn); !added) return added.error().within(where);
        for (const double turn : {kTurn, -kTurn}) {
            const Outline image = moved(drawn, turn);
            if (!box_of(image).overlaps(kWhereFootprintsAre)) continue;
            if (const auto added = parts->add(image); !added) return added.error().within(where);
        }
    }
    return Region(std::move(parts));
}

base::Result<bool> Region::contains(const Position& position) const {
    const Geos& geos = parts_->geos;
    Geos::Geometry point(nullptr, {geos.handle()});
    for (size_t i = 0; i < parts_->pieces.size(); ++i) {
        if (!parts_->boxes[i].has(position)) continue;
        if (!point) point = geos.point(position);
        if (!point) return geos.failure("make a point");
        const auto in = geos.answer(
            GEOSPreparedIntersects_r(geos.handle(), parts_->pieces[i].prepared.get(), point.get()),
            "look for a point");
        if (!in || *in) return in;
    }
    return false;
}

base::Result<bool> Region::contains(const Point& point) const { return contains(position_of(point)); }

base::Result<bool> Region::touches(const Outline& outline) const {
    const Geos& geos = parts_->geos;
    const Box box = box_of(outline);
    Geos::Geometry geometry(nullptr, {geos.handle()});
    for (size_t i = 0; i < parts_->pieces.size(); ++i) {
        if (!parts_->boxes[i].overlaps(box)) continue;
        if (!geometry) geometry = geos.polygon(outline);
        if (!geometry) return geos.failure("make a footprint");
        const auto in = geos.answer(
            GEOSPreparedIntersects_r(geos.handle(), parts_->pieces[i].prepared.get(), geometry.get()),
            "look for a footprint");
        if (!in || *in) return in;
    }
    return false;
}

base::Result<bool> Region::touches(const Footprint& footprint) const {
    if (const auto* site = std::get_if<Point>(&footprint)) return contains(*site);
    // Most cells of a large area have their site inside it, which is quickly said.
    const auto* round = std::get_if<Circle>(&footprint);
    const auto* beam = std::get_if<Sector>(&footprint);
    if (round != nullptr || beam != nullptr) {
        const auto inside = contains(round != nullptr ? round->centre : beam->centre);
        if (!inside || *inside) return inside;
    }
    return touches(outline_of(footprint));
}

base::Result<bool> Region::surely_covers(const Region& inner) const {
    const Geos& geos = parts_->geos;
    for (const size_t shape : inner.parts_->shapes) {
        bool covered = false;
        for (size_t i = 0; i < parts_->pieces.size() && !covered; ++i) {
            if (!parts_->boxes[i].overlaps(inner.parts_->boxes[shape])) continue;
            const auto covers =
                geos.answer(GEOSPreparedCovers_r(geos.handle(), parts_->pieces[i].prepared.get(),
                                                 inner.parts_->pieces[shape].geometry.get()),
                            "compare two shapes");
            if (!covers) return covers;
            covered = *covers;
        }
        if (!covered) return false;
    }
    return true;
}

}  // namespace geo
