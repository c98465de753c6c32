// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/link_probe.h"

#include <utility>

namespace cbc {

LinkProbe::LinkProbe(loop::Timers& timers, const base::Clock& clock, metrics::Gauge answered,
                     std::function<void()> concluded)
    : timers_(timers),
      clock_(clock),
      answered_(std::move(answered)),
      concluded_(std::move(concluded)),
      sent_(clock.ticks()) {}

void LinkProbe::begin(std::chrono::milliseconds patience) {
    sent_ = clock_.ticks();
    timer_ = timers_.after(patience, [this] { conclude(RequestResult::kTimeout); });
}

void LinkProbe::conclude(RequestResult result) {
    if (!out()) return;
    const auto spent = std::exchange(timer_, nullptr);
    last_ = LinkTestStatus{.at = clock_.now(),
                           .result = std::string(to_string(result)),
                           .took = clock_.ticks() - sent_,
                           .busiest_cell = std::nullopt};
    if (result != RequestResult::kTimeout)
        answered_.set(static_cast<double>(
            std::chrono::floor<std::chrono::seconds>(last_->at).time_since_epoch().count()));
    concluded_();
}

}  // namespace cbc
