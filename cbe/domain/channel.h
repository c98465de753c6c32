// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Channels: what officers choose instead of message identifiers. The table is data per country, from a file
// (cbe/data/channels.yaml is the default one); this is its form, with the limits that follow from a channel's
// kind. Numbers and meanings: TS 23.041 §9.4.1.2.2.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/cbs/message_identifier.h"

namespace cbe {

enum class ChannelKind { kLive, kTest, kExercise, kOperator };
std::string_view to_string(ChannelKind kind);

enum class OptOut { kNo, kYes, kOffByDefault };
std::string_view to_string(OptOut opt_out);  // "no", "yes", "off_by_default"

struct DurationLimits {
    std::chrono::seconds least;
    std::chrono::seconds most;
};
// C-60: never 24 h on a live channel, because phones then show the alert again.
DurationLimits duration_limits(ChannelKind kind);

struct Channel {
    std::string key;
    std::string name;
    std::vector<cbs::MessageIdentifier> identifiers;  // of the local language; the first is the default
    ChannelKind kind = ChannelKind::kLive;
    OptOut opt_out = OptOut::kYes;
    std::chrono::seconds default_duration{0};
    std::chrono::seconds repetition_period{60};

    bool has(cbs::MessageIdentifier identifier) const;
    // One per identifier, so one serial number serves them all: two where the channel has an identifier for
    // additional languages, else one.
    size_t max_languages() const;
};

class ChannelTable {
 public:
    ChannelTable() = default;
    explicit ChannelTable(std::vector<Channel> channels) : channels_(std::move(channels)) {}

    const std::vector<Channel>& all() const { return channels_; }
    const Channel* find(std::string_view key) const;
    // The channel that an identifier of a machine client belongs to.
    const Channel* of(cbs::MessageIdentifier identifier) const;

 private:
    std::vector<Channel> channels_;
};

// The identifiers of messages in order: the local language's, then the additional one. REQUIRES count <= the
// channel's max_languages().
std::vector<cbs::MessageIdentifier> identifiers_for(cbs::MessageIdentifier local, size_t count);

}  // namespace cbe
