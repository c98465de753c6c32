// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/geo/geos.h"

#include <array>
#include <cmath>
#include <new>

namespace geo {
namespace {

constexpr size_t kNodeCapacity = 10;  // what GEOS itself takes when nobody says

void note_message(const char* message, void* text) { *static_cast<std::string*>(text) = message; }

std::vector<double> flat(const std::vector<Position>& positions) {
    std::vector<double> numbers;
    numbers.reserve(positions.size() * 2);
    for (const Position& position : positions) {
        numbers.push_back(position.x);
        numbers.push_back(position.y);
    }
    return numbers;
}

std::string sentence_of(std::string_view reason) {
    if (reason.find("elf-intersection") != std::string_view::npos)
        return "the outline crosses or touches itself";
    if (reason.starts_with("Too few points")) return "the outline encloses nothing";
    if (reason.starts_with("Hole lies outside")) return "a hole lies outside the outline";
    if (reason.starts_with("Holes are nested")) return "a hole lies inside another hole";
    if (reason.starts_with("Interior is disconnected")) return "holes cut the polygon in two";
    return "this is not a polygon (" + std::string(reason) + ")";
}

}  // namespace

Geos::Geos() : handle_(GEOS_init_r()) {
    if (handle_ == nullptr) throw std::bad_alloc();
    GEOSContext_setErrorMessageHandler_r(handle_, note_message, &message_);
}

Geos::~Geos() { GEOS_finish_r(handle_); }

base::Error Geos::failure(std::string_view what) const {
    return base::invalid(std::string(what) + ": " + (message_.empty() ? "out of memory" : message_));
}

base::Result<bool> Geos::answer(char value, std::string_view what) const {
    if (value == 0 || value == 1) return value == 1;
    return failure(what);
}

// The sequence belongs to the ring, the ring to the polygon, also when making that one fails.
Geos::Geometry Geos::ring(const std::vector<Position>& positions) const {
    const std::vector<double> numbers = flat(positions);
    GEOSCoordSequence* sequence = GEOSCoordSeq_copyFromBuffer_r(
        handle_, numbers.data(), static_cast<unsigned>(positions.size()), /*hasZ=*/0, /*hasM=*/0);
    GEOSGeometry* made = sequence == nullptr ? nullptr : GEOSGeom_createLinearRing_r(handle_, sequence);
    return Geometry(made, {handle_});
}

Geos::Geometry Geos::polygon(const Outline& outline) const {
    Geometry outer = ring(outline.outer);
    std::vector<Geometry> holes;
    bool whole = outer != nullptr;
    for (const auto& hole : outline.holes) {
        holes.push_back(ring(hole));
        whole = whole && holes.back() != nullptr;
    }
    if (!whole) return Geometry(nullptr, {handle_});
    std::vector<GEOSGeometry*> given;
    given.reserve(holes.size());
    for (Geometry& hole : holes) given.push_back(hole.release());
    return Geometry(
        GEOSGeom_createPolygon_r(handle_, outer.release(), given.data(), static_cast<unsigned>(given.size())),
        {handle_});
}

Geos::Geometry Geos::point(const Position& position) const {
    return Geometry(GEOSGeom_createPointFromXY_r(handle_, position.x, position.y), {handle_});
}

Geos::Geometry Geos::diagonal(const Box& box) const {
    const std::array<double, 4> numbers{box.min_x, box.min_y, box.max_x, box.max_y};
    GEOSCoordSequence* sequence = GEOSCoordSeq_copyFromBuffer_r(handle_, numbers.data(), 2, 0, 0);
    return Geometry(sequence == nullptr ? nullptr : GEOSGeom_createLineString_r(handle_, sequence),
                    {handle_});
}

Geos::Prepared Geos::prepare(const GEOSGeometry* geometry) const {
    return Prepared(GEOSPrepare_r(handle_, geometry), {handle_});
}

Geos::Tree Geos::tree() const { return Tree(GEOSSTRtree_create_r(handle_, kNodeCapacity), {handle_}); }

base::Result<void> Geos::check_valid(const GEOSGeometry* geometry) const {
    char* reason = nullptr;
    GEOSGeometry* location = nullptr;
    const char valid = GEOSisValidDetail_r(handle_, geometry, 0, &reason, &location);
    const Geometry where(location, {handle_});
    const std::unique_ptr<char, FreeIn<GEOSFree_r>> words(reason, {handle_});
    if (valid == 1) return {};
    if (valid != 0) return failure("check the polygon");
    std::string text = sentence_of(words ? words.get() : "no reason given");
    Position at;
    if (where && GEOSGeomGetX_r(handle_, where.get(), &at.x) == 1 &&
        GEOSGeomGetY_r(handle_, where.get(), &at.y) == 1) {
        const double x = std::remainder(at.x, kTurn);
        text += " near " +
                text_of(Point{static_cast<int32_t>(std::lround(at.y)), static_cast<int32_t>(std::lround(x))});
    }
    return base::invalid(std::move(text));
}

}  // namespace geo
