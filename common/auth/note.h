// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who does something to people, sessions or keys, and the record of it for the audit log. Each is appended in
// the transaction of the change it speaks of. Secrets never come in.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "common/audit/audit.h"
#include "common/auth/user.h"
#include "common/store/store.h"

namespace auth {

struct Actor {
    UserId id;         // empty: nobody who is known, or the operator at the control socket
    std::string name;  // "ana", "unix:0"
    std::string call;  // "POST /api/v1/users"
    std::string address;
    std::string request_id;
};

// The actor as who is known only now; for a sign-in.
Actor actor_as(const Actor& actor, const User& user);

std::string object_of(const UserId& id);  // "user/0190…"

void note(store::Transaction& txn, const Actor& actor, base::Instant now, std::string action,
          std::string object, nlohmann::json after);

}  // namespace auth
