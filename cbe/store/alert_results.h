// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the network and the clock do to alerts: taken or refused by a broadcast centre, delivered, confirmed,
// ended.
//
// Each function runs inside a store transaction and may be repeated: the same result written twice changes
// nothing.
#pragma once

#include <string>
#include <vector>

#include "cbe/domain/alert.h"
#include "cbe/store/delivery_record.h"
#include "common/store/store.h"

namespace cbe {

void put_result(store::Transaction& txn, const AlertId& id, const Sending& sending);

// What a centre says now of the revision that it holds. The first confirmation makes an approved alert
// broadcasting; what it updates is superseded then, and what it ends is stopped.
void put_picture(store::Transaction& txn, const AlertId& chain, const CbcDelivery& delivery,
                 base::Instant now);

// Moves every alert whose end has passed, and forgets those that nothing is expected of any more. How many
// moved.
size_t end_what_is_over(store::Transaction& txn, base::Instant now);

// Alerts that are on air, or were and are still to be watched.
std::vector<AlertId> live_alerts(const store::Reader& reader);

}  // namespace cbe
