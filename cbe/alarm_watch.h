// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The alarms of cbed: a live alert that nobody confirms (F1001), a stop that is not confirmed (F1003), a
// broadcast centre that does not answer (F1005), an officer whose decisions are locked (F1011).
//
// Each is a state that is looked at again and again, so what was raised before a restart is cleared after it.
#pragma once

#include <map>
#include <string>

#include "cbe/domain/alert.h"
#include "cbe/domain/network.h"
#include "common/alarm/alarm.h"
#include "common/store/store.h"

namespace cbe {

class AlarmWatch {
 public:
    explicit AlarmWatch(alarms::Alarms& alarms) : alarms_(alarms) {}  // outlives it

    // Every few seconds, and when a centre has refused something or an officer was locked.
    void look(const store::Reader& reader, const Network& network, base::Instant now);
    void look_at_cbcs(const Network& network);

 private:
    using Bad = std::map<std::string, std::string>;  // object → text
    // Raises for what is bad now and clears every other alarm of that kind.
    void settle(const alarms::Kind& kind, alarms::Severity severity, const Bad& bad);

    alarms::Alarms& alarms_;
};

}  // namespace cbe
