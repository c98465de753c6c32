// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/cell_table.h"

#include <array>
#include <charconv>
#include <optional>

namespace cbc {
namespace {

constexpr std::array<std::string_view, 8> kColumns{"technology", "mcc",  "mnc", "lac",
                                                   "ci",         "name", "lat", "lon"};
constexpr size_t kFieldsMax = 64;
constexpr size_t kNameOctetsMax = 256;

// The fields of one line, or none when a quotation mark is left open.
std::optional<std::vector<std::string>> split(std::string_view line) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
            fields.back() += line[++i];
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            if (fields.size() == kFieldsMax) return std::nullopt;
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    if (quoted) return std::nullopt;
    return fields;
}

std::optional<uint16_t> u16_of(std::string_view text) {
    uint16_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// Decimal degrees to 1e-7 degree, without floating point. At most `most` degrees either way.
std::optional<int32_t> degrees_e7(std::string_view text, int64_t most) {
    const bool negative = !text.empty() && text.front() == '-';
    if (negative) text.remove_prefix(1);
    const size_t dot = text.find('.');
    const std::string_view whole = text.substr(0, dot);
    std::string fraction{dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1)};
    if (whole.empty() || whole.size() > 3 || fraction.size() > 12) return std::nullopt;
    if (whole.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    if (fraction.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    fraction.resize(7, '0');
    int64_t degrees = 0;
    int64_t parts = 0;
    std::from_chars(whole.data(), whole.data() + whole.size(), degrees);
    std::from_chars(fraction.data(), fraction.data() + fraction.size(), parts);
    const int64_t value = degrees * 10'000'000 + parts;
    if (value > most * 10'000'000) return std::nullopt;
    return static_cast<int32_t>(negative ? -value : value);
}

base::Result<CellRow> row_of(const std::vector<std::string>& fields) {
    if (fields.size() != kColumns.size())
        return base::invalid(std::to_string(fields.size()) + " fields instead of " +
                             std::to_string(kColumns.size()) + " (technology,mcc,mnc,lac,ci,name,lat,lon)");
    const auto technology = technology_of(fields[0]);
    if (technology != Technology::kGsm)
        return base::invalid("technology \"" + fields[0] + "\" is not known; this table takes gsm");
    const auto plmn = PlmnId::parse(fields[1], fields[2]);
    if (!plmn) return plmn.error();
    const auto lac = u16_of(fields[3]);
    if (!lac) return base::invalid("lac \"" + fields[3] + "\" is not a number 0-65535");
    const auto ci = u16_of(fields[4]);
    if (!ci) return base::invalid("ci \"" + fields[4] + "\" is not a number 0-65535");
    if (fields[5].size() > kNameOctetsMax) return base::invalid("the name is longer than 256 octets");
    const auto lat = degrees_e7(fields[6], 90);
    if (!lat) return base::invalid("lat \"" + fields[6] + "\" is not degrees from -90 to 90");
    const auto lon = degrees_e7(fields[7], 180);
    if (!lon) return base::invalid("lon \"" + fields[7] + "\" is not degrees from -180 to 180");
    return CellRow{Place::gsm_cell(*plmn, Lac{*lac}, Ci{*ci}), fields[5], *lat, *lon};
}

bool is_header(const std::vector<std::string>& fields) {
    return std::equal(fields.begin(), fields.end(), kColumns.begin(), kColumns.end());
}

}  // namespace

base::Result<CellTable, std::vector<CellTableProblem>> CellTable::parse(std::string_view csv) {
    CellTable table;
    std::vector<CellTableProblem> problems;
    bool header_seen = false;
    std::unordered_map<Place, size_t> line_of;
    for (size_t line_number = 1; !csv.empty(); ++line_number) {
        const size_t end = csv.find('\n');
        std::string_view line = csv.substr(0, end);
        csv = end == std::string_view::npos ? std::string_view{} : csv.substr(end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.front() == '#') continue;
        const auto fields = split(line);
        if (!fields) {
            problems.push_back({line_number, "a quotation mark is left open, or there are too many fields"});
            continue;
        }
        if (!header_seen) {
            header_seen = true;
            if (!is_header(*fields))
                problems.push_back(
                    {line_number, "the first line is not \"technology,mcc,mnc,lac,ci,name,lat,lon\""});
            continue;
        }
        auto row = row_of(*fields);
        if (!row) {
            problems.push_back({line_number, row.error().text});
            continue;
        }
        const auto [earlier, added] = line_of.emplace(row->identity, line_number);
        if (!added) {
            problems.push_back({line_number, "cell " + row->identity.text() + " stands in line " +
                                                 std::to_string(earlier->second) + " already"});
            continue;
        }
        table.index_.emplace(row->identity, table.rows_.size());
        table.rows_.push_back(std::move(*row));
    }
    if (!problems.empty()) return problems;
    if (!header_seen)
        return std::vector<CellTableProblem>{
            {1, "the file is empty; its first line is \"technology,mcc,mnc,lac,ci,name,lat,lon\""}};
    return table;
}

const CellRow* CellTable::find(const Place& identity) const {
    const auto found = index_.find(identity);
    return found == index_.end() ? nullptr : &rows_[found->second];
}

}  // namespace cbc
