// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The event streams of GET /events: who listens, to which alerts, and what has changed since the last 100 ms.
#pragma once

#include <list>
#include <memory>
#include <set>

#include "cbc/api/desk.h"
#include "common/http/message.h"
#include "common/loop/loop.h"

namespace cbc {

class EventHub {
 public:
    // All outlive the hub.
    EventHub(loop::Timers& timers, const Desk& desk) : timers_(timers), desk_(desk) {}

    // `only`: the CBE whose alerts are shown; none: all.
    void add(std::unique_ptr<http::Responder::EventStream> stream, std::optional<CbeName> only);
    void alert_changed(AlertId alert);
    void peer_changed(const std::string& name);
    void close() { listeners_.clear(); }
    size_t listeners() const;  // one that has gone is not counted, and is forgotten soon

 private:
    struct Listener {
        std::unique_ptr<http::Responder::EventStream> stream;
        std::optional<CbeName> only;
    };
    void arm();
    void flush();

    loop::Timers& timers_;
    const Desk& desk_;
    std::list<Listener> listeners_;
    std::set<AlertId> alerts_;
    std::set<std::string> peers_;
    loop::HandlePtr timer_;
};

}  // namespace cbc
