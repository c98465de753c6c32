// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/channel.h"

#include <algorithm>

namespace cbe {

using namespace std::chrono_literals;

std::string_view to_string(ChannelKind kind) {
    switch (kind) {
        case ChannelKind::kLive:
            return "live";
        case ChannelKind::kTest:
            return "test";
        case ChannelKind::kExercise:
            return "exercise";
        case ChannelKind::kOperator:
            return "operator";
    }
    return "unknown";
}

std::string_view to_string(OptOut opt_out) {
    switch (opt_out) {
        case OptOut::kNo:
            return "no";
        case OptOut::kYes:
            return "yes";
        case OptOut::kOffByDefault:
            return "off_by_default";
    }
    return "unknown";
}

DurationLimits duration_limits(ChannelKind kind) {
    switch (kind) {
        case ChannelKind::kLive:
            return {5min, 22h + 30min};
        case ChannelKind::kTest:
        case ChannelKind::kExercise:
        case ChannelKind::kOperator:
            return {5min, 4h};
    }
    return {5min, 4h};
}

bool Channel::has(cbs::MessageIdentifier identifier) const {
    return std::find(identifiers.begin(), identifiers.end(), identifier) != identifiers.end();
}

size_t Channel::max_languages() const {
    return !identifiers.empty() && cbs::additional_language(identifiers.front()) ? 2 : 1;
}

const Channel* ChannelTable::find(std::string_view key) const {
    for (const Channel& channel : channels_)
        if (channel.key == key) return &channel;
    return nullptr;
}

const Channel* ChannelTable::of(cbs::MessageIdentifier identifier) const {
    for (const Channel& channel : channels_)
        if (channel.has(identifier)) return &channel;
    return nullptr;
}

std::vector<cbs::MessageIdentifier> identifiers_for(cbs::MessageIdentifier local, size_t count) {
    std::vector<cbs::MessageIdentifier> all;
    if (count >= 1) all.push_back(local);
    if (count < 2) return all;
    if (const auto additional = cbs::additional_language(local)) all.push_back(*additional);
    return all;
}

}  // namespace cbe
