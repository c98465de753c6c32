// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/geo/footprint_index.h"

#include <random>
#include <thread>

#include "tests/support/geo_places.h"
#include "tests/support/test.h"

namespace {

using test::at;
using test::rectangle;

geo::FootprintIndex index_of(std::vector<geo::Footprint> footprints) {
    auto index = geo::FootprintIndex::make(std::move(footprints));
    CHECK_OK(index);
    return std::move(*index);
}

std::vector<uint32_t> touching(const geo::FootprintIndex& index, const std::vector<geo::Shape>& shapes) {
    const auto region = geo::Region::make(shapes);
    CHECK_OK(region);
    auto found = index.touching(*region);
    CHECK_OK(found);
    return *found;
}

geo::Footprint some_footprint(std::mt19937& random) {
    std::uniform_real_distribution<double> share(-1, 1);
    // Half of them near the 180th meridian.
    const double lon = share(random) * 180;
    const double near = lon > 0 ? 180 - lon / 36 : -180 - lon / 36;
    const geo::Point site = at(share(random) * 20, random() % 2 == 0 ? lon : near);
    const auto range = static_cast<uint32_t>(1'000 + random() % 60'000);
    switch (random() % 4) {
        case 0:
            return site;
        case 1:
            return geo::Circle{site, range};
        case 2:
            return geo::Sector{site, static_cast<uint16_t>(random() % 360),
                               static_cast<uint16_t>(1 + random() % 359), range};
        default: {
            const double lat = site.lat_e7 / 1e7;
            const double west = site.lon_e7 / 1e7;
            const double east = west + 0.3 > 180 ? west + 0.3 - 360 : west + 0.3;
            return rectangle(lat, west, lat + 0.2, east);
        }
    }
}

void nothing_is_found_in_nothing() {
    CHECK(touching(index_of({}), {rectangle(1, 1, 2, 2)}).empty());
    CHECK(touching(index_of({test::kLisbon}), {}).empty());
}

void a_cell_is_found_once_though_two_shapes_touch_it() {
    const auto index = index_of({test::kSuva, geo::Circle{test::kLisbon, 5'000}, test::kLakeba});
    CHECK(touching(index, {geo::Circle{test::kLisbon, 10}, geo::Circle{test::kLisbon, 20}}) ==
          std::vector<uint32_t>{1});
    CHECK((touching(index, {rectangle(-21, 176, -12, -178)}) == std::vector<uint32_t>{0, 2}));
}

// The tree of boxes must leave out nothing that an exact look at each would find.
void the_index_finds_what_a_look_at_each_finds() {
    std::mt19937 random(20261121);
    std::vector<geo::Footprint> footprints;
    for (int i = 0; i < 3'000; ++i) footprints.push_back(some_footprint(random));
    for (const geo::Footprint& one : footprints) CHECK_OK(geo::check(one));
    const auto index = index_of(footprints);
    const std::vector<std::vector<geo::Shape>> areas{
        {rectangle(-5, 175, 5, -175)},      {rectangle(-5, -175, 5, 175)},
        {geo::Circle{at(3, 180), 300'000}}, {geo::Circle{at(3, -179.9), 300'000}, rectangle(-20, 10, 20, 60)},
        {rectangle(-20, -180, 20, -179)},   {rectangle(-20, 179, 20, 180)},
    };
    for (const auto& shapes : areas) {
        const auto region = geo::Region::make(shapes);
        CHECK_OK(region);
        std::vector<uint32_t> expected;
        for (uint32_t i = 0; i < footprints.size(); ++i)
            if (*region->touches(footprints[i])) expected.push_back(i);
        CHECK(!expected.empty());
        CHECK(touching(index, shapes) == expected);
    }
}

void several_threads_may_ask_at_once() {
    std::mt19937 random(1);
    std::vector<geo::Footprint> footprints;
    for (int i = 0; i < 500; ++i) footprints.push_back(some_footprint(random));
    const auto index = index_of(std::move(footprints));
    const std::vector<geo::Shape> area{rectangle(-20, 170, 20, -170)};
    const auto expected = touching(index, area);
    std::vector<std::vector<uint32_t>> found(4);
    std::vector<std::thread> threads;
    threads.reserve(found.size());
    for (auto& one : found) threads.emplace_back([&] { one = touching(index, area); });
    for (std::thread& thread : threads) thread.join();
    for (const auto& one : found) CHECK(one == expected);
}

}  // namespace

GROUP(footprint_index, CASE(nothing_is_found_in_nothing),
      CASE(a_cell_is_found_once_though_two_shapes_touch_it), CASE(the_index_finds_what_a_look_at_each_finds),
      CASE(several_threads_may_ask_at_once))
