// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The configuration of crmd: so far what every daemon has.
#pragma once

#include "common/config/config.h"
#include "common/frame/settings.h"

namespace crmd {

struct Config {
    frame::Settings frame{.api = {.port = 8445}, .cluster = {.port = 7104}};
};
void read(config::Section in, Config& out);

}  // namespace crmd
