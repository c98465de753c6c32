// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Small parts that several records of cbed share. What they throw on a wrong form, decode_record turns into
// kCorrupt; they are called nowhere else.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "cbe/domain/cell.h"
#include "common/store/record.h"
#include "common/time/clock.h"

namespace cbe::parts {

using Json = nlohmann::json;

inline constexpr store::RecordVersion kVersion = 1;

inline int64_t micros(base::Instant at) { return at.time_since_epoch().count(); }
inline base::Instant instant(const Json& value) {
    return base::Instant{std::chrono::microseconds{value.get<int64_t>()}};
}

// A word of one of our enumerations.
template <class Parse>
auto word(const Json& value, Parse parse) {
    const auto text = value.get<std::string>();
    const auto found = parse(text);
    if (!found) throw std::invalid_argument("unknown word " + text);
    return *found;
}

inline Cell cell_of(const Json& json) {
    auto cell = parse_cell(json.get<std::string>());
    if (!cell) throw std::invalid_argument(cell.error().text);
    return *cell;
}

}  // namespace cbe::parts
