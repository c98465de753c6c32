// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What an HTTP caller is told when the store did not say Ok.
//
//     Refused     the change's own reason: 404, 409, 403, 422; 507 when disk or quota are full, 503 when busy
//     NotLeader   503 not-leader, Retry-After
//     Unknown     503 outcome-unknown, Retry-After: repeat with the same idempotency key
#pragma once

#include "common/http/message.h"
#include "common/store/store.h"

namespace frame {

http::Response failure_answer(const store::Done& done);

}  // namespace frame
