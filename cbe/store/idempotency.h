// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What was already done under an idempotency key. A row is kept for a day and written in the transaction of
// what it stands for, so that a repeat finds either both or neither.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cbe/domain/ids.h"
#include "common/store/store.h"
#include "common/time/clock.h"

namespace cbe {

struct DoneBefore {
    AlertId alert;
    std::string request_hash;
    base::Instant at{};
};

std::optional<DoneBefore> find_done(const store::Reader& reader, const UserId& user, std::string_view key);
void put_done(store::Transaction& txn, const UserId& user, std::string_view key, const DoneBefore& done);
// Erases what is older than a day, at most `limit` rows of it; how many there were.
size_t forget_done(store::Transaction& txn, base::Instant now, size_t limit);

}  // namespace cbe
