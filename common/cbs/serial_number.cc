// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/cbs/serial_number.h"

#include <string>

namespace cbs {

namespace {

constexpr unsigned kScopeShift = 14;
constexpr unsigned kCodeShift = 4;
constexpr unsigned kEmergencyUserAlertBit = 0x2000;
constexpr unsigned kPopupBit = 0x1000;

base::Result<SerialNumber> compose(GeographicalScope scope, unsigned code, unsigned code_limit,
                                   unsigned update) {
    if (code > code_limit)
        return base::invalid("message code " + std::to_string(code) + " does not fit: it is 0 to " +
                             std::to_string(code_limit));
    if (update > kMaxUpdateNumber)
        return base::invalid("update number " + std::to_string(update) + " does not fit: it is 0 to 15");
    const unsigned value = static_cast<unsigned>(scope) << kScopeShift | code << kCodeShift | update;
    return SerialNumber{static_cast<uint16_t>(value)};
}

}  // namespace

base::Result<SerialNumber> serial_number(const SerialParts& parts) {
    return compose(parts.scope, parts.message_code, kMaxMessageCode, parts.update_number);
}

base::Result<SerialNumber> serial_number(const EtwsSerialParts& parts) {
    const auto plain = compose(parts.scope, parts.message_code, kMaxEtwsMessageCode, parts.update_number);
    if (!plain) return plain;
    unsigned value = plain->value();
    if (parts.emergency_user_alert) value |= kEmergencyUserAlertBit;
    if (parts.popup) value |= kPopupBit;
    return SerialNumber{static_cast<uint16_t>(value)};
}

SerialParts parts_of(SerialNumber serial) {
    const unsigned value = serial.value();
    return {.scope = static_cast<GeographicalScope>(value >> kScopeShift),
            .message_code = static_cast<uint16_t>(value >> kCodeShift & kMaxMessageCode),
            .update_number = static_cast<uint8_t>(value & kMaxUpdateNumber)};
}

EtwsSerialParts etws_parts_of(SerialNumber serial) {
    const unsigned value = serial.value();
    return {.scope = static_cast<GeographicalScope>(value >> kScopeShift),
            .emergency_user_alert = (value & kEmergencyUserAlertBit) != 0,
            .popup = (value & kPopupBit) != 0,
            .message_code = static_cast<uint16_t>(value >> kCodeShift & kMaxEtwsMessageCode),
            .update_number = static_cast<uint8_t>(value & kMaxUpdateNumber)};
}

std::optional<SerialNumber> next_update(SerialNumber serial) {
    if ((serial.value() & kMaxUpdateNumber) == kMaxUpdateNumber) return std::nullopt;
    return SerialNumber{static_cast<uint16_t>(serial.value() + 1)};
}

bool is_older_update(SerialNumber candidate, SerialNumber current) {
    const unsigned behind = (current.value() - candidate.value()) & kMaxUpdateNumber;
    return behind >= 1 && behind <= 8;
}

}  // namespace cbs
