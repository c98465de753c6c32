// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The operator's cells of every radio generation, from a CSV file (cbc/README.md, "The cell file").
//
// A table never changes; a copy is a handle to the same one. So a new file takes the place of the old one at
// once, and a warning that is on the air keeps the table that its cells were chosen from.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cbc/domain/cell_row.h"
#include "common/base/result.h"
#include "common/geo/region.h"

namespace cbc {

struct CellTableProblem {
    size_t line;  // 1-based
    std::string text;
};

// Every broken row counts; the first kKept are told.
struct CellTableProblems {
    std::vector<CellTableProblem> kept;
    size_t total = 0;
    static constexpr size_t kKept = 100;

    void add(size_t line, std::string text);
};

class CellTable {
 public:
    CellTable();
    static base::Result<CellTable, CellTableProblems> parse(std::string_view csv);

    const CellRow* find(const Place& identity) const;
    const std::vector<CellRow>& rows() const;  // in the order of the file
    const PlaceSet& cells() const;             // of all rows
    // The rows of a location, tracking or emergency area, in the order of the file.
    const std::vector<uint32_t>& rows_in(const Place& area) const;
    // The rows whose footprint touches the region, in the order of the file.
    base::Result<std::vector<uint32_t>> rows_touching(const geo::Region& region) const;

 private:
    struct Data;
    explicit CellTable(std::shared_ptr<const Data> data);

    std::shared_ptr<const Data> data_;  // shared by the copies; warnings outlive a reload
};

// What a new file changes, for the log.
struct CellTableChanges {
    size_t added = 0;
    size_t gone = 0;
    size_t changed = 0;  // moved, renamed, in another area
};
CellTableChanges changes_between(const CellTable& before, const CellTable& after);

}  // namespace cbc
