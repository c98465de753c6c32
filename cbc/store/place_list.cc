// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/store/place_list.h"

#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

namespace cbc {
namespace {

using Json = nlohmann::json;

struct Kind {
    Technology technology;
    PlaceKind kind;
    PlmnId plmn;
    friend auto operator<=>(const Kind&, const Kind&) = default;
};

constexpr unsigned kCellBits = 16;  // below the location area

uint64_t number_of(const Place& place) {
    if (place.kind == PlaceKind::kArea) return place.area;
    return static_cast<uint64_t>(place.area) << kCellBits | place.cell;
}

unsigned bits_of(const Kind& kind) {
    switch (kind.kind) {
        case PlaceKind::kArea:
            return area_bits(kind.technology);
        case PlaceKind::kEmergencyArea:
            return kEmergencyAreaBits;
        case PlaceKind::kCell:
            return names_area(kind.technology) ? area_bits(kind.technology) + kCellBits
                                               : cell_bits(kind.technology);
    }
    return 0;
}

Place place_of(const Kind& kind, uint64_t number) {
    if (kind.kind == PlaceKind::kArea)
        return {kind.technology, kind.kind, kind.plmn, static_cast<uint32_t>(number), 0};
    if (kind.kind == PlaceKind::kCell && names_area(kind.technology))
        return {kind.technology, kind.kind, kind.plmn, static_cast<uint32_t>(number >> kCellBits),
                number & ((1U << kCellBits) - 1)};
    return {kind.technology, kind.kind, kind.plmn, 0, number};
}

std::string name_of(const Kind& kind) {
    std::string name = std::string(to_string(kind.technology)) + ":" + kind.plmn.text();
    if (kind.kind == PlaceKind::kArea) name += ":tac";
    if (kind.kind == PlaceKind::kEmergencyArea) name += ":ea";
    return name;
}

base::Result<Kind> kind_of(std::string_view name) {
    const base::Error damaged{base::ErrorKind::kCorrupt,
                              "a list of places has the name " + std::string(name)};
    const size_t first = name.find(':');
    const auto technology = technology_of(name.substr(0, first));
    if (!technology || first == std::string_view::npos) return damaged;
    name.remove_prefix(first + 1);
    const size_t second = name.find(':');
    const auto plmn = PlmnId::parse(name.substr(0, second));
    if (!plmn) return plmn.error();
    if (second == std::string_view::npos) return Kind{*technology, PlaceKind::kCell, *plmn};
    name.remove_prefix(second + 1);
    if (name == "tac") return Kind{*technology, PlaceKind::kArea, *plmn};
    if (name == "ea") return Kind{*technology, PlaceKind::kEmergencyArea, *plmn};
    return damaged;
}

void append_hex(std::string& text, uint64_t number) {
    char digits[std::numeric_limits<uint64_t>::digits / 4];
    const auto end = std::to_chars(digits, digits + sizeof digits, number, 16).ptr;
    if (!text.empty()) text += ' ';
    text.append(digits, end);
}

base::Result<void> read_numbers(const Kind& kind, std::string_view text, PlaceSet& places) {
    const base::Error damaged{base::ErrorKind::kCorrupt, "a list of places is damaged"};
    const uint64_t most = (uint64_t{1} << bits_of(kind)) - 1;
    uint64_t number = 0;
    for (const char *at = text.data(), *end = at + text.size(); at != end;) {
        uint64_t distance = 0;
        const auto [next, problem] = std::from_chars(at, end, distance, 16);
        const bool first = at == text.data();
        if (problem != std::errc{} || (distance == 0 && !first) || distance > most - number) return damaged;
        number += distance;
        places.push_back(place_of(kind, number));
        if (next != end && *next != ' ') return damaged;
        at = next == end ? end : next + 1;
    }
    return {};
}

}  // namespace

Json place_list(const PlaceSet& places) {
    Json list = Json::object();
    std::optional<Kind> kind;
    std::string text;
    uint64_t before = 0;
    const auto finish = [&] {
        if (kind) list[name_of(*kind)] = std::move(text);
        text.clear();
        before = 0;
    };
    for (const Place& place : places) {  // in order: those of a kind stand side by side
        const Kind its{place.technology, place.kind, place.plmn};
        if (kind != its) {
            finish();
            kind = its;
        }
        const uint64_t number = number_of(place);
        append_hex(text, number - before);
        before = number;
    }
    finish();
    return list;
}

base::Result<PlaceSet> places_of_list(const Json& list) {
    PlaceSet places;
    for (const auto& [name, numbers] : list.items()) {
        const auto kind = kind_of(name);
        if (!kind) return kind.error();
        if (auto read = read_numbers(*kind, numbers.get_ref<const std::string&>(), places); !read)
            return read.error();
    }
    return make_place_set(std::move(places));
}

}  // namespace cbc
