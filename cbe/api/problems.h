// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Refusals and the store's outcomes as HTTP answers (RFC 9457).
#pragma once

#include "cbe/domain/refusal.h"
#include "common/auth/refusal.h"
#include "common/http/message.h"
#include "common/json/object.h"
#include "common/store/store.h"

namespace cbe {

int http_status(RefusalCode code);
http::Response to_response(const Refusal& refusal);
http::Response to_response(const auth::Refusal& refusal);

// Members of the body that are missing or wrong.
http::Response to_response(const json::Problems& problems);

// Anything but kOk.
http::Response to_response(const store::Done& done);

}  // namespace cbe
