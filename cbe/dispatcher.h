// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Tells the broadcast centres what was decided: performs the outbox rows "cbc.send" and "cbc.stop" through
// the links, and writes down what came of it.
//
// A send is tried every few seconds until it is taken, refused, stopped, or the alert's time is over. A stop
// waits until no send of the same alert to the same centre is under way, so that it cannot overtake it.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cbe/api/context.h"
#include "cbe/net/cbc_link.h"
#include "cbe/store/delivery_record.h"
#include "common/store/outbox.h"

namespace cbe {

class Dispatcher {
 public:
    using Links = std::vector<std::unique_ptr<CbcLink>>;
    // Both outlive it. `refused` is called when a centre says no: somebody must act.
    Dispatcher(Context& context, const Links& links,
               std::function<void(const AlertId&, const std::string&)> refused);

    // Another kind of effect, before start().
    void add(std::string_view kind, store::Outbox::Performer performer) {
        outbox_.add(kind, std::move(performer));
    }
    void start() { outbox_.start(); }
    size_t waiting() const { return outbox_.size(); }

 private:
    void perform(SendingWhat what, const store::Effect& effect, store::Outbox::OnPerformed done);
    struct Sent {
        EffectTarget target;
        AlertId chain;  // the alert as the centre knows it
    };
    store::Performed result(SendingWhat what, const Sent& sent, const SendAnswer& answer);
    void note_waiting(SendingWhat what, const EffectTarget& target, const std::string& why);
    CbcLink* link(const std::string& name) const;

    Context& context_;
    const Links& links_;
    std::function<void(const AlertId&, const std::string&)> refused_;
    std::set<std::string> under_way_;                  // by chain and centre
    std::map<std::string, std::string> said_waiting_;  // by key of the target: what the page was told last
    store::Outbox outbox_;
};

}  // namespace cbe
