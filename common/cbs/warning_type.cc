// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/cbs/warning_type.h"

namespace cbs {

namespace {

constexpr unsigned kValueShift = 9;
constexpr unsigned kValueMask = 0x7f;
constexpr unsigned kEmergencyUserAlertBit = 0x0100;
constexpr unsigned kPopupBit = 0x0080;

}  // namespace

uint16_t to_wire(const WarningType& type) {
    unsigned wire = (type.value & kValueMask) << kValueShift;
    if (type.emergency_user_alert) wire |= kEmergencyUserAlertBit;
    if (type.popup) wire |= kPopupBit;
    return static_cast<uint16_t>(wire);
}

WarningType warning_type_of(uint16_t wire) {
    return {.value = static_cast<uint8_t>(wire >> kValueShift & kValueMask),
            .emergency_user_alert = (wire & kEmergencyUserAlertBit) != 0,
            .popup = (wire & kPopupBit) != 0};
}

std::optional<uint8_t> warning_value_of(MessageIdentifier identifier) {
    if (identifier < kEtwsEarthquake || identifier > kEtwsOther) return std::nullopt;
    return static_cast<uint8_t>(identifier.value() - kEtwsEarthquake.value());
}

}  // namespace cbs
