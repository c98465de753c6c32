// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/place.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <vector>

namespace cbc {

namespace {

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (size_t at = text.find(separator); at != std::string_view::npos; at = text.find(separator)) {
        parts.push_back(text.substr(0, at));
        text.remove_prefix(at + 1);
    }
    parts.push_back(text);
    return parts;
}

// All of the text, in the base, of at most so many bits.
std::optional<uint64_t> number(std::string_view text, unsigned bits, int base = 10) {
    uint64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (problem != std::errc{} || end != text.data() + text.size() || value >> bits != 0) return std::nullopt;
    return value;
}

std::string hexadecimal(uint64_t value, int digits) {
    char text[17];
    std::snprintf(text, sizeof text, "%0*llx", digits, static_cast<unsigned long long>(value));
    return text;
}

std::string_view area_word(Technology technology) { return names_area(technology) ? "lac" : "tac"; }
int cell_digits(Technology technology) { return technology == Technology::kLte ? 7 : 9; }

}  // namespace

base::Result<PlmnId> PlmnId::parse(std::string_view mcc, std::string_view mnc) {
    if (mcc.size() != 3 || !all_digits(mcc))
        return base::invalid("MCC \"" + std::string(mcc) + "\": three digits are expected, such as 001");
    if (mnc.size() < 2 || mnc.size() > 3 || !all_digits(mnc))
        return base::invalid("MNC \"" + std::string(mnc) +
                             "\": two or three digits are expected, such as 01");
    PlmnId plmn;
    plmn.digits_.fill('0');
    std::copy(mcc.begin(), mcc.end(), plmn.digits_.begin());
    std::copy(mnc.begin(), mnc.end(), plmn.digits_.begin() + 3);
    plmn.mnc_digits_ = static_cast<uint8_t>(mnc.size());
    return plmn;
}

base::Result<PlmnId> PlmnId::parse(std::string_view text) {
    const auto parts = split(text, '-');
    if (parts.size() != 2)
        return base::invalid("PLMN \"" + std::string(text) + "\": MCC-MNC is expected, such as 001-01");
    return parse(parts[0], parts[1]);
}

std::string_view to_string(Technology technology) {
    switch (technology) {
        case Technology::kGsm:
            return "gsm";
        case Technology::kUmts:
            return "umts";
        case Technology::kLte:
            return "lte";
        case Technology::kNr:
            return "nr";
    }
    return "";
}

std::optional<Technology> technology_of(std::string_view word) {
    for (const Technology technology : kAllTechnologies)
        if (word == to_string(technology)) return technology;
    return std::nullopt;
}

Place Place::gsm_cell(const PlmnId& plmn, Lac lac, Ci ci) {
    return {Technology::kGsm, PlaceKind::kCell, plmn, lac.value(), ci.value()};
}
Place Place::service_area(const PlmnId& plmn, Lac lac, uint16_t sac) {
    return {Technology::kUmts, PlaceKind::kCell, plmn, lac.value(), sac};
}
Place Place::lte_cell(const PlmnId& plmn, uint32_t eci) {
    return {Technology::kLte, PlaceKind::kCell, plmn, 0, eci};
}
Place Place::nr_cell(const PlmnId& plmn, uint64_t nci) {
    return {Technology::kNr, PlaceKind::kCell, plmn, 0, nci};
}
Place Place::area_of(Technology technology, const PlmnId& plmn, uint32_t code) {
    return {technology, PlaceKind::kArea, plmn, code, 0};
}
Place Place::emergency_area(Technology technology, const PlmnId& plmn, uint32_t number) {
    return {technology, PlaceKind::kEmergencyArea, plmn, 0, number};
}

std::string Place::text() const {
    const std::string network = std::string(to_string(technology)) + ":" + plmn.text() + ":";
    switch (kind) {
        case PlaceKind::kArea:
            return network + std::string(area_word(technology)) + ":" + std::to_string(area);
        case PlaceKind::kEmergencyArea:
            return network + "ea:" + hexadecimal(cell, 6);
        case PlaceKind::kCell:
            break;
    }
    if (names_area(technology)) return network + std::to_string(area) + ":" + std::to_string(cell);
    return network + hexadecimal(cell, cell_digits(technology));
}

base::Result<Place> Place::parse(std::string_view text) {
    const auto wrong = [&](const std::string& why) {
        return base::invalid("place \"" + std::string(text) + "\": " + why);
    };
    const auto parts = split(text, ':');
    if (parts.size() < 3)
        return wrong("TECHNOLOGY:MCC-MNC:CELL is expected, such as gsm:001-01:1:6969 or lte:001-01:000a101");
    const auto technology = technology_of(parts[0]);
    if (!technology)
        return wrong("technology \"" + std::string(parts[0]) + "\" is not known; use gsm, umts, lte or nr");
    const auto plmn = PlmnId::parse(parts[1]);
    if (!plmn) return wrong(plmn.error().text);
    if (parts.size() == 4 && parts[2] == area_word(*technology)) {
        const auto code = number(parts[3], area_bits(*technology));
        if (!code)
            return wrong("the area code is a number of " + std::to_string(area_bits(*technology)) + " bits");
        return area_of(*technology, *plmn, static_cast<uint32_t>(*code));
    }
    if (parts.size() == 4 && parts[2] == "ea") {
        const auto code = number(parts[3], kEmergencyAreaBits, 16);
        if (!code) return wrong("an emergency area is six hexadecimal digits, such as ea:00002a");
        return emergency_area(*technology, *plmn, static_cast<uint32_t>(*code));
    }
    const unsigned bits = cell_bits(*technology);
    if (names_area(*technology)) {
        const auto lac = parts.size() == 4 ? number(parts[2], area_bits(*technology)) : std::nullopt;
        const auto cell = parts.size() == 4 ? number(parts[3], bits) : std::nullopt;
        if (!lac || !cell) return wrong("LAC and cell are two numbers from 0 to 65535, such as 1:6969");
        return Place{*technology, PlaceKind::kCell, *plmn, static_cast<uint32_t>(*lac), *cell};
    }
    const auto cell = parts.size() == 3 ? number(parts[2], bits, 16) : std::nullopt;
    if (!cell)
        return wrong("the cell is a number of " + std::to_string(bits) + " bits in hexadecimal, such as " +
                     hexadecimal(0xa101, cell_digits(*technology)));
    return Place{*technology, PlaceKind::kCell, *plmn, 0, *cell};
}

PlaceSet make_place_set(std::vector<Place> places) {
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    return places;
}

}  // namespace cbc
