// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/kvd/records.h"

#include <nlohmann/json.hpp>

namespace kvd {
namespace {

constexpr std::string_view kLevelKey = "level";
// The row that says the level cannot be in a form that depends on it.
constexpr Level kFormOfLevel = 1;

const char* member_of(Level level) { return level == 1 ? "value" : "amount"; }

}  // namespace

base::Result<int64_t> decode_number(std::string_view row, Level known) {
    return store::decode_record<int64_t>(row, known, [](Level level, const store::Json& json) {
        return json.at(member_of(level)).get<int64_t>();
    });
}

base::Result<std::optional<int64_t>> find_number(const store::Reader& reader, std::string_view table,
                                                 std::string_view key, Level known) {
    const auto row = reader.get(table, key);
    if (!row) return std::optional<int64_t>();
    const auto number = decode_number(*row, known);
    if (!number) return number.error().within(std::string(table) + "/" + std::string(key));
    return std::optional(*number);
}

void put_number(store::Transaction& txn, std::string_view table, std::string_view key, int64_t number) {
    const Level level = written_level(txn);
    txn.put(table, key, store::encode_record(level, {{member_of(level), number}}));
}

Level written_level(const store::Reader& reader) {
    const auto row = reader.get(tables::kLevel, kLevelKey);
    const auto level = row ? decode_number(*row, kFormOfLevel) : base::Result<int64_t>(1);
    return level && *level >= 1 && *level <= kNewestLevel ? static_cast<Level>(*level) : kFormOfLevel;
}

void put_written_level(store::Transaction& txn, Level level) {
    txn.put(tables::kLevel, kLevelKey,
            store::encode_record(kFormOfLevel, {{member_of(kFormOfLevel), level}}));
}

}  // namespace kvd
