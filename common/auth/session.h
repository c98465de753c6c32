// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Somebody who is signed in, as a row: it outlives the process and is the same on every node of a cluster.
//
// The cookie's token is known to its holder alone; the row stands under its hash. A list of one's sessions
// names them by an identifier with which nobody can sign in. A token is made new at each sign-in and never
// taken from a request, so nobody can be made to use one that somebody else knows.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/auth/policy.h"
#include "common/auth/user.h"
#include "common/store/store.h"

namespace auth {

struct Session {
    std::string id;
    UserId user;
    base::Instant signed_in{};
    base::Instant last_used{};
    std::string address;  // where it began
    std::string agent;    // what the browser says it is, at most 200 octets
    enum class With { kCode, kBackupCode, kPassword } with = With::kCode;
};
std::string_view to_string(Session::With with);

// It ends then if it is not used before.
base::Instant end_of(const Session& session, const Policy& policy);

// By the hash of its token; none when it is over.
std::optional<Session> find_session(const store::Reader& reader, const Policy& policy,
                                    std::string_view token_hash, base::Instant now);
void put_session(store::Transaction& txn, std::string_view token_hash, const Session& session);
void erase_session(store::Transaction& txn, std::string_view token_hash, const Session& session);

// Those that go on, the one used last first.
std::vector<Session> sessions_of(const store::Reader& reader, const Policy& policy, const UserId& user,
                                 base::Instant now);
// How many there were. `but`: the hash of one that stays.
size_t end_sessions(store::Transaction& txn, const UserId& user, std::string_view but = {});
// Whether there was one of that identifier.
enum class Ended { kYes, kNone };
Ended end_session(store::Transaction& txn, const UserId& user, std::string_view session_id);
// Erases up to `limit` rows of what is over.
void forget_sessions(store::Transaction& txn, const Policy& policy, base::Instant now, size_t limit);

}  // namespace auth
