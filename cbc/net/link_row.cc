// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/link_row.h"

namespace cbc {

void tell_no_row(const logs::Log& log, std::string_view state, std::string_view event) {
    log.warning("peer.link.unexpected", {{"state", state}, {"event", event}});
}

}  // namespace cbc
