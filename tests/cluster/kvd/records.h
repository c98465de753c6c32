// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of kvd: one number each, in two forms, so that a rolling change of the form can be played.
//
//     level 1   {"value": 7}
//     level 2   {"amount": 7}
//
// Every node writes the level that the row `level` of kv_level names (1 when there is none), whatever it
// could write itself; it is raised when all nodes know the new form.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/store/record.h"
#include "common/store/store.h"

namespace kvd {

using Level = store::RecordVersion;
inline constexpr Level kNewestLevel = 2;

namespace tables {
inline constexpr std::string_view kRegisters = "kv_registers";
inline constexpr std::string_view kCounters = "kv_counters";
inline constexpr std::string_view kBank = "kv_bank";
inline constexpr std::string_view kIds = "kv_ids";
inline constexpr std::string_view kBlobs = "kv_blobs";  // hash -> number of octets
inline constexpr std::string_view kLevel = "kv_level";
inline constexpr std::array kAll{kRegisters, kCounters, kBank, kIds, kBlobs, kLevel};
}  // namespace tables

// kCorrupt also for a row of a level above `known`.
base::Result<int64_t> decode_number(std::string_view row, Level known);
// No row: none.
base::Result<std::optional<int64_t>> find_number(const store::Reader& reader, std::string_view table,
                                                 std::string_view key, Level known);
// In the form that the cluster's level asks for.
void put_number(store::Transaction& txn, std::string_view table, std::string_view key, int64_t number);

Level written_level(const store::Reader& reader);
void put_written_level(store::Transaction& txn, Level level);

}  // namespace kvd
