// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/cell.h"

#include <algorithm>
#include <charconv>

namespace cbe {
namespace {

bool all_digits(std::string_view text, size_t least, size_t most) {
    return text.size() >= least && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<int64_t> number(std::string_view text) {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
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
    if (!lac || !ci) return base::invalid("lac and ci must be numbers");
    auto cell = make_cell(fields[0], fields[1], fields[2], *lac, *ci);
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

std::string_view to_string(Technology technology) {
    switch (technology) {
        case Technology::kGsm:
            return "gsm";
    }
    return "unknown";
}

std::string Cell::text() const {
    return std::string(to_string(technology)) + ":" + mcc + "-" + mnc + ":" + std::to_string(lac) + ":" +
           std::to_string(ci);
}

base::Result<Cell> make_cell(std::string_view technology, std::string_view mcc, std::string_view mnc,
                             int64_t lac, int64_t ci) {
    if (technology != to_string(Technology::kGsm))
        return base::invalid("technology \"" + std::string(technology) + "\" is not known; it must be gsm");
    if (!all_digits(mcc, 3, 3)) return base::invalid("mcc must be three digits");
    if (!all_digits(mnc, 2, 3)) return base::invalid("mnc must be two or three digits");
    if (lac < 0 || lac > UINT16_MAX || ci < 0 || ci > UINT16_MAX)
        return base::invalid("lac and ci must be from 0 to 65535");
    return Cell{Technology::kGsm, std::string(mcc), std::string(mnc), static_cast<uint16_t>(lac),
                static_cast<uint16_t>(ci)};
}

base::Result<Cell> parse_cell(std::string_view text) {
    const auto parts = split(text, ':');
    const size_t dash = parts.size() == 4 ? parts[1].find('-') : std::string_view::npos;
    if (dash == std::string_view::npos) return base::invalid("a cell is written gsm:MCC-MNC:LAC:CI");
    const auto lac = number(parts[2]);
    const auto ci = number(parts[3]);
    if (!lac || !ci) return base::invalid("a cell is written gsm:MCC-MNC:LAC:CI");
    return make_cell(parts[0], parts[1].substr(0, dash), parts[1].substr(dash + 1), *lac, *ci);
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
