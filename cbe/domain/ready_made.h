// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Ready-made words for the end of danger and for an alert that was a mistake (A13): nobody should have to
// phrase them in a hurry. The officer can change them like any draft.
#pragma once

#include "cbe/domain/alert.h"
#include "cbe/domain/checklist.h"

namespace cbe {

// REQUIRES kind kAllClear or kFalseAlarm. The all-clear goes to level 4 where the authority has it, the false
// alarm to the channel of the wrong alert, so that the same phones show it. The languages are those of
// `about` for which there are words, else English. On test and exercise channels the words say so.
Draft ready_made(RelationKind kind, const Alert& about, const Reference& reference);

}  // namespace cbe
