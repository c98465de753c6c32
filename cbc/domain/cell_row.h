// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One row of the operator's cell file: which cell, where it stands, and what ground it covers. The columns
// are in cbc/README.md, "The cell file".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cbc/domain/place.h"
#include "common/geo/footprint.h"

namespace cbc {

// Where the footprint is from, best first.
enum class FootprintSource : uint8_t {
    kSector,   // azimuth and beam width of the file; a range that it lacks is the technology's
    kRange,    // a circle of the file's range
    kAssumed,  // a circle of the technology's range
    kSite,     // nothing but the site: so near to a pole that a circle says nothing
};
std::string_view to_string(FootprintSource source);  // "sector", "range", "assumed", "site"

// How far a cell reaches, when the file does not say: rather too far than a street unwarned, and small
// enough that a warning stays where it belongs.
uint32_t assumed_range_m(Technology technology);
// The width of a beam, when the file has its azimuth only: three sectors make a site.
inline constexpr uint16_t kAssumedBeam_deg = 120;

struct CellRow {
    Place identity;
    std::string name;
    int32_t lat_e7;  // 1e-7 degree
    int32_t lon_e7;
    std::optional<uint32_t> tracking_area{};   // of an LTE or NR cell: its TAC
    std::optional<uint32_t> emergency_area{};  // three octets
    std::optional<RadioNode> node{};           // of an LTE or NR cell
    FootprintSource footprint_source = FootprintSource::kAssumed;
    geo::Footprint footprint{};

    // Its location or tracking area; none: not in the file.
    std::optional<uint32_t> area_code() const;
    std::optional<Place> area() const;
    std::optional<Place> emergency_place() const;
    friend bool operator==(const CellRow&, const CellRow&) = default;
};

// The columns of one file, from its first row.
class CellColumns {
 public:
    // The error is a sentence: a name that is unknown or stands twice, or a column that must be there.
    static base::Result<CellColumns> parse(const std::vector<std::string_view>& names, char separator);

    base::Result<CellRow> read(const std::vector<std::string_view>& fields) const;

    enum Column : size_t {
        kTechnology,
        kMcc,
        kMnc,
        kLac,
        kTac,
        kCell,
        kName,
        kLat,
        kLon,
        kAzimuth,
        kBeamWidth,
        kRange,
        kEmergencyArea,
        kNode,
        kNodeBits,
        kColumns
    };

 private:
    struct Fields;

    std::array<size_t, kColumns> at_{};  // kNowhere: the file has none
    size_t count_ = 0;                   // of all columns, also those that we pass over
    char separator_ = ',';
};

}  // namespace cbc
