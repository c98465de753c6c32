// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crmd/config.h"

namespace crmd {

void read(config::Section in, Config& out) { frame::read(in, out.frame); }

}  // namespace crmd
