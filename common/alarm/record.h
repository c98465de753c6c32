// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An alarm as a row of the store. Inside common/alarm only.
#pragma once

#include <string>
#include <string_view>

#include "common/alarm/alarm.h"

namespace alarms {

std::string encode(const Alarm& alarm);
base::Result<Alarm> decode(std::string_view bytes);

}  // namespace alarms
