// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The message identifier: what kind of message this is, and so whether and how a phone shows it.
// TS 23.041 §9.4.1.2.2.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/strong.h"

namespace cbs {

using MessageIdentifier = base::Strong<struct MessageIdentifierTag, uint16_t>;

inline constexpr MessageIdentifier kEtwsEarthquake{4352};
inline constexpr MessageIdentifier kEtwsTsunami{4353};
inline constexpr MessageIdentifier kEtwsEarthquakeAndTsunami{4354};
inline constexpr MessageIdentifier kEtwsTest{4355};
inline constexpr MessageIdentifier kEtwsOther{4356};
inline constexpr MessageIdentifier kCmasPresidential{4370};  // EU-Alert level 1
inline constexpr MessageIdentifier kCmasChildAbduction{4379};
inline constexpr MessageIdentifier kCmasMonthlyTest{4380};
inline constexpr MessageIdentifier kCmasExercise{4381};
inline constexpr MessageIdentifier kCmasOperatorDefined{4382};
inline constexpr MessageIdentifier kGeoFencingTrigger{4400};
inline constexpr MessageIdentifier kEuInfo{6400};

// The true meaning of any number, for people: "CMAS presidential alert, EU-Alert level 1".
std::string_view meaning(MessageIdentifier identifier);

// ETWS identifiers, whose writes to a BSC are emergency messages without text.
bool is_etws(MessageIdentifier identifier);

// The identifier under which the same warning goes out in a further language; none if the standard has no
// such one. 4370..4382 add 13; 4396 and 4398 add 1.
std::optional<MessageIdentifier> additional_language(MessageIdentifier identifier);
// The other way: the identifier of the local language that belongs to one for additional languages.
std::optional<MessageIdentifier> local_language(MessageIdentifier identifier);

}  // namespace cbs
