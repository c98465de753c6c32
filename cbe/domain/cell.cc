// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/cell.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iomanip>
#include <sstream>

namespace cbe {
namespace {

struct Shape {
    Technology technology;
    std::string_view name;
    unsigned bits;   // of a cell's number
    int hex_digits;  // that it is written in; 0: decimal, behind its location area
};
constexpr std::array kShapes{Shape{Technology::kGsm, "gsm", 16, 0}, Shape{Technology::kUmts, "umts", 16, 0},
                             Shape{Technology::kLte, "lte", 28, 7}, Shape{Technology::kNr, "nr", 36, 9}};

const Shape& shape_of(Technology technology) { return kShapes.at(static_cast<size_t>(technology)); }

bool all_digits(std::string_view text, size_t least, size_t most) {
    return text.size() >= least && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

constexpr int kHexadecimal = 16;

std::optional<int64_t> number(std::string_view text, int base = 10) {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

// "41.1579438" → 411579438; none when it is not a coordinate of at most `limit` degrees.
std::optional<int32_t> degrees_e7(std::string_view text, int32_t limit) {
    double degrees = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), degrees);
    if (error != std::errc{} || end != text.data() + text.size()) return {};
    if (degrees < -limit || degrees > limit) return {};
    return static_cast<int32_t>(degrees * 1e7 + (degrees < 0 ? -0.5 : 0.5));
}

constexpr std::string_view kHeader = "technology,mcc,mnc,lac,ci,name,lat,lon";

base::Result<Site> parse_site(std::string_view line) {
    const auto fields = split(line, ',');
    if (fields.size() != 8) return base::invalid("has " + std::to_string(fields.size()) + " fields, not 8");
    const auto lac = number(fields[3]);
    const auto ci = number(fields[4]);
    if (!ci || (!lac && !fields[3].empty())) return base::invalid("lac and ci must be numbers");
    auto cell = make_cell(fields[0], fields[1], fields[2], lac, *ci);
    if (!cell) return cell.error();
    Site site{*cell, std::string(fields[5]), {}, {}};
    if (fields[6].empty() && fields[7].empty()) return site;
    site.latitude_e7 = degrees_e7(fields[6], 90);
    site.longitude_e7 = degrees_e7(fields[7], 180);
    if (!site.latitude_e7 || !site.longitude_e7)
        return base::invalid("lat and lon must be decimal degrees, as 41.15794,-8.62911");
    return site;
}

}  // namespace

std::string_view to_string(Technology technology) { return shape_of(technology).name; }

bool names_location_area(Technology technology) { return shape_of(technology).hex_digits == 0; }

std::string Cell::text() const {
    std::ostringstream out;
    out << to_string(technology) << ':' << mcc << '-' << mnc << ':';
    if (names_location_area(technology))
        out << lac << ':' << ci;
    else
        out << std::hex << std::setfill('0') << std::setw(shape_of(technology).hex_digits) << ci;
    return out.str();
}

base::Result<Cell> make_cell(std::string_view technology, std::string_view mcc, std::string_view mnc,
                             std::optional<int64_t> lac, int64_t ci) {
    const auto shape = std::find_if(kShapes.begin(), kShapes.end(),
                                    [&](const Shape& one) { return one.name == technology; });
    if (shape == kShapes.end())
        return base::invalid("technology \"" + std::string(technology) +
                             "\" is not known; it must be gsm, umts, lte or nr");
    if (!all_digits(mcc, 3, 3)) return base::invalid("mcc must be three digits");
    if (!all_digits(mnc, 2, 3)) return base::invalid("mnc must be two or three digits");
    Cell cell{shape->technology, std::string(mcc), std::string(mnc), 0, static_cast<uint64_t>(ci)};
    if (ci < 0 || cell.ci >> shape->bits != 0)
        return base::invalid("ci must be from 0 to " + std::to_string((uint64_t{1} << shape->bits) - 1));
    if (!names_location_area(cell.technology)) return cell;
    if (!lac || *lac < 0 || *lac > UINT16_MAX) return base::invalid("lac must be from 0 to 65535");
    cell.lac = static_cast<uint16_t>(*lac);
    return cell;
}

base::Result<Cell> parse_cell(std::string_view text) {
    const auto wrong = [] {
        return base::invalid(
            "a cell is written gsm:MCC-MNC:LAC:CI, umts:MCC-MNC:LAC:SAC, lte:MCC-MNC:HEX or nr:MCC-MNC:HEX");
    };
    const auto parts = split(text, ':');
    const bool has_lac = parts.size() == 4;
    const size_t dash = has_lac || parts.size() == 3 ? parts[1].find('-') : std::string_view::npos;
    if (dash == std::string_view::npos) return wrong();
    const auto lac = has_lac ? number(parts[2]) : std::nullopt;
    const auto ci = number(parts.back(), has_lac ? 10 : kHexadecimal);
    if (!ci || has_lac != lac.has_value()) return wrong();
    auto cell = make_cell(parts[0], parts[1].substr(0, dash), parts[1].substr(dash + 1), lac, *ci);
    if (cell && names_location_area(cell->technology) != has_lac) return wrong();
    return cell;
}

base::Result<CellTable> CellTable::parse(std::string_view csv) {
    CellTable table;
    size_t number = 0;
    bool header_seen = false;
    for (std::string_view line : split(csv, '\n')) {
        ++number;
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.empty() || line.front() == '#') continue;
        if (!header_seen) {
            if (line != kHeader)
                return base::invalid("line " + std::to_string(number) + " must be " + std::string(kHeader));
            header_seen = true;
            continue;
        }
        auto site = parse_site(line);
        if (!site) return site.error().within("line " + std::to_string(number));
        if (!table.index_.emplace(site->cell, table.sites_.size()).second)
            return base::invalid("line " + std::to_string(number) + ": cell " + site->cell.text() +
                                 " stands in the file twice");
        table.sites_.push_back(std::move(*site));
    }
    if (!header_seen)
        return base::invalid("the file is empty; its first line must be " + std::string(kHeader));
    return table;
}

const Site* CellTable::find(const Cell& cell) const {
    const auto found = index_.find(cell);
    return found == index_.end() ? nullptr : &sites_[found->second];
}

}  // namespace cbe
