// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The numbers that name places in a 2G network and the peers that serve them, each a type of its own.
// The numbers of a warning itself (serial number, message identifier) are in common/cbs.
#pragma once

#include <cstdint>
#include <string>

#include "common/base/strong.h"

namespace cbc {

using Lac = base::Strong<struct LacTag, uint16_t>;               // location area code, TS 23.003 §4.1
using Ci = base::Strong<struct CiTag, uint16_t>;                 // cell identity, TS 23.003 §4.3.1
using PeerName = base::Strong<struct PeerNameTag, std::string>;  // as the configuration names it: "bsc-1"

}  // namespace cbc
