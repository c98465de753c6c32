// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/cell_table.h"

#include <optional>
#include <unordered_map>

#include "cbc/domain/csv.h"
#include "common/geo/footprint_index.h"

namespace cbc {

struct CellTable::Data {
    std::vector<CellRow> rows;
    PlaceSet cells;
    std::unordered_map<Place, uint32_t> by_cell;
    std::unordered_map<Place, std::vector<uint32_t>> by_area;  // also emergency areas
    std::optional<geo::FootprintIndex> by_footprint;           // none: no row

    // False: the cell is there already; `line_of` says where.
    bool add(CellRow row) {
        const auto number = static_cast<uint32_t>(rows.size());
        if (!by_cell.emplace(row.identity, number).second) return false;
        if (const auto area = row.area()) by_area[*area].push_back(number);
        if (const auto emergency = row.emergency_place()) by_area[*emergency].push_back(number);
        rows.push_back(std::move(row));
        return true;
    }

    base::Result<void> finish() {
        if (rows.empty()) return {};
        for (const CellRow& row : rows) cells.push_back(row.identity);
        cells = make_place_set(std::move(cells));
        std::vector<geo::Footprint> footprints;
        footprints.reserve(rows.size());
        for (const CellRow& row : rows) footprints.push_back(row.footprint);
        auto index = geo::FootprintIndex::make(std::move(footprints));
        if (!index) return index.error();
        by_footprint = std::move(*index);
        return {};
    }
};

void CellTableProblems::add(size_t line, std::string text) {
    ++total;
    if (kept.size() < kKept) kept.push_back({line, std::move(text)});
}

CellTable::CellTable() : data_(std::make_shared<Data>()) {}
CellTable::CellTable(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

base::Result<CellTable, CellTableProblems> CellTable::parse(std::string_view csv) {
    CellTableProblems problems;
    CsvReader reader(csv);
    if (!reader.next()) {
        problems.add(1, "the file is empty; its first line is \"technology,mcc,mnc,lac,ci,name,lat,lon\"");
        return problems;
    }
    const auto columns = CellColumns::parse(reader.fields(), reader.separator());
    if (!columns || reader.broken()) {
        problems.add(reader.line(), reader.broken() ? "the first line is broken" : columns.error().text);
        return problems;
    }
    auto data = std::make_shared<Data>();
    std::vector<size_t> lines;  // of the rows
    while (reader.next()) {
        if (reader.broken()) {
            problems.add(reader.line(), "a quotation mark is left open, or there are too many fields");
            continue;
        }
        auto row = columns->read(reader.fields());
        if (!row) {
            problems.add(reader.line(), row.error().text);
            continue;
        }
        const Place identity = row->identity;
        if (data->add(std::move(*row)))
            lines.push_back(reader.line());
        else
            problems.add(reader.line(), "cell " + identity.text() + " stands in line " +
                                            std::to_string(lines[data->by_cell.at(identity)]) + " already");
    }
    if (problems.total > 0) return problems;
    if (const auto indexed = data->finish(); !indexed) {
        problems.add(1, indexed.error().text);
        return problems;
    }
    return CellTable(std::move(data));
}

const CellRow* CellTable::find(const Place& identity) const {
    const auto found = data_->by_cell.find(identity);
    return found == data_->by_cell.end() ? nullptr : &data_->rows[found->second];
}

const std::vector<CellRow>& CellTable::rows() const { return data_->rows; }
const PlaceSet& CellTable::cells() const { return data_->cells; }

const std::vector<uint32_t>& CellTable::rows_in(const Place& area) const {
    static const std::vector<uint32_t> kNone;
    const auto found = data_->by_area.find(area);
    return found == data_->by_area.end() ? kNone : found->second;
}

base::Result<std::vector<uint32_t>> CellTable::rows_touching(const geo::Region& region) const {
    if (!data_->by_footprint) return std::vector<uint32_t>{};
    return data_->by_footprint->touching(region);
}

CellTableChanges changes_between(const CellTable& before, const CellTable& after) {
    CellTableChanges changes;
    for (const CellRow& row : after.rows()) {
        const CellRow* old = before.find(row.identity);
        if (old == nullptr)
            ++changes.added;
        else if (*old != row)
            ++changes.changed;
    }
    changes.gone = before.rows().size() + changes.added - after.rows().size();
    return changes;
}

}  // namespace cbc
