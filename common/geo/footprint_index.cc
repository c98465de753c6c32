// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/geo/footprint_index.h"

#include <algorithm>

#include "common/geo/geos.h"

namespace geo {
namespace {

// The tree carries pointers; ours point to the numbers themselves.
void note(void* item, void* found) {
    static_cast<std::vector<uint32_t>*>(found)->push_back(*static_cast<const uint32_t*>(item));
}

}  // namespace

struct FootprintIndex::Parts {
    Geos geos;  // before what is made with it
    std::vector<Footprint> footprints;
    std::vector<uint32_t> numbers;
    Geos::Tree tree{nullptr, {nullptr}};
};

FootprintIndex::FootprintIndex(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
FootprintIndex::FootprintIndex(FootprintIndex&&) noexcept = default;
FootprintIndex& FootprintIndex::operator=(FootprintIndex&&) noexcept = default;
FootprintIndex::~FootprintIndex() = default;

size_t FootprintIndex::size() const { return parts_->footprints.size(); }

base::Result<FootprintIndex> FootprintIndex::make(std::vector<Footprint> footprints) {
    auto parts = std::make_unique<Parts>();
    parts->footprints = std::move(footprints);
    parts->numbers.resize(parts->footprints.size());
    parts->tree = parts->geos.tree();
    if (!parts->tree) return parts->geos.failure("make the index of footprints");
    Geos& geos = parts->geos;
    for (uint32_t i = 0; i < parts->numbers.size(); ++i) {
        parts->numbers[i] = i;
        // The tree copies its envelope.
        const auto box = geos.diagonal(box_around(parts->footprints[i]));
        if (!box) return geos.failure("make the index of footprints");
        GEOSSTRtree_insert_r(geos.handle(), parts->tree.get(), box.get(), &parts->numbers[i]);
    }
    // The first question builds the tree: asked here, so that later ones only read.
    std::vector<uint32_t> found;
    const auto somewhere = geos.diagonal({0, 0, 1, 1});
    if (!somewhere) return geos.failure("make the index of footprints");
    GEOSSTRtree_query_r(geos.handle(), parts->tree.get(), somewhere.get(), note, &found);
    return FootprintIndex(std::move(parts));
}

base::Result<std::vector<uint32_t>> FootprintIndex::touching(const Region& region) const {
    const Geos geos;  // not the index's: others may ask at the same time
    std::vector<uint32_t> candidates;
    for (const Box& box : region.boxes()) {
        const auto where = geos.diagonal(box);
        if (!where) return geos.failure("ask the index of footprints");
        GEOSSTRtree_query_r(geos.handle(), parts_->tree.get(), where.get(), note, &candidates);
    }
    std::sort(candidates.begin(), candidates.end());
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    std::vector<uint32_t> found;
    for (const uint32_t candidate : candidates) {
        const auto in = region.touches(parts_->footprints[candidate]);
        if (!in) return in.error();
        if (*in) found.push_back(candidate);
    }
    return found;
}

}  // namespace geo
