// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/cbs/message_identifier.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace cbs {

namespace {

struct Row {
    uint16_t first;
    uint16_t last;
    std::string_view meaning;
};

// TS 23.041 §9.4.1.2.2, in order and without gaps, so that every number has a row.
constexpr std::array kRows{
    Row{0, 999, "allocated by the GSM Association"},
    Row{1000, 1003, "location services assistance data"},
    Row{1004, 4095, "reserved for further standard use"},
    Row{4096, 4223, "data download to the SIM, clear"},
    Row{4224, 4351, "data download to the SIM, secured"},
    Row{4352, 4352, "ETWS earthquake warning"},
    Row{4353, 4353, "ETWS tsunami warning"},
    Row{4354, 4354, "ETWS earthquake and tsunami warning"},
    Row{4355, 4355, "ETWS test"},
    Row{4356, 4356, "ETWS other emergency"},
    Row{4357, 4359, "ETWS, for future use"},
    Row{4360, 4369, "reserved for public warning"},
    Row{4370, 4370, "CMAS presidential alert, EU-Alert level 1"},
    Row{4371, 4371, "CMAS extreme alert: extreme, immediate, observed"},
    Row{4372, 4372, "CMAS extreme alert: extreme, immediate, likely"},
    Row{4373, 4373, "CMAS severe alert: extreme, expected, observed"},
    Row{4374, 4374, "CMAS severe alert: extreme, expected, likely"},
    Row{4375, 4375, "CMAS severe alert: severe, immediate, observed"},
    Row{4376, 4376, "CMAS severe alert: severe, immediate, likely"},
    Row{4377, 4377, "CMAS severe alert: severe, expected, observed"},
    Row{4378, 4378, "CMAS severe alert: severe, expected, likely"},
    Row{4379, 4379, "CMAS child abduction emergency (AMBER)"},
    Row{4380, 4380, "CMAS required monthly test"},
    Row{4381, 4381, "CMAS exercise"},
    Row{4382, 4382, "CMAS operator defined use"},
    Row{4383, 4383, "CMAS presidential alert, EU-Alert level 1, additional languages"},
    Row{4384, 4384, "CMAS extreme alert: extreme, immediate, observed, additional languages"},
    Row{4385, 4385, "CMAS extreme alert: extreme, immediate, likely, additional languages"},
    Row{4386, 4386, "CMAS severe alert: extreme, expected, observed, additional languages"},
    Row{4387, 4387, "CMAS severe alert: extreme, expected, likely, additional languages"},
    Row{4388, 4388, "CMAS severe alert: severe, immediate, observed, additional languages"},
    Row{4389, 4389, "CMAS severe alert: severe, immediate, likely, additional languages"},
    Row{4390, 4390, "CMAS severe alert: severe, expected, observed, additional languages"},
    Row{4391, 4391, "CMAS severe alert: severe, expected, likely, additional languages"},
    Row{4392, 4392, "CMAS child abduction emergency (AMBER), additional languages"},
    Row{4393, 4393, "CMAS required monthly test, additional languages"},
    Row{4394, 4394, "CMAS exercise, additional languages"},
    Row{4395, 4395, "CMAS operator defined use, additional languages"},
    Row{4396, 4396, "public safety alert"},
    Row{4397, 4397, "public safety alert, additional languages"},
    Row{4398, 4398, "state or local test"},
    Row{4399, 4399, "state or local test, additional languages"},
    Row{4400, 4400, "geo-fencing trigger"},
    Row{4401, 4411, "warning for devices without a user interface"},
    Row{4412, 4422, "ETWS warning for devices without a user interface"},
    Row{4423, 6399, "reserved for public warning"},
    Row{6400, 6400, "EU-Info, local language"},
    Row{6401, 40959, "reserved for further standard use"},
    Row{40960, 45055, "operator specific"},
    Row{45056, 61439, "operator specific, reserved"},
    Row{61440, 65535, "reserved for further standard use"},
};

constexpr bool without_gaps() {
    if (kRows.front().first != 0 || kRows.back().last != 65535) return false;
    for (size_t i = 1; i < kRows.size(); ++i)
        if (kRows[i].first != kRows[i - 1].last + 1) return false;
    return true;
}
static_assert(without_gaps());

struct LanguagePair {
    uint16_t first;
    uint16_t last;
    uint16_t distance;
};
constexpr std::array kLanguagePairs{LanguagePair{4370, 4382, 13}, LanguagePair{4396, 4396, 1},
                                    LanguagePair{4398, 4398, 1}};

}  // namespace

std::string_view meaning(MessageIdentifier identifier) {
    const auto row = std::find_if(kRows.begin(), kRows.end(),
                                  [&](const Row& candidate) { return identifier.value() <= candidate.last; });
    return row->meaning;
}

bool is_etws(MessageIdentifier identifier) {
    return identifier >= kEtwsEarthquake && identifier <= MessageIdentifier{4359};
}

std::optional<MessageIdentifier> additional_language(MessageIdentifier identifier) {
    const unsigned value = identifier.value();
    for (const auto& pair : kLanguagePairs)
        if (value >= pair.first && value <= pair.last)
            return MessageIdentifier{static_cast<uint16_t>(value + pair.distance)};
    return std::nullopt;
}

std::optional<MessageIdentifier> local_language(MessageIdentifier identifier) {
    const unsigned value = identifier.value();
    for (const auto& pair : kLanguagePairs)
        if (value >= pair.first + pair.distance && value <= pair.last + pair.distance)
            return MessageIdentifier{static_cast<uint16_t>(value - pair.distance)};
    return std::nullopt;
}

}  // namespace cbs
