// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/note.h"

#include <nlohmann/json.hpp>

#include "common/json/parse.h"

namespace auth {

Actor actor_as(const Actor& actor, const User& user) {
    Actor as = actor;
    as.id = user.id;
    as.name = user.username;
    return as;
}

std::string object_of(const UserId& id) { return "user/" + id.value(); }

void note(store::Transaction& txn, const Actor& actor, base::Instant now, std::string action,
          std::string object, nlohmann::json after) {
    after["call"] = actor.call;
    after["address"] = actor.address;
    after["user"] = actor.id.value();
    audit::append(txn, {.time = now,
                        .actor = actor.name,
                        .action = std::move(action),
                        .object = std::move(object),
                        .before = {},
                        .after = json::dump(after),
                        .request_id = actor.request_id});
}

}  // namespace auth
