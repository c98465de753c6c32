// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The bodies of the contract, read from JSON into domain values with every mistake collected.
#pragma once

#include <string_view>

#include "cbc/domain/admission.h"

namespace cbc {

enum class BodyFault { kNotJson, kWrongShape };
struct BadBody {
    BodyFault fault;
    std::string text;
};

// A twin may say what only alerts of osmo-cbc's clients have: coded pages, a warning type, a period in slots.
enum class BodyOf { kCbe, kTwin };

// The digest is recomputed here, over the content as it came. The caller fills in who calls.
base::Result<SendRequest, BadBody> read_send_request(std::string_view body, BodyOf sender = BodyOf::kCbe);
// The alert's identifier stands in the path.
base::Result<StopRequest, BadBody> read_stop_request(AlertId alert, std::string_view body);

}  // namespace cbc
