// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What it takes to read an operator's file of 100,000 cells, and to find those that a drawn polygon touches.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "cbc/domain/targeting.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr uint32_t kCells = 100'000;
constexpr int kRounds = 200;
constexpr size_t kVertices = 500;

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// A country of 4 by 5 degrees, with three sectors of 2 to 8 km on each mast.
std::string country() {
    std::mt19937 random(1);
    std::string csv = "technology,mcc,mnc,tac,cell,name,lat,lon,azimuth,beam_width,range_m\n";
    char row[160];
    for (uint32_t i = 0; i < kCells; ++i) {
        if (i % 3 == 0) random.discard(1);
        std::mt19937 mast(i / 3);
        const double lat = 37 + static_cast<double>(mast() % 50'000) / 10'000;
        const double lon = -9 + static_cast<double>(mast() % 40'000) / 10'000;
        std::snprintf(row, sizeof row, "lte,001,01,%u,%u,Mast %u,%.4f,%.4f,%u,120,%u\n", i / 500, i, i / 3,
                      lat, lon, i % 3 * 120, 2'000 + static_cast<unsigned>(random() % 6'000));
        csv += row;
    }
    return csv;
}

// A coast: a ring of half a degree whose radius goes up and down.
geo::Polygon coast(int round) {
    geo::Polygon polygon;
    const double lat = 38 + round % 20 * 0.15;
    const double lon = -8 + round % 13 * 0.15;
    for (size_t i = 0; i + 1 < kVertices; ++i) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(i) / (kVertices - 1);
        const double radius = 0.5 + 0.02 * std::sin(angle * 60);
        polygon.outer.push_back({static_cast<int32_t>((lat + radius * std::sin(angle)) * geo::kDegree),
                                 static_cast<int32_t>((lon + radius * std::cos(angle)) * geo::kDegree)});
    }
    polygon.outer.push_back(polygon.outer.front());
    return polygon;
}

}  // namespace

int main() {
    const std::string csv = country();
    const auto start = Clock::now();
    const auto table = cbc::CellTable::parse(csv);
    if (!table) std::abort();
    std::printf("cell_file_100000_rows %.0f ms\n", milliseconds_since(start));
    std::vector<double> took;
    size_t found = 0;
    for (int round = 0; round < kRounds; ++round) {
        const cbc::Area area = cbc::ChosenArea{{}, {coast(round)}};
        const auto asked = Clock::now();
        const auto targets = cbc::targets_of(area, *table);
        took.push_back(milliseconds_since(asked));
        if (!targets || !targets->any()) std::abort();
        found += targets->cells.size();
    }
    std::sort(took.begin(), took.end());
    std::printf("polygon_500_points_100000_cells_p50 %.1f ms\n", took[kRounds / 2]);
    std::printf("polygon_500_points_100000_cells_p99 %.1f ms\n", took[kRounds * 99 / 100]);
    std::printf("polygon_500_points_cells_found %zu cells\n", found / kRounds);
    return 0;
}
