// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How one BSC wants to be spoken to: which broadcast channel its warnings go to, how cells are named to it,
// and the discontinuous reception that its cells shall use. TS 48.049 §8.2.3, §8.2.18, §8.2.20.
#pragma once

#include <cstdint>
#include <optional>

#include "cbc/wire/cbsp_message.h"

namespace cbc {

// Some BSCs know their cells by part of the global identity only.
enum class CellForm { kCgi, kLacCi, kCi };

struct DrxLevel {
    uint8_t schedule_period = 0;  // 0: no DRX; 1 to 40 slots
    uint8_t reserved_slots = 0;   // 0 to 39
    friend bool operator==(const DrxLevel&, const DrxLevel&) = default;
};
inline constexpr uint8_t kMaxSchedulePeriod = 40;
inline constexpr uint8_t kMaxReservedSlots = 39;

struct CbspManner {
    cbsp::ChannelIndicator channel = cbsp::ChannelIndicator::kBasic;
    CellForm cells = CellForm::kCgi;
    std::optional<DrxLevel> drx{};  // none: the BSC's own
    friend bool operator==(const CbspManner&, const CbspManner&) = default;
};

}  // namespace cbc
