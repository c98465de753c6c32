// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who may do what to an alert now. Each function answers nothing when it is allowed, else why not. The same
// functions decide inside the store transaction and tell a page beforehand what it can offer.
//
// Order of the checks, the same everywhere: permission, mode, status, then what is special to the action. The
// one-time code is checked by the caller, last, so that a request that is refused anyway uses up no code.
#pragma once

#include <optional>
#include <vector>

#include "cbe/domain/alert.h"
#include "cbe/domain/person.h"
#include "cbe/domain/refusal.h"

namespace cbe {

using Verdict = std::optional<Refusal>;  // none: allowed

// An alert that ends this soon is not worth approving: it would hardly be heard.
inline constexpr std::chrono::minutes kLeastTimeOnAir{1};
inline constexpr std::chrono::seconds kUndo{30};    // a discard can be taken back for so long
inline constexpr std::chrono::days kDraftKept{30};  // an untouched draft is discarded then
inline constexpr size_t kLeastReason = 10;          // characters, for Return
inline constexpr size_t kLeastStopReason = 3;       // characters

struct Situation {
    const Person& who;
    Mode mode;  // of the authority, as it is configured now
    base::Instant now;
    std::vector<UserId> aliases = {};  // other accounts of the same person: what they did, he did (C-14)
};

Verdict may_create(const Situation& situation);
Verdict may_edit(const Alert& alert, const Situation& situation);
Verdict may_submit(const Alert& alert, const Situation& situation);
Verdict may_withdraw(const Alert& alert, const Situation& situation);
Verdict may_return(const Alert& alert, const Situation& situation);
// C-10, C-11: no contributor approves, whatever his role; training is trained as it is done. `approvers`: for
// the sentence that says whom to ask.
Verdict may_approve(const Alert& alert, const Situation& situation, const std::vector<Person>& approvers);
Verdict may_stop(const Alert& alert, const Situation& situation);
// A stop that was taken and is to be told again.
Verdict may_stop_again(const Alert& alert, const Situation& situation);
Verdict may_restore(const Alert& alert, const Situation& situation);
// Whether an update of it can be begun: it is approved or live.
Verdict may_follow_up(const Alert& alert, const Situation& situation);
// Whether an all-clear or a false alarm can speak of it: it is live, or was on the air.
Verdict may_refer_to(const Alert& alert, const Situation& situation);

// C-12: what was seen is what is approved.
Verdict same_digest(const Alert& alert, std::string_view seen);
Verdict same_version(const Alert& alert, uint32_t seen);
Verdict long_enough(std::string_view reason, size_t least);

// Of all people, those who could approve it now.
std::vector<Person> eligible_approvers(const Alert& alert, const std::vector<Person>& people);

}  // namespace cbe
