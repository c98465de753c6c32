// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A question to a peer that broadcasts nothing, asked when somebody wants the link tested: when it was asked,
// how long its answer may take, and what came of the last one. What is asked is the protocol's business.
//
// On the loop's thread.
#pragma once

#include <functional>
#include <optional>

#include "cbc/net/link_metrics.h"
#include "common/loop/loop.h"

namespace cbc {

class LinkProbe {
 public:
    // timers and clock outlive this. `concluded`: last() has changed.
    LinkProbe(loop::Timers& timers, const base::Clock& clock, metrics::Gauge answered,
              std::function<void()> concluded);

    bool out() const { return timer_ != nullptr; }
    void begin(std::chrono::milliseconds patience);
    // Nothing when none is out.
    void conclude(RequestResult result);
    // The link is down, and says so itself.
    void abandon() { timer_.reset(); }
    const std::optional<LinkTestStatus>& last() const { return last_; }

 private:
    loop::Timers& timers_;
    const base::Clock& clock_;
    metrics::Gauge answered_;
    std::function<void()> concluded_;
    loop::HandlePtr timer_;
    base::Ticks sent_;
    std::optional<LinkTestStatus> last_;
};

}  // namespace cbc
