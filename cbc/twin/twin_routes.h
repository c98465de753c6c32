// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the twin is told: the changes here since the one that it has, and whole alerts. Only the twin's own
// certificate may ask.
//
// A call for changes is answered at once when there is something, else when something comes or its wait is
// over. One such call waits; a newer one takes its place. On the loop's thread.
#pragma once

#include <string>

#include "cbc/domain/centre.h"
#include "cbc/twin/change_log.h"
#include "cbc/twin/twin_page.h"
#include "common/http/router.h"
#include "common/loop/loop.h"

namespace cbc {

class TwinRoutes {
 public:
    struct Parts {  // all outlive the routes
        loop::Timers& timers;
        const Centre& centre;
        const ChangeLog& changes;
        const Leases& leases;
    };
    // `certificate`: the twin's URI; `lease`: how long what we say of peers is good for.
    TwinRoutes(Parts parts, std::string certificate, std::chrono::milliseconds lease);

    void add_to(http::Router& api);
    // Something is to be told: at once (alerts, sides), or soon (records, of which more may follow).
    void changed();
    void changed_soon();
    // Answers who waits, and whoever comes, at once.
    void drain();

 private:
    struct Asked {
        std::string instance;
        uint64_t after = 0;
        uint64_t state = 0;
    };
    void changes(const http::Request& request, http::ResponderPtr responder);
    void alerts(const http::Request& request, http::ResponderPtr responder) const;
    bool is_due(const Asked& asked) const;
    void answer_waiting();
    TwinPage page_for(const Asked& asked) const;
    bool is_twin(const http::Request& request) const;

    Parts parts_;
    const std::string certificate_;
    const std::chrono::milliseconds lease_;
    const std::string instance_;
    Asked asked_;  // of who waits
    http::ResponderPtr waiting_;
    loop::HandlePtr deadline_;
    loop::HandlePtr soon_;
    bool draining_ = false;
};

}  // namespace cbc
