// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The alarms of cbcd: peers that are down (critical when all of their protocol are) or leave a link test
// unanswered, a file of cells that is old, alerts that are not on the air, stops that are not confirmed, and
// CBEs that break the rules of the table.
//
// Looked at every few seconds and whenever a link changes; the list of alarms itself is common/alarm.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cbc/api/desk.h"
#include "common/alarm/alarm.h"

namespace cbc {

class AlarmWatch {
 public:
    // Both outlive it.
    AlarmWatch(alarms::Alarms& alarms, const Centre& centre) : alarms_(alarms), centre_(centre) {}

    void look_at_peers(const std::vector<PeerStatus>& peers);
    void look_at_test(const PeerStatus& peer);  // no conclusion of one is to be missed
    void look_at_alerts(base::Instant now);
    // When the file of cells was changed last; nothing: there is none.
    void look_at_cells(std::optional<base::Instant> changed, base::Instant now);
    void peer_removed(const PeerName& peer);
    // Events: they clear by themselves.
    void live_alert_sent(const AlertRevision& revision);
    void cbe_refused(const AuditEntry& entry);

 private:
    // Tests of one link that were not answered, in a row. Only of a peer that has answered one before: others
    // do not know the question.
    struct Tests {
        std::optional<base::Instant> last;
        bool answered = false;
        unsigned failed = 0;
    };
    void look_at(const Warning& warning, base::Instant now);

    alarms::Alarms& alarms_;
    const Centre& centre_;
    std::map<PeerName, Tests> tests_;
};

}  // namespace cbc
