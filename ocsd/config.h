// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The configuration of ocsd: so far what every daemon has.
#pragma once

#include "common/config/config.h"
#include "common/frame/settings.h"

namespace ocsd {

struct Config {
    frame::Settings frame{.api = {.port = 8447}, .cluster = {.port = 7102}};
};
void read(config::Section in, Config& out);

}  // namespace ocsd
