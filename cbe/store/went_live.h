// SPDX-License-Identifier: AGPL-3.0-or-later
//
// C-18: when an authority that trained becomes live, nobody may write or approve any more until two
// administrators have given it again.
#pragma once

#include "cbe/domain/delivery.h"
#include "common/store/store.h"
#include "common/time/clock.h"

namespace cbe {

// Whether note_mode() has something to write.
bool mode_changed(const store::Reader& reader, Mode mode);
// Remembers the mode; from training to live it also takes every grant of a role with alert.create,
// alert.approve or cap.submit from everybody, and these permissions from API keys.
void note_mode(store::Transaction& txn, Mode mode, base::Instant now);

}  // namespace cbe
