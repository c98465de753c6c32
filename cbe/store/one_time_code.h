// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The one-time code of a decision, judged inside the decision's transaction.
#pragma once

#include <optional>
#include <string>

#include "cbe/domain/ids.h"
#include "cbe/domain/refusal.h"
#include "cbe/store/audit_note.h"
#include "common/auth/totp.h"
#include "common/store/store.h"

namespace cbe {

struct CodeUse {
    std::optional<auth::TotpStep> step;  // what the code matched; none: nothing
    base::Instant now{};
    std::string object;  // what it was for: "alert/…", "user/…"
    Origin origin;
};

// Writes the new state of the user's codes, whatever the verdict, and an audit record of each that is not
// good. None: accepted.
std::optional<Refusal> use_code(store::Transaction& txn, const UserId& user, const CodeUse& use);

}  // namespace cbe
