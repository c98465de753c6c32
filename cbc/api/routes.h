// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The routes of cbc/api/openapi.yaml.
//
// A send is read and its cells are chosen in the pool, for both may take long with 100,000 cells. A send or
// stop is then admitted (domain/admission.h) in the order in which they came, made durable, and only then
// answered; with ?wait= the answer is held until every peer has answered or the time is over. While one
// request for an alert is being stored, the same request again waits for the same answer, and any other for
// that alert is told to come back.
#pragma once

#include <list>
#include <map>
#include <memory>

#include "cbc/api/event_hub.h"
#include "cbc/api/in_order.h"
#include "common/http/router.h"

namespace cbc {

class Routes {
 public:
    // All outlive the routes. `control` gets the routes that read.
    Routes(loop::Timers& timers, Desk& desk) : timers_(timers), desk_(desk), hub_(timers, desk) {}
    void add_to(http::Router& api, http::Router& control);

    void alert_changed(AlertId alert);
    void peer_changed(const std::string& name) { hub_.peer_changed(name); }
    size_t event_listeners() const { return hub_.listeners(); }
    // Answers those who wait for peers, and ends the streams.
    void drain();

 private:
    struct Waiter {
        AlertId alert;
        http::ResponderPtr responder;
        loop::HandlePtr deadline;
    };
    struct Asking {  // one caller of a request that is being stored
        http::ResponderPtr responder;
        std::chrono::seconds wait;
    };
    struct InFlight {
        Revision revision;
        Digest digest;  // empty: a stop
        SerialNumber serial;
        std::vector<MessageIdentifier> identifiers;
        AlertRevision alert;  // as it will be held; of a send
        std::vector<Asking> asking;
    };

    void add_reading(http::Router& router);
    struct Prepared;
    static Prepared prepare(const std::string& body, const CellTable& cells);
    void send(const http::Request& request, http::ResponderPtr responder);
    void finish_send(Prepared prepared, const std::string& actor, Asking asking);
    void take(SendRequest request, KeptTargets chosen, Asking asking);
    void stop(const http::Request& request, http::ResponderPtr responder);
    void finish_stop(const StopRequest& request, Asking asking);
    void list(const http::Request& request, http::ResponderPtr responder) const;
    void get(const http::Request& request, http::ResponderPtr responder) const;
    void alert_cells(const http::Request& request, http::ResponderPtr responder) const;
    void cells(const http::Request& request, http::ResponderPtr responder) const;
    void events(const http::Request& request, http::ResponderPtr responder);

    AdmissionContext context() const;
    const AlertRevision* user_of_code(SerialNumber serial, MessageIdentifier identifier, AlertId self) const;
    http::Response refuse(const Refused& refused, const std::string& action, const std::string& actor,
                          AlertId alert);
    void stored(AlertId alert, const store::Done& done, const std::string& action, const std::string& actor);
    void answer(AlertId alert, Asking asking);
    void answer_waiter(Waiter& waiter) const;
    void answer_waiters(AlertId alert);

    loop::Timers& timers_;
    Desk& desk_;
    EventHub hub_;
    InOrder arrived_;
    std::map<AlertId, InFlight> in_flight_;
    std::list<Waiter> waiters_;
};

}  // namespace cbc
