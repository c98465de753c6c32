// SPDX-License-Identifier: AGPL-3.0-or-later
#include "provd/config.h"

namespace provd {

void read(config::Section in, Config& out) { frame::read(in, out.frame); }

}  // namespace provd
