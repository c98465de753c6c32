// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The alarms of cbcd: peers that are down, alerts that are not on the air, stops that are not confirmed, and
// CBEs that break the rules of the table.
//
// Looked at every few seconds and whenever a link changes; the list of alarms itself is common/alarm.
#pragma once

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
    void look_at_alerts(base::Instant now);
    // Events: they clear by themselves.
    void live_alert_sent(const AlertRevision& revision);
    void cbe_refused(const AuditEntry& entry);

 private:
    void look_at(const Warning& warning, base::Instant now);

    alarms::Alarms& alarms_;
    const Centre& centre_;
};

}  // namespace cbc
