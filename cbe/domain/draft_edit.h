// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What an author changes in a draft at once: the fields that a request names, and no others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cbe/domain/alert.h"
#include "cbe/domain/checklist.h"

namespace cbe {

struct DraftEdit {
    std::optional<std::string> channel;
    std::optional<cbs::MessageIdentifier> identifier;
    std::optional<std::vector<Message>> messages;
    std::optional<Area> area;
    std::optional<std::chrono::seconds> duration;
    std::optional<std::chrono::seconds> repetition_period;
    std::optional<std::optional<uint16_t>> broadcasts;
    std::optional<Category> category;
    std::optional<std::string> note;
};

// The channel a new draft begins with: level 3 where it may be used, else the first that may.
const Channel* first_channel(const Reference& reference);

// A change of channel takes the new channel's first identifier, and its durations where the author had left
// the old channel's. Texts are tidied (common/cbs). A number of broadcasts that would overrun the end is
// reduced.
Draft with_edit(Draft draft, const DraftEdit& edit, const Reference& reference);

}  // namespace cbe
