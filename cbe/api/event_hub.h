// SPDX-License-Identifier: AGPL-3.0-or-later
//
// /api/v1/events: tells every open page what has changed.
//
// Changes within 100 ms come as one event. A stream whose session has ended, or whose reader is too slow, is
// closed; the page opens it again and reads the lists.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cbe/api/gate.h"

namespace cbe {

class EventHub {
 public:
    EventHub(Gate& gate, http::Router& router);

    void alert_changed(const AlertId& id);
    void network_changed();
    void close_all();
    size_t streams() const { return streams_.size(); }

 private:
    struct Stream {
        std::string token;
        std::unique_ptr<http::Responder::EventStream> stream;
    };
    void open(const Caller& caller, http::ResponderPtr responder);
    void gather();
    void flush();
    void tick();
    void send(std::string_view event, const std::string& data);

    Gate& gate_;
    std::vector<Stream> streams_;
    std::set<AlertId> changed_;
    bool network_changed_ = false;
    loop::HandlePtr gathering_;
    loop::HandlePtr ticking_;
};

}  // namespace cbe
