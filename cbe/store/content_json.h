// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The content of an alert as the broadcast centre's contract has it, in its canonical form (RFC 8785), which
// is what the digest is over and what is sent.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cbe/domain/alert.h"
#include "common/base/result.h"

namespace cbe {

nlohmann::json to_json(const Cell& cell);
nlohmann::json to_json(const Area& area);

// Fixes serial number, times, canonical content and digest.
base::Result<Frozen> freeze(const Content& content);

}  // namespace cbe
