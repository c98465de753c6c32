// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The part of cbcd's configuration that is about N50: block `n50`, and peers with `protocol: n50`. README.md
// shows it.
#pragma once

#include "cbc/net/n50_peers.h"
#include "common/config/config.h"

namespace cbc {

N50PeerConfig read_n50_peer(PeerName name, config::Section in);
// After the peers, which it compares with the rest.
void read_n50(config::Section in, N50Config& out);

}  // namespace cbc
