// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Alerts that begin with an earlier one: its update, the all-clear, the false alarm, a copy. Each is a draft
// like any other until it is submitted; `id` becomes its own. Same order and outcomes as alert_changes.h.
#pragma once

#include "cbe/store/alert_changes.h"

namespace cbe {

// A draft with the words, area and times that are on the air. Who wrote those keeps being a contributor.
// There may be several drafts; the first one that is approved takes over.
Answer update_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& base,
                    const AlertId& id);
// kAllClear or kFalseAlarm: ready-made words about `about`, for the same area. When it is on the air, `about`
// is stopped.
struct FollowUp {
    RelationKind kind;
    AlertId about;
};
Answer follow_up(store::Transaction& txn, const Terms& terms, const Asking& asking, const FollowUp& follow_up,
                 const AlertId& id);
// Of any alert, whatever its status. The contributors of what it copies stay contributors (C-10).
Answer copy_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& source,
                  const AlertId& id);

}  // namespace cbe
