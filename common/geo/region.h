// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An area made of shapes, prepared for many questions: is this point in it, does this footprint touch it?
//
// The border belongs to the area: what only touches it is in. A failure of the geometry library is an Error,
// never a yes or a no. One thread at a time.
#pragma once

#include <memory>
#include <vector>

#include "common/geo/footprint.h"
#include "common/geo/outline.h"

namespace geo {

class Region {
 public:
    // Checks every shape; the error names the one that is wrong ("shape 3: the ring is open ...").
    static base::Result<Region> make(const std::vector<Shape>& shapes);

    base::Result<bool> contains(const Point& point) const;
    // Whether it has a point in common with a checked footprint. A site inside is enough, where a cell has
    // one.
    base::Result<bool> touches(const Footprint& footprint) const;
    // Yes: every point of `inner` is in this region. No: it is not, or that could not be shown (each shape is
    // looked for in single shapes of this region).
    base::Result<bool> surely_covers(const Region& inner) const;

    // Around each of its shapes, also a turn to the east and the west where footprints could meet it there.
    const std::vector<Box>& boxes() const;

    Region(Region&&) noexcept;
    Region& operator=(Region&&) noexcept;
    ~Region();

 private:
    struct Parts;
    explicit Region(std::unique_ptr<Parts> parts);
    base::Result<bool> contains(const Position& position) const;
    base::Result<bool> touches(const Outline& outline) const;

    std::unique_ptr<Parts> parts_;
};

}  // namespace geo
