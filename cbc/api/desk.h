// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the routes need of the daemon: who is known, what is held, and how a decision becomes durable.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cbc/domain/centre.h"
#include "cbc/domain/peer.h"
#include "cbc/store/target_rows.h"
#include "common/http/message.h"
#include "common/loop/work_pool.h"
#include "common/store/store.h"

namespace cbc {

// A request that broke a rule of the table of CBEs, or one that was done: for the audit.
struct AuditEntry {
    std::string action;  // "alert.send", "alert.stop"
    std::string actor;   // certificate URI
    std::string alert;
    std::string outcome;  // "done", or the problem's code
    std::string detail;
};

// Where the operator's cells are from.
struct SiteStatus {
    std::string file;                      // empty: none is configured
    std::optional<base::Instant> changed;  // the file, as of when it was read
    base::Instant loaded;                  // taken into use
};

class Desk {
 public:
    virtual ~Desk() = default;
    virtual const Centre& centre() const = 0;
    virtual const Network& network() const = 0;
    virtual const CbeTable& cbes() const = 0;
    virtual base::Instant now() const = 0;
    virtual std::vector<PeerStatus> peers() const = 0;
    virtual loop::WorkPool& workers() = 0;
    // Durable first, with the cells that were chosen for it; the centre has it when `done` is called with
    // kOk.
    virtual void commit(const AlertRevision& revision, KeptTargets chosen, store::OnDone done) = 0;
    virtual void commit(const Tombstone& stop, store::OnDone done) = 0;
    virtual void audit(AuditEntry entry) = 0;
    // What an operator did by hand, and changes nothing in the store.
    virtual void audit_operation(const http::Request& request, std::string action, std::string object,
                                 std::string after) = 0;
    virtual SiteStatus site() const = 0;
    virtual TestStart test_peer(const PeerName& peer) = 0;
    // Records what goes to and comes from the peer; `done` is given a capture file. False: not now.
    virtual bool trace_peer(const PeerProfile& peer, std::chrono::seconds length,
                            std::function<void(std::string file)> done) = 0;
};

}  // namespace cbc
