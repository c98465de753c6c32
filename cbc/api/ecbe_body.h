// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A message as clients of osmo-cbc's CBE interface send it (cbc/api/ecbe.yaml), and the content of an alert
// that is the same.
//
// The client's numbers are kept: message identifier, serial number, repetition period (units of 1.883 s
// towards BSCs, seconds towards everybody else), number of broadcasts, pages. Members that nobody knows are
// passed over, as those clients expect; what is known must be right.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "cbc/domain/alert.h"

namespace cbc {

struct EcbeMessage {
    std::string cbe_name;  // what the client calls itself
    Category category = Category::kNormal;
    uint16_t period = 0;                          // 0..4095; 0 is "once"
    uint16_t broadcasts = 0;                      // 0: until it is deleted
    std::optional<std::chrono::seconds> lasts{};  // warning_period_sec
    SerialNumber serial;
    Message message;
};

// An error's text names each member that is wrong, with its JSON pointer.
base::Result<EcbeMessage> read_ecbe_message(std::string_view body);

// From `now`, in the whole network. What has no end lives for as long as any alert may, and an ETWS
// notification without one for an hour, because it keeps the paging channel busy.
Content content_of(const EcbeMessage& message, base::Instant now);

}  // namespace cbc
