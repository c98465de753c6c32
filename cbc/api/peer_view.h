// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A peer as the contract shows it, in GET /peers and in events.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cbc/api/desk.h"

namespace cbc {

nlohmann::json to_json(const PeerStatus& peer);
// The last test of its link; null before the first one.
nlohmann::json link_test_view(const PeerStatus& peer);

}  // namespace cbc
