// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Small parts that the records of this folder share. What they throw on a wrong form, decode_record turns
// into kCorrupt; they are called nowhere else.
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "common/auth/try_guard.h"
#include "common/base/bytes.h"
#include "common/store/record_parts.h"

namespace auth::parts {

using Json = nlohmann::json;

inline constexpr store::RecordVersion kVersion = 1;

using store::parts::instant;
using store::parts::micros;
using store::parts::word;

inline std::string hex(std::string_view octets) { return base::to_hex(base::as_bytes(octets)); }
inline std::string octets(const Json& value) {
    const auto bytes = base::from_hex(value.get<std::string>());
    if (!bytes) throw std::invalid_argument(bytes.error().text);
    return std::string(base::as_text(*bytes));
}

inline Json json_of(const TryGuard& guard) {
    return {{"wrong", guard.wrong}, {"locks", guard.locks}, {"locked_until", micros(guard.locked_until)}};
}
inline TryGuard try_guard_of(const Json& json) {
    return {json.at("wrong").get<uint32_t>(), json.at("locks").get<uint32_t>(),
            instant(json.at("locked_until"))};
}

}  // namespace auth::parts
