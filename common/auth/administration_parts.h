// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the changes of administration.h have in common: one request on its way through a transaction, and what
// a Request stands for once a second person wants it, too.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>

#include "common/auth/administration.h"

namespace auth {

using Verdict = std::optional<Refusal>;

class AdminTurn {
 public:
    AdminTurn(store::Transaction& txn, const Rules& rules, const Asked& asked)
        : txn_(txn), rules_(rules), asked_(asked) {}

    // An answer that was given before, or the refusal of who may not ask; none: go on.
    std::optional<AdminAnswer> before();
    // The one-time code of who asks. After it nothing is refused any more.
    Verdict use_code(const std::string& object);

    store::Transaction& txn() { return txn_; }
    const Catalogue& catalogue() const { return rules_.catalogue; }
    const Policy& policy() const { return *rules_.policy; }
    const Asked& asked() const { return asked_; }
    base::Instant now() const { return asked_.now; }
    const User& who() const { return who_; }

    void note(const std::string& action, const std::string& object, nlohmann::json after);
    AdminAnswer done(Changed::What what, std::string id);

 private:
    store::Transaction& txn_;
    const Rules& rules_;
    const Asked& asked_;
    User who_;
};

// Something that may need two people. `check` says whether it can be done now, `perform` does it; both also
// run when the second person decides.
struct Deed {
    RequestKind kind;
    nlohmann::json payload;
    std::string summary;
};
AdminAnswer ask_or_do(AdminTurn& turn, const Deed& deed);
Verdict check_deed(AdminTurn& turn, RequestKind kind, const nlohmann::json& payload);
// What it changed; `id` names what is made.
Changed perform_deed(AdminTurn& turn, RequestKind kind, const nlohmann::json& payload, const std::string& id);
bool needs_two(AdminTurn& turn, RequestKind kind, const nlohmann::json& payload);

std::vector<Grant> grants_of(const nlohmann::json& json);
// Of those permissions the ones that two people give.
std::vector<std::string> elevated(const Catalogue& catalogue, const std::vector<std::string>& permissions);

Refusal no_such(const char* what);
Verdict wanted_version(uint32_t now, uint32_t seen);

}  // namespace auth
