// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which message codes are held, by whom, and until when; see cbe/domain/code_pool.h.
#pragma once

#include <optional>

#include "cbe/domain/code_pool.h"
#include "cbe/domain/ids.h"
#include "common/store/store.h"
#include "common/time/clock.h"

namespace cbe {

// A free code; nothing is written yet.
std::optional<MessageCode> next_code(const store::Reader& reader, const CodeRange& range, base::Instant now);
// Held until `end` and 24 hours more.
void take_code(store::Transaction& txn, cbs::SerialNumber serial, const AlertId& alert, base::Instant end);
// At least until `end` and 24 hours more, for whoever has it.
void hold_code(store::Transaction& txn, cbs::SerialNumber serial, base::Instant end);
// For a serial number that was never sent; nothing happens when the code is another alert's.
void give_back_code(store::Transaction& txn, cbs::SerialNumber serial, const AlertId& alert);

}  // namespace cbe
