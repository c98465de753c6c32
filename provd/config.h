// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The configuration of provd: so far what every daemon has.
#pragma once

#include "common/config/config.h"
#include "common/frame/settings.h"

namespace provd {

struct Config {
    frame::Settings frame{.api = {.port = 8446}, .cluster = {.port = 7103}};
};
void read(config::Section in, Config& out);

}  // namespace provd
