// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/cbsp_period.h"

#include <algorithm>
#include <array>
#include <string>

namespace cbc::cbsp {

namespace {

constexpr int64_t kSlotMilliseconds = 1883;

// Codes from first to last stand for base + (code - first + 1) * step seconds.
struct Step {
    unsigned first;
    unsigned last;
    unsigned base;
    unsigned step;
};
constexpr std::array kSteps{Step{1, 10, 0, 1}, Step{11, 20, 10, 2}, Step{21, 38, 30, 5},
                            Step{39, 86, 120, 10}, Step{87, 186, 600, 30}};

}  // namespace

RepetitionPeriod repetition_period_for(std::chrono::seconds period) {
    const int64_t longest = kMaxRepetitionPeriod * kSlotMilliseconds / 1000;
    const int64_t seconds = std::clamp<int64_t>(period.count(), 0, longest + 1);
    const int64_t slots = (seconds * 1000 + kSlotMilliseconds / 2) / kSlotMilliseconds;
    return RepetitionPeriod{static_cast<uint16_t>(std::clamp<int64_t>(slots, 1, kMaxRepetitionPeriod))};
}

base::Result<Period> Period::from_code(unsigned code) {
    if (code > kMaxCode)
        return base::invalid("period code " + std::to_string(code) + " is reserved: codes are 0 to 186");
    return Period{static_cast<uint8_t>(code)};
}

base::Result<Period> Period::at_least(std::chrono::seconds wanted) {
    if (wanted.count() < 1 || wanted > kMax)
        return base::invalid("a period of " + std::to_string(wanted.count()) +
                             " s cannot be sent: it is 1 to 3600 s");
    unsigned code = 1;
    while (Period{static_cast<uint8_t>(code)}.length() < wanted) ++code;
    return Period{static_cast<uint8_t>(code)};
}

std::chrono::seconds Period::length() const {
    for (const Step& step : kSteps)
        if (code_ >= step.first && code_ <= step.last)
            return std::chrono::seconds{step.base + (code_ - step.first + 1) * step.step};
    return std::chrono::seconds{0};
}

}  // namespace cbc::cbsp
