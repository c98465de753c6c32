// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The configuration of kvd: what every daemon has, and which forms of records this "build" of it knows.
#pragma once

#include "common/frame/settings.h"
#include "tests/cluster/kvd/records.h"

namespace kvd {

struct Config {
    frame::Settings frame{.api = {.port = 8440}, .cluster = {.port = 7105}};
    // A node with 1 plays the build before an upgrade: it refuses rows of level 2 as a real one would.
    Level records = kNewestLevel;
};
void read(config::Section in, Config& out);

}  // namespace kvd
