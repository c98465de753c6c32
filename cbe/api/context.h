// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What every route of cbed works with. Made by the daemon, which outlives the routes; loop thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cbe/domain/network.h"
#include "cbe/domain/person.h"
#include "cbe/store/alert_changes.h"
#include "common/auth/policy.h"
#include "common/auth/sealer.h"
#include "common/auth/sign_in_limit.h"
#include "common/log/log.h"
#include "common/loop/loop.h"
#include "common/loop/work_pool.h"
#include "common/store/store.h"
#include "common/time/clock.h"

namespace cbe {

// The organisation whose officers work here.
struct Authority {
    std::string id;
    std::string name;
    Mode mode = Mode::kTraining;
    std::string help_phone;
};

// A machine client of /crm/cbc/, known by the URI in its certificate.
struct Machine {
    std::string certificate_uri;
    Person person;
};

// What is counted; the daemon makes metrics and alarms of it.
class Figures {
 public:
    virtual ~Figures() = default;
    virtual void signed_in(std::string_view result) = 0;  // ok, bad_password, bad_totp, locked, limited
    virtual void approval_refused(RefusalCode code) = 0;
    virtual void decisions_locked(const UserId& user) = 0;  // F1011
    virtual void decided(const Alert& alert, std::string_view action, const Person& person) = 0;
};

struct Context {
    store::Store& store;
    const base::Clock& clock;
    loop::Timers& timers;
    loop::WorkPool& workers;
    const auth::Sealer& sealer;
    Figures& figures;
    logs::Log log;
    Authority authority;
    auth::SignInRate sign_in_rate;
    std::vector<Machine> machines;
    std::shared_ptr<const Terms> terms;  // shared with changes on the store thread; replaced by a reload
    std::shared_ptr<const auth::Policy> people;  // shared in the same way
    std::function<Network()> network;

    base::Instant now() const { return clock.now(); }
};

}  // namespace cbe
