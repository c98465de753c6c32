// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The one-time code of a decision, judged inside the decision's transaction.
#pragma once

#include <optional>

#include "cbe/domain/ids.h"
#include "cbe/domain/refusal.h"
#include "common/auth/totp.h"
#include "common/store/store.h"

namespace cbe {

// Writes the new state of the user's codes, whatever the verdict. None: accepted.
std::optional<Refusal> use_code(store::Transaction& txn, const UserId& user,
                                std::optional<auth::TotpStep> step, base::Instant now);

}  // namespace cbe
