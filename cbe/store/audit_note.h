// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What people did, as records of the audit log. Each is appended in the transaction of the change it speaks
// of; what changes nothing else (a wrong password) is a transaction of its own.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "cbe/domain/alert.h"
#include "cbe/domain/person.h"
#include "common/audit/audit.h"

namespace cbe {

// The request that something came with.
struct Origin {
    std::string call;        // "POST /api/v1/alerts/0190…/approve"
    std::string address;     // of the sender
    std::string request_id;  // the one in the log and in the answer
};

// "ana", or the URI of a machine client's certificate.
std::string actor_of(const Person& person);
std::string object_of(const AlertId& id);
std::string object_of(const UserId& id);

// Of one entry of an alert's history: from which status to which, with the digest it was about.
audit::Entry audit_of(const Alert& alert, const HistoryEntry& entry, Status before, const Person& person,
                      const Origin& origin);
// Of anything else; `after` gets the call and the address.
audit::Entry audit_of(std::string action, std::string object, const Person& person, base::Instant now,
                      const Origin& origin, nlohmann::json after);

}  // namespace cbe
