// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which of many footprints touch a region: an STR tree of their boxes, then an exact look at those that the
// boxes leave.
//
// Immutable once made. Any thread may ask, several at once, each with its own Region.
#pragma once

#include <memory>
#include <vector>

#include "common/geo/region.h"

namespace geo {

class FootprintIndex {
 public:
    // REQUIRES checked footprints, fewer than 2^32.
    static base::Result<FootprintIndex> make(std::vector<Footprint> footprints);

    // Positions in the list that it was made of, ascending. All of them or an Error.
    base::Result<std::vector<uint32_t>> touching(const Region& region) const;
    size_t size() const;

    FootprintIndex(FootprintIndex&&) noexcept;
    FootprintIndex& operator=(FootprintIndex&&) noexcept;
    ~FootprintIndex();

 private:
    struct Parts;
    explicit FootprintIndex(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace geo
