// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the routes need of the daemon: who is known, what is held, and how a decision becomes durable.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cbc/domain/centre.h"
#include "common/store/store.h"

namespace cbc {

// A question that a link asked on its own account: LOAD QUERY ("link test") or SET-DRX.
struct LinkTestView {
    base::Instant at;
    std::string result;  // "complete", "failure", "error", "timeout"
    std::chrono::microseconds took;
    size_t cells = 0;
    size_t failed_cells = 0;
    std::optional<std::string> busiest_cell;
    unsigned busiest_load = 0;  // percent
};
struct DrxView {
    unsigned schedule_period = 0;
    unsigned reserved_slots = 0;
    base::Instant at;
    std::string result;  // also "sent"
    size_t failed_cells = 0;
};

// One peer as GET /peers shows it.
struct PeerView {
    std::string name;
    std::string role;  // "client", "server"
    std::string address;
    std::string state;  // "down", "connecting", "starting", "up"
    base::Instant since;
    std::string reason;  // why it is down; empty otherwise
    std::optional<std::vector<Lac>> location_areas;
    size_t requests_waiting = 0;
    std::optional<base::Instant> last_keep_alive;
    std::optional<LinkTestView> link_test;
    std::optional<DrxView> drx;
};

// A request that broke a rule of the table of CBEs, or one that was done: for the audit.
struct AuditEntry {
    std::string action;  // "alert.send", "alert.stop"
    std::string actor;   // certificate URI
    std::string alert;
    std::string outcome;  // "done", or the problem's code
    std::string detail;
};

class Desk {
 public:
    virtual ~Desk() = default;
    virtual const Centre& centre() const = 0;
    virtual const Network& network() const = 0;
    virtual const CbeTable& cbes() const = 0;
    virtual base::Instant now() const = 0;
    virtual std::vector<PeerView> peers() const = 0;
    // Durable first; the centre has it when `done` is called with kOk.
    virtual void commit(const AlertRevision& revision, store::OnDone done) = 0;
    virtual void commit(const Tombstone& stop, store::OnDone done) = 0;
    virtual void audit(AuditEntry entry) = 0;
};

}  // namespace cbc
