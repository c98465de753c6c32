// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/kvd/config.h"

namespace kvd {

void read(config::Section in, Config& out) {
    frame::read(in, out.frame);
    int64_t records = out.records;
    in.value("records", records, 1, kNewestLevel);
    out.records = static_cast<Level>(records);
}

}  // namespace kvd
