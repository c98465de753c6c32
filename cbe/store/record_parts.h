// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Small parts that several records of cbed share. What they throw on a wrong form, decode_record turns into
// kCorrupt; they are called nowhere else.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "cbe/domain/cell.h"
#include "common/store/record_parts.h"

namespace cbe::parts {

using Json = nlohmann::json;

inline constexpr store::RecordVersion kVersion = 1;

using store::parts::instant;
using store::parts::micros;
using store::parts::word;

inline Cell cell_of(const Json& json) {
    auto cell = parse_cell(json.get<std::string>());
    if (!cell) throw std::invalid_argument(cell.error().text);
    return *cell;
}

}  // namespace cbe::parts
