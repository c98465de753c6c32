// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What administrators do to people, roles and keys, each inside one store transaction: read, check every
// rule, the one-time code last, and only then write.
//
//     repeat? (idempotency) ─▶ who asks, read again ─▶ rules ─▶ code ─▶ done at once
//                                                        │                 or
//                                                        └──▶ a Request, if two people must want it
//
// Two people are needed for what gives somebody more than he had: an invitation, a permission that the
// catalogue marks, a second factor taken off, a disabled account let in again, a key, another identity.
// Taking away needs one. A password that is set anew needs one as well: it opens nothing without the second
// factor.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "common/auth/api_key.h"
#include "common/auth/note.h"
#include "common/auth/policy.h"
#include "common/auth/refusal.h"
#include "common/auth/request.h"
#include "common/auth/user.h"
#include "common/store/idempotency.h"

namespace auth {

// Who asks and how; the same for every change.
struct Asked {
    Actor actor;
    base::Instant now{};
    std::optional<TotpStep> step;  // what his code matched
    store::RequestKey key;         // of the idempotency; empty key: none
    std::string digest;            // tells another request under the same key
    std::string new_id;            // for what is made: a UUID that grows with time
};

struct Rules {  // outlive the changes that have them
    const Catalogue& catalogue;
    std::shared_ptr<const Policy> policy;  // shared with changes on the store thread
};

// What was changed or made; a repeat of the request answers the same, and is known as one: what is shown once
// is not shown again.
struct Changed {
    enum class What { kUser, kRequest, kRole, kApiKey };
    enum class Turn { kFirst, kRepeated };
    What what = What::kUser;
    std::string id;
    Turn turn = Turn::kFirst;
};
using AdminAnswer = Answer<Changed>;

struct UserFields {
    std::string username, name, email, phone, identity;
};

AdminAnswer invite(store::Transaction& txn, const Rules& rules, const Asked& asked, const UserFields& fields,
                   const std::vector<Grant>& grants);
AdminAnswer set_grants(store::Transaction& txn, const Rules& rules, const Asked& asked, const UserId& id,
                       uint32_t version, const std::vector<Grant>& grants);
// Everything but the user name. Another identity takes two people.
AdminAnswer set_details(store::Transaction& txn, const Rules& rules, const Asked& asked, const UserId& id,
                        uint32_t version, const UserFields& fields);

enum class UserAction { kDisable, kEnable, kDelete, kRestore, kUnlock, kResetSecondFactor, kEndSessions };
std::string_view to_string(UserAction action);  // "disable"
AdminAnswer act_on_user(store::Transaction& txn, const Rules& rules, const Asked& asked, const UserId& id,
                        UserAction action);
AdminAnswer end_one_session(store::Transaction& txn, const Rules& rules, const Asked& asked, const UserId& id,
                            std::string_view session_id);
// Good for choosing an own one, once; every session of the user ends.
AdminAnswer set_temporary_password(store::Transaction& txn, const Rules& rules, const Asked& asked,
                                   const UserId& id, const std::string& hash);

// Of somebody who was invited and has not come yet: a new link, which ends the one before.
AdminAnswer make_invitation_link(store::Transaction& txn, const Rules& rules, const Asked& asked,
                                 const UserId& id, std::string_view token_hash);

AdminAnswer put_own_role(store::Transaction& txn, const Rules& rules, const Asked& asked, const Role& role);
AdminAnswer erase_own_role(store::Transaction& txn, const Rules& rules, const Asked& asked,
                           std::string_view name);

struct KeyFields {
    std::string name, description;
    std::vector<std::string> permissions, addresses;
    base::Instant expires_at{};
};
AdminAnswer make_key(store::Transaction& txn, const Rules& rules, const Asked& asked,
                     const KeyFields& fields);
AdminAnswer change_key(store::Transaction& txn, const Rules& rules, const Asked& asked, std::string_view id,
                       uint32_t version, const KeyFields& fields);
// Its first value, or another one.
AdminAnswer set_key_value(store::Transaction& txn, const Rules& rules, const Asked& asked,
                          std::string_view id, std::string_view value);
AdminAnswer revoke_key(store::Transaction& txn, const Rules& rules, const Asked& asked, std::string_view id);

enum class RequestMove { kApprove, kRefuse, kWithdraw };
AdminAnswer decide(store::Transaction& txn, const Rules& rules, const Asked& asked, std::string_view id,
                   RequestMove move, const std::string& reason);

}  // namespace auth
