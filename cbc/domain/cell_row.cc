// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/cell_row.h"

#include <algorithm>
#include <charconv>

#include "common/cbs/utf8.h"

namespace cbc {
namespace {

using base::invalid;

constexpr size_t kNowhere = SIZE_MAX;
constexpr size_t kNameOctetsMax = 256;

struct Name {
    std::string_view word;
    CellColumns::Column column;
};
// The first of a column is the one to use; the others are what planning tools write.
constexpr std::array kNames{Name{"technology", CellColumns::kTechnology},
                            Name{"mcc", CellColumns::kMcc},
                            Name{"mnc", CellColumns::kMnc},
                            Name{"lac", CellColumns::kLac},
                            Name{"tac", CellColumns::kTac},
                            Name{"cell", CellColumns::kCell},
                            Name{"ci", CellColumns::kCell},
                            Name{"sac", CellColumns::kCell},
                            Name{"eci", CellColumns::kCell},
                            Name{"nci", CellColumns::kCell},
                            Name{"name", CellColumns::kName},
                            Name{"lat", CellColumns::kLat},
                            Name{"latitude", CellColumns::kLat},
                            Name{"lon", CellColumns::kLon},
                            Name{"longitude", CellColumns::kLon},
                            Name{"azimuth", CellColumns::kAzimuth},
                            Name{"beam_width", CellColumns::kBeamWidth},
                            Name{"range_m", CellColumns::kRange},
                            Name{"emergency_area", CellColumns::kEmergencyArea},
                            Name{"node", CellColumns::kNode},
                            Name{"node_bits", CellColumns::kNodeBits}};
constexpr std::array<std::string_view, 8> kPassedOver{"site",  "height_m",  "band",      "status",
                                                      "notes", "mme_group", "amf_group", "vendor"};
constexpr std::array kNeeded{CellColumns::kTechnology, CellColumns::kMcc, CellColumns::kMnc,
                             CellColumns::kCell,       CellColumns::kLat, CellColumns::kLon};

std::string quoted(std::string_view text) { return "\"" + std::string(text.substr(0, 64)) + "\""; }

// "Beam Width" and "BEAM-WIDTH" are beam_width.
std::string plain(std::string_view name) {
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    std::string out{name};
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (c == ' ' || c == '-') c = '_';
    }
    return out;
}

std::string_view word_of(CellColumns::Column column) {
    for (const Name& name : kNames)
        if (name.column == column) return name.word;
    return "";
}

// Decimal, or hexadecimal after 0x; of at most so many bits.
std::optional<uint64_t> number_of(std::string_view text, unsigned bits) {
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    if (hexadecimal) text.remove_prefix(2);
    uint64_t number = 0;
    const auto [end, problem] =
        std::from_chars(text.data(), text.data() + text.size(), number, hexadecimal ? 16 : 10);
    if (problem != std::errc{} || end != text.data() + text.size() || number >> bits != 0)
        return std::nullopt;
    return number;
}

// How many of a cell's first bits name its node. TS 36.413 §9.2.1.37: macro, home, short and long macro eNB;
// TS 38.413 §9.3.1.6: gNB.
bool node_bits_known(Technology technology, uint64_t bits) {
    if (technology == Technology::kLte) return bits == 20 || bits == 28 || bits == 18 || bits == 21;
    return technology == Technology::kNr && bits >= 22 && bits <= 32;
}

}  // namespace

std::string_view to_string(FootprintSource source) {
    switch (source) {
        case FootprintSource::kSector:
            return "sector";
        case FootprintSource::kRange:
            return "range";
        case FootprintSource::kAssumed:
            return "assumed";
        case FootprintSource::kSite:
            return "site";
    }
    return "";
}

uint32_t assumed_range_m(Technology technology) {
    switch (technology) {
        case Technology::kGsm:
            return 10'000;
        case Technology::kUmts:
            return 6'000;
        case Technology::kLte:
            return 5'000;
        case Technology::kNr:
            return 3'000;
    }
    return 0;
}

std::optional<uint32_t> CellRow::area_code() const {
    return names_area(identity.technology) ? identity.area : tracking_area;
}

std::optional<Place> CellRow::area() const {
    const auto code = area_code();
    if (!code) return std::nullopt;
    return Place::area_of(identity.technology, identity.plmn, *code);
}

std::optional<Place> CellRow::emergency_place() const {
    if (!emergency_area) return std::nullopt;
    return Place::emergency_area(identity.technology, identity.plmn, *emergency_area);
}

base::Result<CellColumns> CellColumns::parse(const std::vector<std::string_view>& names, char separator) {
    CellColumns columns;
    columns.at_.fill(kNowhere);
    columns.count_ = names.size();
    columns.separator_ = separator;
    for (size_t i = 0; i < names.size(); ++i) {
        const std::string name = plain(names[i]);
        if (std::find(kPassedOver.begin(), kPassedOver.end(), name) != kPassedOver.end()) continue;
        const auto* known =
            std::find_if(kNames.begin(), kNames.end(), [&](const Name& one) { return one.word == name; });
        if (known == kNames.end())
            return invalid("column " + quoted(names[i]) +
                           " is not known; a first line is technology,mcc,mnc,lac,tac,cell,name,lat,lon,"
                           "azimuth,beam_width,range_m,emergency_area,node,node_bits or fewer of these");
        if (columns.at_[known->column] != kNowhere)
            return invalid("column " + quoted(names[i]) + " stands twice, or under two names");
        columns.at_[known->column] = i;
    }
    for (const Column column : kNeeded)
        if (columns.at_[column] == kNowhere)
            return invalid("the first line names no column \"" + std::string(word_of(column)) +
                           "\"; it begins as technology,mcc,mnc,lac,ci,name,lat,lon");
    return columns;
}

// One row, read field by field; the first mistake is kept.
struct CellColumns::Fields {
    const CellColumns& columns;
    const std::vector<std::string_view>& fields;
    std::optional<base::Error> wrong{};

    std::string_view text(Column column) const {
        return columns.at_[column] == kNowhere ? std::string_view{} : fields[columns.at_[column]];
    }
    bool has(Column column) const { return !text(column).empty(); }
    void refuse(Column column, const std::string& why) {
        if (!wrong) wrong = invalid(std::string(word_of(column)) + " " + quoted(text(column)) + " " + why);
    }
    uint64_t number(Column column, unsigned bits) {
        const auto value = number_of(text(column), bits);
        if (!value) refuse(column, "is not a number of " + std::to_string(bits) + " bits");
        return value.value_or(0);
    }
    std::optional<uint64_t> optional_number(Column column, unsigned bits) {
        if (!has(column)) return std::nullopt;
        return number(column, bits);
    }
    int32_t degrees(Column column, int32_t most) {
        std::string value{text(column)};
        // Where fields are not parted by commas, a comma is somebody's decimal point.
        if (columns.separator_ != ',') std::replace(value.begin(), value.end(), ',', '.');
        const auto parsed = geo::parse_degrees(value, most);
        const std::string bound = std::to_string(most / geo::kDegree);
        if (!parsed) refuse(column, "is not degrees from -" + bound + " to " + bound);
        return parsed.value_or(0);
    }

    // Many files have one column for both.
    Column area_column(Technology technology) const {
        const Column own = names_area(technology) ? kLac : kTac;
        const Column other = names_area(technology) ? kTac : kLac;
        return !has(own) && has(other) ? other : own;
    }

    std::string name();
    std::optional<Place> identity(Technology technology, const PlmnId& plmn);
    void node(CellRow& row);
    void footprint(CellRow& row);
};

std::string CellColumns::Fields::name() {
    const std::string_view name = text(kName);
    if (name.size() > kNameOctetsMax) refuse(kName, "is longer than 256 octets");
    if (!cbs::from_utf8(name)) refuse(kName, "is not UTF-8");
    return std::string(name);
}

std::optional<Place> CellColumns::Fields::identity(Technology technology, const PlmnId& plmn) {
    Place place{technology, PlaceKind::kCell, plmn, 0, 0};
    if (names_area(technology))
        place.area = static_cast<uint32_t>(number(area_column(technology), area_bits(technology)));
    place.cell = number(kCell, cell_bits(technology));
    if (wrong) return std::nullopt;
    return place;
}

void CellColumns::Fields::node(CellRow& row) {
    if (!has(kNode)) return;
    const Technology technology = row.identity.technology;
    if (names_area(technology)) return refuse(kNode, "belongs to LTE and NR cells only");
    uint64_t bits = technology == Technology::kLte ? 20 : 0;
    if (has(kNodeBits)) bits = number(kNodeBits, 8);
    if (!node_bits_known(technology, bits))
        return refuse(kNodeBits, technology == Technology::kLte
                                     ? "is not the length of an eNB's identity: 18, 20, 21 or 28 bits"
                                     : "is not the length of a gNB's identity: 22 to 32 bits");
    const uint64_t value = number(kNode, static_cast<unsigned>(bits));
    if (wrong) return;
    if (row.identity.cell >> (cell_bits(technology) - bits) != value)
        return refuse(kNode, "is not the beginning of cell " + row.identity.text());
    const auto kind = technology == Technology::kLte ? RadioNode::Kind::kEnb : RadioNode::Kind::kGnb;
    row.node = RadioNode{kind, row.identity.plmn, static_cast<uint32_t>(value), static_cast<uint8_t>(bits)};
}

void CellColumns::Fields::footprint(CellRow& row) {
    const geo::Point site{row.lat_e7, row.lon_e7};
    const uint64_t range = optional_number(kRange, 32).value_or(0);
    const auto azimuth = optional_number(kAzimuth, 16);
    const uint64_t width = optional_number(kBeamWidth, 16).value_or(azimuth ? kAssumedBeam_deg : 360);
    if (wrong) return;
    const auto range_m = range != 0 ? static_cast<uint32_t>(range) : assumed_range_m(row.identity.technology);
    if (width > 360) return refuse(kBeamWidth, "is more than 360 degrees");
    if (width < 360 && !azimuth) return refuse(kBeamWidth, "needs an azimuth");
    if (azimuth && *azimuth > 360) return refuse(kAzimuth, "is more than 360 degrees");
    row.footprint = geo::Circle{site, range_m};
    row.footprint_source = range != 0 ? FootprintSource::kRange : FootprintSource::kAssumed;
    if (azimuth && width > 0 && width < 360) {
        row.footprint =
            geo::Sector{site, static_cast<uint16_t>(*azimuth % 360), static_cast<uint16_t>(width), range_m};
        row.footprint_source = FootprintSource::kSector;
    }
    const auto good = geo::check(row.footprint);
    if (good) return;
    if (row.footprint_source != FootprintSource::kAssumed) {
        wrong = good.error();
        return;
    }
    row.footprint = site;
    row.footprint_source = FootprintSource::kSite;
}

base::Result<CellRow> CellColumns::read(const std::vector<std::string_view>& texts) const {
    if (texts.size() != count_)
        return invalid(std::to_string(texts.size()) + " fields instead of " + std::to_string(count_));
    Fields fields{*this, texts};
    const auto technology = technology_of(fields.text(kTechnology));
    if (!technology)
        return invalid("technology " + quoted(fields.text(kTechnology)) +
                       " is not known; this table takes gsm, umts, lte and nr");
    const auto plmn = PlmnId::parse(fields.text(kMcc), fields.text(kMnc));
    if (!plmn) return plmn.error();
    const auto identity = fields.identity(*technology, *plmn);
    if (!identity) return *fields.wrong;
    CellRow row{*identity, fields.name(), fields.degrees(kLat, geo::kLatitudeMost),
                fields.degrees(kLon, geo::kLongitudeMost)};
    const auto tac = fields.optional_number(fields.area_column(*technology), area_bits(*technology));
    if (tac && !names_area(*technology)) row.tracking_area = static_cast<uint32_t>(*tac);
    const auto emergency = fields.optional_number(kEmergencyArea, kEmergencyAreaBits);
    if (emergency) row.emergency_area = static_cast<uint32_t>(*emergency);
    fields.node(row);
    if (!fields.wrong) fields.footprint(row);
    if (fields.wrong) return *fields.wrong;
    return row;
}

}  // namespace cbc
