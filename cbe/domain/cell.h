// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A cell by the numbers of its technology (cell global identification, TS 23.003 §4.3.1), and this entity's
// own copy of the site data: what an officer can choose from. The broadcast centre has the last word, see
// design of the contract: its own table decides, and it answers unknown cells.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace cbe {

enum class Technology { kGsm, kUmts, kLte, kNr };
std::string_view to_string(Technology technology);
inline constexpr int64_t kLargestCellNumber = (int64_t{1} << 36) - 1;  // NR's
// GSM and UMTS; the others' cells are named by their network and number alone.
bool names_location_area(Technology technology);

struct Cell {
    Technology technology = Technology::kGsm;
    std::string mcc;   // three digits
    std::string mnc;   // two or three digits; 01 and 001 differ
    uint16_t lac = 0;  // 0 where there is none
    uint64_t ci = 0;   // CI, SAC, 28 bits of the ECGI, 36 bits of the NCGI

    std::string text()
        const;  // "gsm:001-01:1:6969", "umts:001-01:2:512", "lte:001-01:0019b01", "nr:001-01:000000010"
    friend auto operator<=>(const Cell&, const Cell&) = default;
};
inline std::ostream& operator<<(std::ostream& out, const Cell& cell) { return out << cell.text(); }

// Digits, lengths and bits checked. `lac` is needed for GSM and UMTS, and not looked at for the others.
base::Result<Cell> make_cell(std::string_view technology, std::string_view mcc, std::string_view mnc,
                             std::optional<int64_t> lac, int64_t ci);
base::Result<Cell> parse_cell(std::string_view text);

struct Site {
    Cell cell;
    std::string name;
    std::optional<int32_t> latitude_e7;  // 1e-7 degree
    std::optional<int32_t> longitude_e7;
};

class CellTable {
 public:
    CellTable() = default;
    // CSV with the header technology,mcc,mnc,lac,ci,name,lat,lon (no lac for lte and nr); the error names the
    // line.
    static base::Result<CellTable> parse(std::string_view csv);

    const std::vector<Site>& sites() const { return sites_; }
    const Site* find(const Cell& cell) const;
    bool empty() const { return sites_.empty(); }

 private:
    std::vector<Site> sites_;  // in the order of the file
    std::map<Cell, size_t> index_;
};

}  // namespace cbe
