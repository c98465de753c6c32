// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Whether this machine's clock follows a source of time: one-time codes, approvals and certificates stand on
// it.
//
// It is read from what systemd-timesyncd leaves below /run/systemd/timesync: the folder is there while it
// runs, and the file `synchronized` in it is touched at each successful exchange. (adjtimex(2) would tell for
// any source, but the units' ProtectClock= refuses it, reading included.) A machine whose time comes from
// elsewhere, chrony say, has no such folder: there the state is not known, and nothing is raised.
//
//     ClockUnsynchronised  <daemon>/clock: no source for 10 min MINOR, for 1 h MAJOR
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/alarm/alarm.h"
#include "common/metrics/metrics.h"
#include "common/time/clock.h"

namespace frame {

class ClockWatch {
 public:
    struct Parts {  // all outlive it
        alarms::Alarms& alarms;
        metrics::Registry& metrics;
        const base::Clock& clock;
        std::string daemon;
        std::filesystem::path source = "/run/systemd/timesync";
    };
    explicit ClockWatch(Parts parts);

    // Once a minute, and before the figures are shown.
    void look();
    // As look() saw it last; nothing: not known.
    std::optional<bool> synchronised() const { return synchronised_; }

 private:
    std::optional<bool> read() const;

    Parts parts_;
    metrics::Gauge gauge_;
    std::optional<bool> synchronised_;
    std::optional<base::Ticks> lost_since_;
};

}  // namespace frame
