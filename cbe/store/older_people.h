// SPDX-License-Identifier: AGPL-3.0-or-later
//
// People as cbed kept them before common/auth did: rows of the tables `users`, `usernames` and `sessions`.
// They are taken over once, by whoever writes the store: user names, passwords, second factors and
// permissions stay as they were; sessions end.
#pragma once

#include "common/base/result.h"
#include "common/store/store.h"
#include "common/time/clock.h"

namespace cbe {

bool has_older_people(const store::Reader& reader);
// kCorrupt: a row cannot be read; nothing was changed.
base::Result<void> take_over_older_people(store::Transaction& txn, base::Instant now);

}  // namespace cbe
