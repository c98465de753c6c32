// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What makes an officer look twice, and never blocks: alerts that come fast (C-24), and an alert that says
// what another one says already (C-25).
#pragma once

#include <string_view>
#include <vector>

#include "cbe/domain/alert.h"

namespace cbe {

// How much of two texts is the same, from 0 to 1: the Sørensen-Dice coefficient over pairs of neighbouring
// characters (twice the pairs in common, through all pairs of both). It does not depend on where a language
// puts spaces, and a word that moves costs little.
double sameness(std::string_view one, std::string_view other);
inline constexpr double kSameText = 0.8;

// One place at least is in both.
bool overlap(const Area& one, const Area& other);

// Live now, or ended less than 60 minutes ago, on the same channel, for an overlapping area, with more than
// 80 % of the same text in some language. `alert` itself, and other revisions of it, are none.
inline constexpr std::chrono::minutes kDuplicateWindow{60};
bool is_duplicate(const Alert& alert, const Alert& other, base::Instant now);

// More than three live approvals within ten minutes: the next one asks for another word.
inline constexpr std::chrono::minutes kRateWindow{10};
inline constexpr size_t kFreelyApproved = 3;
size_t approved_lately(const std::vector<Alert>& alerts, base::Instant now);

}  // namespace cbe
