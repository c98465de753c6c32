// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The checklist before Submit (A11) and the rules that a draft's fields have to meet even while it is
// written.
//
// A draft may be incomplete, so saving checks only what can never become right (check_fields); Submit wants
// every item of the checklist without a problem.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cbe/domain/alert.h"
#include "cbe/domain/channel.h"
#include "cbe/domain/refusal.h"
#include "common/base/result.h"
#include "common/cbs/text.h"

namespace cbe {

enum class CheckItem { kChannel, kArea, kText, kLanguage, kDuration, kRepetition, kApprover, kCbc };
std::string_view to_string(CheckItem item);

enum class CheckState { kOk, kWarning, kProblem };
std::string_view to_string(CheckState state);

struct Check {
    CheckItem item;
    CheckState state;
    std::string text;
};

// What an alert is checked against, as it is configured now.
struct Reference {
    ChannelTable channels;
    CellTable cells;
    std::vector<std::string> allowed_channels;  // keys; empty: every channel of the table

    bool allows(std::string_view channel_key) const;
};

enum class CbcReach { kAnswers, kSilent, kNotUsed };

std::vector<Check> check(const Draft& draft, const Reference& reference, size_t approvers, CbcReach reach);

// The one refusal for a checklist with problems; none when every item is ok or a warning.
std::optional<Refusal> refusal_for(const std::vector<Check>& checks);

// Fields that are wrong whatever else is written: an unknown channel, a cell that is not in the table. A text
// may be too long or hold an emoji while it is written (nothing an officer types is lost); it cannot be
// submitted so.
std::optional<Refusal> check_fields(const Draft& draft, const Reference& reference);

// A new draft's fields: the channel's own defaults.
Draft draft_for(const Channel& channel);

base::Result<cbs::Measure> measure(const Message& message);

}  // namespace cbe
