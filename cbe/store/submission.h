// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Submit and what leads to the air: freezing the content, asking for approval, and the moment from which the
// broadcast centres are told.
#pragma once

#include "cbe/domain/update.h"
#include "cbe/store/turn.h"

namespace cbe {

struct Ready {
    Frozen frozen;
    enum class Code { kNew, kOfTheChain } code = Code::kNew;
    PeopleNeeded needed = PeopleNeeded::kTwo;
};
// Everything of Submit that can be refused before anything is written.
base::Result<Ready, Refusal> ready_to_submit(Turn& turn, const Alert& alert);
// The same, then the code, then the change: waiting for approval, or approved when one person is enough.
Answer submit(Turn& turn, const Alert& alert);
// Writes what ready_to_submit() prepared; the code was used.
Answer finish_submit(Turn& turn, Alert alert, Ready ready);

// Takes the frozen content back; its serial number was never sent.
void thaw(store::Transaction& txn, Alert& alert);

// An update takes the place of the last approved revision, which has to be live.
Verdict may_take_over(const Turn& turn, const Alert& alert);

// The alert was just approved: rows, effects, and what becomes of the alert that it updates or ends.
void put_on_its_way(Turn& turn, Alert& alert);

// What an update changes, against the revision that it updates; none: that one is gone.
std::optional<std::vector<Change>> changes_of(const store::Reader& reader, const Alert& update);
// One person is enough, and may: the broadcast centres must all have what is made smaller.
PeopleNeeded people_needed(const store::Reader& reader, const Alert& alert, const Person& who);

}  // namespace cbe
