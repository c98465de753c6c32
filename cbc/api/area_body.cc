// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/area_body.h"

#include <array>

#include "common/geo/shape_json.h"

namespace cbc {
namespace {

using ::json::Object;

// The technology and network that every place begins with, and the numbers that `read_numbers` takes.
template <class ReadNumbers>
void read_place(Object& in, std::vector<Place>& places, PlaceKind kind, ReadNumbers&& read_numbers) {
    const Technology technology = kAllTechnologies.at(in.one_of("technology", {"gsm", "umts", "lte", "nr"}));
    const std::string mcc = in.string("mcc", {.max = 3, .min = 3});
    const std::string mnc = in.string("mnc", {.max = 3, .min = 2});
    const auto plmn = PlmnId::parse(mcc, mnc);
    if (!plmn && !mcc.empty() && !mnc.empty()) in.wrong("", plmn.error().text);
    const auto number = [&](std::string_view name, unsigned bits) {
        return static_cast<uint64_t>(in.integer(name, {.min = 0, .max = (int64_t{1} << bits) - 1}));
    };
    if (plmn) {
        Place place{technology, kind, *plmn, 0, 0};
        read_numbers(place, number);
        places.push_back(place);
    }
    in.no_others();
}

void read_cells(Object& in, size_t least, std::vector<Place>& places) {
    in.objects("cells", {.max = kPlacesMax, .min = least}, [&](Object& one) {
        read_place(one, places, PlaceKind::kCell, [](Place& place, const auto& number) {
            if (names_area(place.technology))
                place.area = static_cast<uint32_t>(number("lac", area_bits(place.technology)));
            place.cell = number("ci", cell_bits(place.technology));
        });
    });
}

void read_areas(Object& in, std::vector<Place>& places) {
    in.objects("tracking_areas", {.max = kPlacesMax}, [&](Object& one) {
        read_place(one, places, PlaceKind::kArea, [](Place& place, const auto& number) {
            const char* name = names_area(place.technology) ? "lac" : "tac";
            place.area = static_cast<uint32_t>(number(name, area_bits(place.technology)));
        });
    });
}

void read_emergency_areas(Object& in, std::vector<Place>& places) {
    in.objects("emergency_areas", {.max = kPlacesMax}, [&](Object& one) {
        read_place(one, places, PlaceKind::kEmergencyArea, [](Place& place, const auto& number) {
            place.cell = number("emergency_area", kEmergencyAreaBits);
        });
    });
}

void read_shapes(Object& in, std::vector<geo::Shape>& shapes) {
    size_t vertices = 0;
    if (in.has("polygons"))
        in.objects("polygons", {.max = kShapesMax}, [&](Object& one) {
            geo::Polygon polygon = geo::read_polygon(one);
            vertices += polygon.outer.size();
            for (const geo::Ring& hole : polygon.holes) vertices += hole.size();
            shapes.emplace_back(std::move(polygon));
        });
    if (vertices > kAreaVerticesMax)
        in.wrong("polygons", "have " + std::to_string(vertices) + " points together; " +
                                 std::to_string(kAreaVerticesMax) + " are the most");
    if (in.has("circles"))
        in.objects("circles", {.max = kShapesMax},
                   [&](Object& one) { shapes.emplace_back(geo::read_circle(one)); });
}

}  // namespace

Area read_area(Object& in) {
    const size_t kind = in.one_of("kind", {"all", "cells", "places"});
    std::vector<Place> places;
    std::vector<geo::Shape> shapes;
    if (kind == 1) read_cells(in, 1, places);
    if (kind == 2) {
        if (in.has("cells")) read_cells(in, 0, places);
        if (in.has("tracking_areas")) read_areas(in, places);
        if (in.has("emergency_areas")) read_emergency_areas(in, places);
        read_shapes(in, shapes);
        if (places.size() > kPlacesMax)
            in.wrong("", "names " + std::to_string(places.size()) + " cells and areas; " +
                             std::to_string(kPlacesMax) + " are the most");
        if (places.empty() && shapes.empty())
            in.wrong("", "names no cell, area or shape; the whole network is {\"kind\": \"all\"}");
    }
    in.no_others();
    if (kind == 0) return AllCells{};
    return ChosenArea{make_place_set(std::move(places)), std::move(shapes)};
}

}  // namespace cbc
