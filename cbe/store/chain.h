// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The revisions of one alert: each is a record of its own, and the broadcast centres know all of them by the
// id of the first. A revision is listed here from its approval on.
#pragma once

#include <optional>
#include <vector>

#include "cbe/domain/alert.h"
#include "common/store/store.h"

namespace cbe {

void put_in_chain(store::Transaction& txn, const Alert& alert);
// Approved revisions, the first of them first.
std::vector<Alert> chain_of(const store::Reader& reader, const AlertId& chain);
// The last of them that is approved or live; none when nothing is.
std::optional<Alert> head_of(const store::Reader& reader, const AlertId& chain, base::Instant now);
// What a broadcast centre means by its name and revision.
std::optional<Alert> find_revision(const store::Reader& reader, const AlertId& chain, uint16_t revision);

}  // namespace cbe
