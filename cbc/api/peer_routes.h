// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The routes about peers: what is known of them, a test of a link, a record of what goes over it.
//
// A test and a record are answered when they are over. Both are in the audit: they are done by hand, and a
// record holds what the network is told.
#pragma once

#include <list>

#include "cbc/api/desk.h"
#include "common/http/router.h"
#include "common/loop/loop.h"

namespace cbc {

class PeerRoutes {
 public:
    // All outlive the routes.
    PeerRoutes(loop::Timers& timers, Desk& desk) : timers_(timers), desk_(desk) {}
    void add_to(http::Router& api, http::Router& control);
    // Its link has changed, or a question to it is concluded.
    void peer_changed(const PeerName& name);
    // Answers those who wait for a test.
    void drain();

 private:
    struct Tester {
        PeerName peer;
        std::optional<base::Instant> last_before;  // conclusion of the test before
        http::ResponderPtr responder;
        loop::HandlePtr deadline;
    };
    void list(const http::Request& request, http::ResponderPtr responder) const;
    void get(const http::Request& request, http::ResponderPtr responder) const;
    void test(const http::Request& request, http::ResponderPtr responder);
    void trace(const http::Request& request, http::ResponderPtr responder);
    bool conclude(Tester& tester) const;

    loop::Timers& timers_;
    Desk& desk_;
    std::list<Tester> testers_;
};

}  // namespace cbc
