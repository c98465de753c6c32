// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Times on CBSP: the repetition period in slots of the broadcast channel, and the code of warning and
// keep-alive periods. TS 48.049 §8.2.
#pragma once

#include <chrono>
#include <cstdint>

#include "common/base/result.h"
#include "common/base/strong.h"

namespace cbc::cbsp {

// How often a message comes back, in slots of 1.883 s: 1 to 4095.
using RepetitionPeriod = base::Strong<struct RepetitionPeriodTag, uint16_t>;
inline constexpr uint16_t kMaxRepetitionPeriod = 4095;

// Rounded to the nearest slot, kept within 1..4095.
RepetitionPeriod repetition_period_for(std::chrono::seconds period);

// A period of up to an hour in one octet, coarser the longer it is; 0 has no end.
class Period {
 public:
    static constexpr uint8_t kMaxCode = 186;  // 3600 s
    static constexpr std::chrono::seconds kMax{3600};

    static Period unlimited() { return Period{0}; }
    // Refused above 186, which the standard reserves.
    static base::Result<Period> from_code(unsigned code);
    // The shortest code that is not shorter than `wanted`. Refused below 1 s and above 3600 s.
    static base::Result<Period> at_least(std::chrono::seconds wanted);

    uint8_t code() const { return code_; }
    std::chrono::seconds length() const;  // 0 for unlimited()
    friend bool operator==(const Period&, const Period&) = default;

 private:
    explicit Period(uint8_t code) : code_(code) {}
    uint8_t code_;
};

// KEEP-ALIVE carries the same code, but no more than 120 s and never "unlimited".
inline constexpr std::chrono::seconds kMaxKeepAlivePeriod{120};

}  // namespace cbc::cbsp
