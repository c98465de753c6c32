// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The warning type of an ETWS primary notification, two octets. TS 23.041 §9.3.24.
#pragma once

#include <cstdint>
#include <optional>

#include "common/cbs/message_identifier.h"

namespace cbs {

inline constexpr uint8_t kWarningEarthquake = 0;
inline constexpr uint8_t kWarningTsunami = 1;
inline constexpr uint8_t kWarningEarthquakeAndTsunami = 2;
inline constexpr uint8_t kWarningTest = 3;
inline constexpr uint8_t kWarningOther = 4;

struct WarningType {
    uint8_t value = kWarningTest;  // seven bits; 5..127 are reserved and kept as they are
    bool emergency_user_alert = false;
    bool popup = false;

    friend bool operator==(const WarningType&, const WarningType&) = default;
};

// Octet 1: value in bits 8 to 2, emergency user alert in bit 1. Octet 2: popup in bit 8, the rest is zero.
uint16_t to_wire(const WarningType& type);
WarningType warning_type_of(uint16_t wire);  // the padding bits are not looked at

// 4352..4356 name their warning type themselves.
std::optional<uint8_t> warning_value_of(MessageIdentifier identifier);

}  // namespace cbs
