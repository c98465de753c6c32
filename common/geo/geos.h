// SPDX-License-Identifier: AGPL-3.0-or-later
//
// GEOS through its C interface: the only file that tells the library's handles and ownership. Inner header of
// common/geo.
//
// A Geos is one context of the library. Whatever is made with it is used by one thread at a time and does not
// outlive it. GEOS throws inside; its C interface turns that into a null pointer or the answer 2, and
// failure() into our Error.
#pragma once

#include <geos_c.h>

#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/geo/outline.h"

namespace geo {

class Geos {
 public:
    Geos();
    ~Geos();
    Geos(const Geos&) = delete;
    Geos& operator=(const Geos&) = delete;

    template <auto Free>
    struct FreeIn {
        GEOSContextHandle_t handle;
        template <class T>
        void operator()(T* object) const {
            Free(handle, object);
        }
    };
    using Geometry = std::unique_ptr<GEOSGeometry, FreeIn<GEOSGeom_destroy_r>>;
    using Prepared = std::unique_ptr<const GEOSPreparedGeometry, FreeIn<GEOSPreparedGeom_destroy_r>>;
    using Tree = std::unique_ptr<GEOSSTRtree, FreeIn<GEOSSTRtree_destroy_r>>;

    // Null pointer: see failure().
    Geometry polygon(const Outline& outline) const;
    Geometry point(const Position& position) const;
    Geometry diagonal(const Box& box) const;               // a line whose envelope is the box
    Prepared prepare(const GEOSGeometry* geometry) const;  // which it outlives
    Tree tree() const;

    // Holds the mistake of a polygon that is none.
    base::Result<void> check_valid(const GEOSGeometry* geometry) const;

    GEOSContextHandle_t handle() const { return handle_; }
    base::Error failure(std::string_view what) const;
    // A predicate's answer: 0, 1, or 2 for an exception.
    base::Result<bool> answer(char value, std::string_view what) const;

 private:
    Geometry ring(const std::vector<Position>& positions) const;

    GEOSContextHandle_t handle_;
    std::string message_;  // the last of the library
};

}  // namespace geo
