// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The operator's cells, from a CSV file with the columns technology,mcc,mnc,lac,ci,name,lat,lon.
//
// Every broken row is reported, each with its line. Names may stand in double quotes ("Old Town, north"; ""
// for a quotation mark). Lines that begin with # and empty lines are skipped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cbc/domain/place.h"
#include "common/base/result.h"

namespace cbc {

struct CellRow {
    Place identity;
    std::string name;
    int32_t lat_e7;  // 1e-7 degree
    int32_t lon_e7;
    std::optional<uint32_t> tracking_area{};  // of an LTE or NR cell: its TAC
};

struct CellTableProblem {
    size_t line;  // 1-based
    std::string text;
};

class CellTable {
 public:
    CellTable() = default;
    static base::Result<CellTable, std::vector<CellTableProblem>> parse(std::string_view csv);

    const CellRow* find(const Place& identity) const;
    const std::vector<CellRow>& rows() const { return rows_; }  // in the order of the file

 private:
    std::vector<CellRow> rows_;
    std::unordered_map<Place, size_t> index_;
};

}  // namespace cbc
