// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The serial number of a warning: 16 bits of scope, message code and update number. TS 23.041 §9.4.1.2.1.
//
//     15 14 13                       4 3        0
//     scope |      message code       |  update  |
//
// A phone shows a message once per message identifier and serial number. So new text needs a new update
// number of the same code, and everything else (longer, shorter, other cells, a retry) keeps the serial
// number. ETWS takes the two upper bits of the code as flags and leaves eight for the code itself.
#pragma once

#include <cstdint>
#include <optional>

#include "common/base/result.h"
#include "common/base/strong.h"

namespace cbs {

using SerialNumber = base::Strong<struct SerialNumberTag, uint16_t>;

enum class GeographicalScope : uint8_t {
    kCellImmediate = 0,  // cell wide, shown at once whatever the phone is doing
    kPlmn = 1,
    kLocationArea = 2,  // location area in GSM, service area in UMTS, tracking area in LTE and NR
    kCell = 3,
};

inline constexpr uint16_t kMaxMessageCode = 1023;
inline constexpr uint16_t kMaxEtwsMessageCode = 255;
inline constexpr uint8_t kMaxUpdateNumber = 15;

struct SerialParts {
    GeographicalScope scope = GeographicalScope::kPlmn;
    uint16_t message_code = 0;
    uint8_t update_number = 0;

    friend bool operator==(const SerialParts&, const SerialParts&) = default;
};

struct EtwsSerialParts {
    GeographicalScope scope = GeographicalScope::kPlmn;
    bool emergency_user_alert = false;
    bool popup = false;
    uint16_t message_code = 0;
    uint8_t update_number = 0;

    friend bool operator==(const EtwsSerialParts&, const EtwsSerialParts&) = default;
};

// Refused when a part does not fit its bits.
base::Result<SerialNumber> serial_number(const SerialParts& parts);
base::Result<SerialNumber> serial_number(const EtwsSerialParts& parts);

SerialParts parts_of(SerialNumber serial);
EtwsSerialParts etws_parts_of(SerialNumber serial);

// The serial number of the next text under the same code; none after update 15, when a new code is needed.
std::optional<SerialNumber> next_update(SerialNumber serial);

// How a receiver sees two serial numbers of one scope and code: an update up to eight behind, modulo 16, is
// older.
bool is_older_update(SerialNumber candidate, SerialNumber current);

}  // namespace cbs
