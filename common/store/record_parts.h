// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Small parts that the records of several folders share. What they throw on a wrong form, decode_record turns
// into kCorrupt; they are called nowhere else.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "common/store/record.h"
#include "common/time/clock.h"

namespace store::parts {

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

}  // namespace store::parts
