// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is on the air, as gauges: how many alerts, in how many cells, and how far the network has confirmed
// them. doc/metrics.md lists the names.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "cbc/domain/centre.h"
#include "common/metrics/metrics.h"

namespace cbc {

// The channel that officers know a message identifier by: "level1", "exercise", "etws", "other".
std::string_view channel_of(MessageIdentifier identifier);

class AirMetrics {
 public:
    AirMetrics(metrics::Registry& registry, const Centre& centre, const base::Clock& clock);

 private:
    void count();

    const Centre& centre_;
    const base::Clock& clock_;
    std::map<std::pair<std::string_view, Mode>, metrics::Gauge> active_;
    std::map<std::string_view, metrics::Gauge> confirmed_ratio_;
    struct CellGauges {
        metrics::Gauge scheduled;
        metrics::Gauge confirmed;
        metrics::Gauge failed;
    };
    std::map<Technology, CellGauges> cells_;
};

}  // namespace cbc
