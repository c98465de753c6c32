// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The way to one broadcast centre: sending and stopping alerts, and hearing how they fare.
//
//     start ─▶ listening (GET /events) ── hello ─▶ up: read the peers and every watched alert
//                  ▲                                │ event alert: read that alert; event peer: read the
//                  peers └────── 2 s ── down ◀── stream ends or is silent
//
// The link keeps nothing: sends are rows of the outbox, and what it hears goes to its listener. Loop thread.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "cbe/domain/network.h"
#include "cbe/net/cbc_contract.h"
#include "common/http/client.h"
#include "common/log/log.h"
#include "common/loop/loop.h"
#include "common/time/clock.h"

namespace cbe {

struct CbcAddress {
    std::string name;
    std::string url;  // https://host:port
};

class CbcLink {
 public:
    class Listener {
     public:
        virtual ~Listener() = default;
        virtual void heard(const AlertId& id, const CbcDelivery& delivery) = 0;
        virtual void link_changed(const CbcStatus& status) = 0;
        virtual std::vector<AlertId> watched() const = 0;
    };
    struct Parts {  // all outlive the link
        loop::Timers& timers;
        const base::Clock& clock;
        http::Client& client;
        Listener& listener;
    };

    CbcLink(Parts parts, CbcAddress address, logs::Log log);

    void start();
    void stop_listening();

    using OnAnswer = std::function<void(SendAnswer)>;
    void send(const std::string& body, OnAnswer on_answer);
    void stop(const AlertId& id, const std::string& body, OnAnswer on_answer);
    // Reads an alert's state now.
    void refresh(const AlertId& id);

    const CbcStatus& status() const { return status_; }
    const std::string& name() const { return address_.name; }

 private:
    http::ClientRequest request(http::Method method, const std::string& path) const;
    void listen();
    void on_event(std::string_view event, std::string_view data);
    void read_peers();
    void go_on(const AlertId& id, CbcDelivery delivery, const std::string& next);
    void cannot_read(const AlertId& id, const base::Error& why);
    void read(const AlertId& id);  // the reading is over
    void enter(CbcState state, std::string text);

    Parts parts_;
    CbcAddress address_;
    logs::Log log_;
    CbcStatus status_;
    std::set<AlertId> reading_;     // GET under way
    std::set<AlertId> read_again_;  // changed meanwhile
    loop::HandlePtr stream_;
    loop::HandlePtr retry_;
};

}  // namespace cbe
