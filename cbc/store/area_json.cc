// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/store/area_json.h"

#include <map>
#include <nlohmann/json.hpp>

#include "common/geo/shape_json.h"

namespace cbc {
namespace {

using Json = nlohmann::json;

// Places by technology and network, "1:6969 1:7000 …" as Place::text() ends: an area of 50,000 cells must fit
// one entry of the store.
Json compact(const PlaceSet& places) {
    std::map<std::string, std::string> networks;
    for (const Place& place : places) {
        const std::string network = std::string(to_string(place.technology)) + ":" + place.plmn.text();
        std::string& list = networks[network];
        if (!list.empty()) list += ' ';
        list += place.text().substr(network.size() + 1);
    }
    return Json(networks);
}

base::Result<PlaceSet> expand(const Json& networks) {
    std::vector<Place> places;
    for (const auto& [network, list] : networks.items()) {
        std::string_view rest = list.get_ref<const std::string&>();
        while (!rest.empty()) {
            const std::string_view one = rest.substr(0, rest.find(' '));
            const auto place = Place::parse(network + ":" + std::string(one));
            if (!place) return place.error();
            places.push_back(*place);
            rest.remove_prefix(std::min(rest.size(), one.size() + 1));
        }
    }
    return make_place_set(std::move(places));
}

// Members "polygons" and "circles", if there are any.
void add_shapes(Json& json, const std::vector<geo::Shape>& shapes) {
    for (const geo::Shape& shape : shapes) {
        if (const auto* polygon = std::get_if<geo::Polygon>(&shape))
            json["polygons"].push_back(geo::to_json(*polygon));
        else
            json["circles"].push_back(geo::to_json(std::get<geo::Circle>(shape)));
    }
}

base::Result<std::vector<geo::Shape>> shapes_of(const Json& record) {
    std::vector<geo::Shape> shapes;
    ::json::Problems problems;
    for (const Json& one : record.value("polygons", Json::array())) {
        ::json::Object in(one, problems);
        shapes.emplace_back(geo::read_polygon(in));
    }
    for (const Json& one : record.value("circles", Json::array())) {
        ::json::Object in(one, problems);
        shapes.emplace_back(geo::read_circle(in));
    }
    if (!problems.empty()) return base::Error{base::ErrorKind::kCorrupt, problems.text()};
    return shapes;
}

const char* list_of(PlaceKind kind) {
    switch (kind) {
        case PlaceKind::kCell:
            return "cells";
        case PlaceKind::kArea:
            return "tracking_areas";
        case PlaceKind::kEmergencyArea:
            return "emergency_areas";
    }
    return "";
}

}  // namespace

Json to_json(const Place& place) {
    Json json{
        {"technology", to_string(place.technology)}, {"mcc", place.plmn.mcc()}, {"mnc", place.plmn.mnc()}};
    const bool named = names_area(place.technology);
    switch (place.kind) {
        case PlaceKind::kArea:
            json[named ? "lac" : "tac"] = place.area;
            break;
        case PlaceKind::kEmergencyArea:
            json["emergency_area"] = place.cell;
            break;
        case PlaceKind::kCell:
            if (named) json["lac"] = place.area;
            json["ci"] = place.cell;
            break;
    }
    return json;
}

Json to_json(const Area& area) {
    const auto* chosen = std::get_if<ChosenArea>(&area);
    if (chosen == nullptr) return {{"kind", "all"}};
    Json json{{"kind", "cells"}};
    for (const Place& place : chosen->places) {
        if (place.kind != PlaceKind::kCell) json["kind"] = "places";
        json[list_of(place.kind)].push_back(to_json(place));
    }
    if (!chosen->shapes.empty()) json["kind"] = "places";
    add_shapes(json, chosen->shapes);
    return json;
}

Json area_record(const Area& area) {
    const auto* chosen = std::get_if<ChosenArea>(&area);
    if (chosen == nullptr) return {{"kind", "all"}};
    Json record{{"kind", "cells"}, {"networks", compact(chosen->places)}};
    add_shapes(record, chosen->shapes);
    return record;
}

base::Result<Area> area_of_record(const Json& record) {
    const base::Error damaged{base::ErrorKind::kCorrupt, "the area is damaged"};
    const std::string kind = record.at("kind");
    if (kind == "all") return Area{AllCells{}};
    if (kind != "cells") return damaged;
    auto places = expand(record.at("networks"));
    if (!places) return places.error();
    auto shapes = shapes_of(record);
    if (!shapes) return shapes.error();
    return Area{ChosenArea{std::move(*places), std::move(*shapes)}};
}

}  // namespace cbc
