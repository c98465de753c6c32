// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Message codes: the ten bits of the serial number that tell one alert from another. TS 23.041 §9.4.1.2.1.
//
// Each entity has a range of its own in every broadcast centre's table, and within it a reserve for isolated
// mode. An alert takes a free code with update number 0 and holds it until its end and 24 hours more, because
// phones remember what they have shown.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "common/cbs/serial_number.h"

namespace cbe {

using MessageCode = uint16_t;

inline constexpr std::chrono::hours kCodeHeldAfterEnd{24};

struct CodeRange {
    MessageCode first = 0;
    MessageCode last = 255;
    MessageCode reserve_first = 192;  // the reserve: never taken in normal operation
    MessageCode reserve_last = 255;

    bool ordinary(MessageCode code) const {
        return code >= first && code <= last && (code < reserve_first || code > reserve_last);
    }
};

// The first free code after `last_taken`, going round: a code just given back is taken as late as possible.
std::optional<MessageCode> free_code(const CodeRange& range, MessageCode last_taken,
                                     const std::function<bool(MessageCode)>& is_held);

// Scope PLMN wide, update number 0.
cbs::SerialNumber first_serial(MessageCode code);

}  // namespace cbe
