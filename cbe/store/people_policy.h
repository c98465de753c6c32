// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The permissions and ready-made roles of cbed (A2), for common/auth.
#pragma once

#include "common/auth/policy.h"

namespace cbe {

// Constant; the permissions are those of Permission, by the same words.
const auth::Catalogue& catalogue();

}  // namespace cbe
