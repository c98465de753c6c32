// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The configuration of cbcd; README.md shows a whole file.
#pragma once

#include <string>

#include "cbc/domain/cbe_table.h"
#include "cbc/domain/cell_table.h"
#include "cbc/domain/delivery.h"
#include "cbc/net/cbsp_peers.h"
#include "cbc/net/n50_peers.h"
#include "cbc/net/sabp_peers.h"
#include "cbc/net/sbcap_peers.h"
#include "cbc/twin/twin_config.h"
#include "common/config/config.h"
#include "common/frame/settings.h"

namespace cbc {

struct Config {
    frame::Settings frame{.api = {.port = 8444}};
    std::string cells_path;
    std::optional<base::Instant> cells_changed;  // when the file was
    CellTable cells;  // read from cells_path with the configuration: its problems are configuration problems
    CbeTable cbes;
    CbspConfig cbsp;
    SabpConfig sabp;
    SbcapConfig sbcap;
    N50Config n50;
    DeliveryTuning delivery;
    TwinConfig twin;
    std::optional<frame::PlainSettings> ecbe;  // the listener of osmo-cbc's clients; none: off
};
void read(config::Section in, Config& out);

// What a reload may change.
inline constexpr const char* kReloadableKeys[] = {"cbes", "cells", "peers"};

}  // namespace cbc
