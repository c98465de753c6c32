// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What was asked of each peer about a warning, and what it answered, for the audit.
//
// One record an exchange, written when it is over: the answer, or that none came. Questions that only look
// (how often was it broadcast?) are left out. Records are collected for a moment and written in one
// transaction, with what is less urgent: a warning to 500 peers costs a few writes, not 500.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cbc/domain/delivery_tally.h"
#include "common/audit/audit.h"
#include "common/loop/loop.h"

namespace cbc {

class ExchangeLog {
 public:
    using Write = std::function<void(std::vector<audit::Entry>)>;
    // Both outlive it.
    ExchangeLog(loop::Timers& timers, const base::Clock& clock, Write write)
        : timers_(timers), clock_(clock), write_(std::move(write)) {}

    void asked(const DeliveryKey& key, const PeerRequest& request);
    void answered(const DeliveryKey& key, const PeerAnswer& answer);
    void timed_out(const DeliveryKey& key);
    void link_lost(const PeerName& peer);  // and so what is out has no answer
    // Writes what is collected.
    void flush();

 private:
    struct Asked {
        std::string action;  // "peer.write"
        std::string what;    // JSON
    };
    void conclude(const DeliveryKey& key, const std::string& answer);

    loop::Timers& timers_;
    const base::Clock& clock_;
    Write write_;
    std::map<DeliveryKey, Asked> out_;
    std::vector<audit::Entry> collected_;
    loop::HandlePtr timer_;
};

}  // namespace cbc
