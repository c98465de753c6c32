// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/cell_records.h"

#include <map>
#include <random>

#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;

Place cell(uint32_t number) { return Place::lte_cell(*PlmnId::parse("001-01"), number); }

CellRecord with(uint16_t broadcasts) {
    CellRecord record;
    record.broadcasts = broadcasts;
    return record;
}

void check_same(const CellRecords& records, const std::map<Place, CellRecord>& expected) {
    CHECK_EQ(records.size(), expected.size());
    auto at = records.begin();
    for (const auto& [place, record] : expected) {
        CHECK(at != records.end());
        CHECK(at->first == place && at->second == record);
        ++at;
    }
    CHECK(at == records.end());
    for (const auto& block : records.blocks()) CHECK(!block.empty() && block.size() <= CellRecords::kBlock);
}

void it_is_a_map_whatever_the_order_of_insertions_and_removals() {
    std::mt19937 random(7);
    CellRecords records;
    std::map<Place, CellRecord> expected;
    for (uint32_t round = 0; round < 20'000; ++round) {
        const uint32_t number = round % 3 == 0 ? 100'000 + round : static_cast<uint32_t>(random() % 50'000);
        const CellRecord record = with(static_cast<uint16_t>(round));
        const bool added = expected.try_emplace(cell(number), record).second;
        const auto [found, is_new] = records.try_emplace(cell(number), record);
        CHECK_EQ(is_new, added);
        CHECK(found->first == cell(number) && found->second == expected.at(cell(number)));
    }
    check_same(records, expected);
    const auto odd = [](const auto& entry) { return *entry.second.broadcasts % 2 == 1; };
    records.erase_if(odd);
    std::erase_if(expected, odd);
    check_same(records, expected);
    const CellRecords& read = records;
    for (uint32_t number = 0; number < 60'000; number += 7) {
        CHECK_EQ(records.contains(cell(number)), expected.contains(cell(number)));
        const auto from = expected.lower_bound(cell(number));
        const auto at = read.lower_bound(cell(number));
        CHECK(at != read.end() && at->first == from->first);
    }
    CHECK(read.lower_bound(cell(200'000)) == read.end());
}

void what_comes_in_order_fills_its_blocks() {
    CellRecords records;
    for (uint32_t number = 0; number < 2 * CellRecords::kBlock; ++number)
        records.try_emplace(cell(number), {});
    CHECK_EQ(records.blocks().size(), size_t{2});
}

void an_empty_one_has_nothing() {
    const CellRecords records;
    CHECK(records.empty() && records.begin() == records.end());
    CHECK(!records.contains(cell(1)));
    CHECK(records.lower_bound(cell(1)) == records.end());
}

}  // namespace

GROUP(cell_records, CASE(it_is_a_map_whatever_the_order_of_insertions_and_removals),
      CASE(what_comes_in_order_fills_its_blocks), CASE(an_empty_one_has_nothing))
