// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The CBE interface of osmo-cbc, so that its clients and its public test suite can drive us
// (cbc/api/ecbe.yaml). Off unless configured; a listener of its own, without TLS or authentication.
//
// What comes here is an alert of the CBE `ecbe`, with its range of message codes, and nothing else about it
// is special: admitted, durable before the answer, shown by GET /alerts. Two things are as those clients
// expect: nobody approves it, and the code of a message that is off the air may be used again at once. A POST
// is answered when all peers have answered or after 15 s, with 201 even when one refused.
#pragma once

#include <list>
#include <set>

#include "cbc/api/desk.h"
#include "common/http/router.h"
#include "common/loop/loop.h"

namespace cbc {

// The name of its entry in the table of CBEs; no certificate has such a URI.
inline constexpr const char* kEcbe = "ecbe";
inline constexpr const char* kEcbeUri = "ecbe:";

class EcbeRoutes {
 public:
    // All outlive the routes.
    EcbeRoutes(loop::Timers& timers, Desk& desk) : timers_(timers), desk_(desk) {}
    void add_to(http::Router& router);

    void alert_changed(AlertId alert);
    // Answers those who wait for peers.
    void drain();

 private:
    struct Waiter {
        AlertId alert;
        http::Response answer;
        http::ResponderPtr responder;
        loop::HandlePtr deadline;
    };
    void create(const http::Request& request, http::ResponderPtr responder);
    void remove(const http::Request& request, http::ResponderPtr responder);
    const Warning* live(MessageIdentifier identifier) const;
    const AlertRevision* user_of_code(SerialNumber serial, MessageIdentifier identifier) const;
    AdmissionContext context() const;
    void commit(AlertRevision revision, http::ResponderPtr responder);
    void wait(AlertId alert, http::Response answer, http::ResponderPtr responder);

    loop::Timers& timers_;
    Desk& desk_;
    std::set<MessageIdentifier> storing_;
    std::list<Waiter> waiters_;
};

}  // namespace cbc
