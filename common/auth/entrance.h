// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Signing in (sign_in.h), with what it needs around it: the store, threads for the slow comparison of
// passwords, random numbers. Knows nothing of HTTP.
//
// Lives on the loop's thread. Callbacks come once, later, on that thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "common/auth/sign_in.h"
#include "common/auth/told.h"
#include "common/loop/work_pool.h"
#include "common/store/store.h"
#include "common/time/clock.h"

namespace auth {

class Entrance {
 public:
    struct Parts {  // all outlive it
        store::Store& store;
        const base::Clock& clock;
        loop::WorkPool& workers;
        const Sealer& sealer;
        std::shared_ptr<const Policy> policy;  // shared with changes on the store thread
    };
    explicit Entrance(Parts parts) : parts_(std::move(parts)) {}

    struct Opened {
        SignedIn who;
        std::string token;  // for the cookie; kept nowhere here
    };
    using OnOpened = std::function<void(const Told<Opened>&)>;
    // The sealed challenge; or, when it is empty, at once a session that may only set up a second factor.
    struct Begun {
        std::string challenge;
        Told<Opened> told = {};
    };
    void begin(const Actor& actor, const std::string& agent, const std::string& name, std::string password,
               std::function<void(const Begun&)> then);
    void finish(const Actor& actor, const std::string& agent, const std::string& challenge,
                const std::string& code, OnOpened then);

    // Who holds the token of a session that goes on, if he is still active.
    struct Holder {
        User user;
        Session session;
    };
    std::optional<Holder> find(std::string_view token) const;
    // Notes that it is used; at most one write a minute.
    void touch(std::string_view token);
    // Erases the rows of sessions that are over.
    void forget_ended();

    const Policy& policy() const { return *parts_.policy; }
    void set_policy(std::shared_ptr<const Policy> policy) { parts_.policy = std::move(policy); }

 private:
    void open(const Actor& actor, const std::string& agent, Challenge challenge, std::optional<TotpStep> step,
              std::string backup_hash, OnOpened then);

    Parts parts_;
    std::map<std::string, base::Instant, std::less<>> touched_;
};

}  // namespace auth
