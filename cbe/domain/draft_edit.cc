// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/draft_edit.h"

#include <algorithm>

namespace cbe {
namespace {

void change_channel(Draft& draft, const std::string& key, const Reference& reference) {
    const Channel* before = reference.channels.find(draft.channel);
    const Channel* after = reference.channels.find(key);
    draft.channel = key;
    if (after == nullptr) return;  // check_fields() says so
    if (!after->has(draft.identifier)) draft.identifier = after->identifiers.front();
    if (before == nullptr || draft.duration == before->default_duration)
        draft.duration = after->default_duration;
    if (before == nullptr || draft.repetition_period == before->repetition_period)
        draft.repetition_period = after->repetition_period;
}

std::vector<Message> tidied(std::vector<Message> messages) {
    for (Message& message : messages) message.text = cbs::tidy(message.text).text;
    return messages;
}

}  // namespace

const Channel* first_channel(const Reference& reference) {
    if (const Channel* level3 = reference.channels.find("level3");
        level3 != nullptr && reference.allows("level3"))
        return level3;
    for (const Channel& channel : reference.channels.all())
        if (reference.allows(channel.key)) return &channel;
    return nullptr;
}

Draft with_edit(Draft draft, const DraftEdit& edit, const Reference& reference) {
    if (edit.channel) change_channel(draft, *edit.channel, reference);
    if (edit.identifier) draft.identifier = *edit.identifier;
    if (edit.messages) draft.messages = tidied(*edit.messages);
    if (edit.area) draft.area = *edit.area;
    if (edit.duration) draft.duration = *edit.duration;
    if (edit.repetition_period) draft.repetition_period = *edit.repetition_period;
    if (edit.broadcasts) draft.broadcasts = *edit.broadcasts;
    if (edit.category) draft.category = *edit.category;
    if (edit.note) draft.note = *edit.note;
    if (draft.broadcasts && draft.repetition_period.count() > 0) {
        const auto most = std::max<int64_t>(1, draft.duration / draft.repetition_period);
        draft.broadcasts = static_cast<uint16_t>(std::min<int64_t>(*draft.broadcasts, most));
    }
    return draft;
}

}  // namespace cbe
