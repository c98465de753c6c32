// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ocsd/config.h"

namespace ocsd {

void read(config::Section in, Config& out) { frame::read(in, out.frame); }

}  // namespace ocsd
