// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/air_metrics.h"

#include <algorithm>
#include <array>

namespace cbc {
namespace {

// TS 23.041 §9.4.1.2.2; the second range holds the same channel in additional languages.
struct ChannelRow {
    std::string_view name;
    uint16_t first, last;
    uint16_t first_additional, last_additional;
};
constexpr std::array kChannels{
    ChannelRow{"level1", 4370, 4370, 4383, 4383},   ChannelRow{"level2", 4371, 4372, 4384, 4385},
    ChannelRow{"level3", 4373, 4378, 4386, 4391},   ChannelRow{"amber", 4379, 4379, 4392, 4392},
    ChannelRow{"rmt", 4380, 4380, 4393, 4393},      ChannelRow{"exercise", 4381, 4381, 4394, 4394},
    ChannelRow{"operator", 4382, 4382, 4395, 4395}, ChannelRow{"level4", 4396, 4396, 4397, 4397},
    ChannelRow{"eutest", 4398, 4398, 4399, 4399},   ChannelRow{"info", 6400, 6400, 6400, 6400},
    ChannelRow{"etws", 4352, 4359, 4352, 4359},
};
constexpr std::string_view kOtherChannel = "other";

bool on_air(const Warning& warning, base::Instant now) {
    const Schedule& schedule = warning.revision().content.schedule;
    switch (warning.state()) {
        case warning_fsm::State::kSending:
        case warning_fsm::State::kBroadcasting:
            return true;
        case warning_fsm::State::kTraining:
            return schedule.start <= now && now < schedule.end;
        case warning_fsm::State::kNew:
        case warning_fsm::State::kScheduled:
        case warning_fsm::State::kEnding:
        case warning_fsm::State::kEnded:
        case warning_fsm::State::kStopping:
        case warning_fsm::State::kStopped:
        case warning_fsm::State::kForgotten:
            return false;
    }
    return false;
}

}  // namespace

std::string_view channel_of(MessageIdentifier identifier) {
    const uint16_t number = identifier.value();
    for (const ChannelRow& row : kChannels)
        if ((number >= row.first && number <= row.last) ||
            (number >= row.first_additional && number <= row.last_additional))
            return row.name;
    return kOtherChannel;
}

AirMetrics::AirMetrics(metrics::Registry& registry, const Centre& centre, const base::Clock& clock)
    : centre_(centre), clock_(clock) {
    for (const Technology technology : kAllTechnologies) {
        const metrics::Labels of{{"technology", std::string(to_string(technology))}};
        cells_.emplace(
            technology,
            CellGauges{
                registry.gauge("farol_cbc_cells_scheduled", "Cells that live alerts shall be broadcast in",
                               of),
                registry.gauge("farol_cbc_cells_confirmed", "Cells whose peer has accepted the alert", of),
                registry.gauge("farol_cbc_cells_failed", "Cells that refused, or did not answer", of)});
    }
    const auto add = [&](std::string_view channel) {
        for (const Mode mode : {Mode::kLive, Mode::kTraining})
            active_.emplace(
                std::pair{channel, mode},
                registry.gauge("farol_cbc_broadcasts_active", "Alerts that belong on the air",
                               {{"mode", std::string(to_string(mode))}, {"channel", std::string(channel)}}));
        confirmed_ratio_.emplace(
            channel, registry.gauge("farol_cbc_elements_confirmed_ratio",
                                    "Network elements that have accepted, of those asked; of the live alert "
                                    "that fares worst, 1 when there is none",
                                    {{"channel", std::string(channel)}}));
    };
    for (const ChannelRow& row : kChannels) add(row.name);
    add(kOtherChannel);
    registry.before_text([this] { count(); });
}

void AirMetrics::count() {
    std::map<std::pair<std::string_view, Mode>, size_t> active;
    std::map<std::string_view, double> worst;
    CellTallies sum;
    centre_.each([&](const Warning& warning) {
        if (!on_air(warning, clock_.now())) return;
        const Content& content = warning.revision().content;
        const std::string_view channel = channel_of(content.messages.front().identifier);
        ++active[{channel, content.mode}];
        if (content.mode != Mode::kLive) return;
        sum += warning.cells_by_technology();
        const double ratio = warning.confirmed_ratio();
        worst[channel] = std::min(worst.try_emplace(channel, ratio).first->second, ratio);
    });
    for (const auto& [key, gauge] : active_) gauge.set(static_cast<double>(active[key]));
    for (const auto& [channel, gauge] : confirmed_ratio_)
        gauge.set(worst.try_emplace(channel, 1.0).first->second);
    for (const auto& [technology, gauges] : cells_) {
        const CellTally& tally = sum[technology];
        gauges.scheduled.set(static_cast<double>(tally.wanted));
        gauges.confirmed.set(static_cast<double>(tally.accepted));
        gauges.failed.set(static_cast<double>(tally.failed));
    }
}

}  // namespace cbc
