// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An emergency message that its peer ends by itself (PeerTraits::emergency_most) and that shall go on:
// shortly before, it counts as perhaps there, so that it is killed and written again. The time is that of the
// wall clock since it was accepted, which a restart of cbcd does not lose.
#include <algorithm>

#include "cbc/domain/delivery.h"

namespace cbc {
namespace {

constexpr std::chrono::seconds kAhead{10};  // so that no phone that comes just then misses it

}  // namespace

void Delivery::await_emergency_end() {
    std::optional<base::Instant> first;
    each([&](const CellRecord& record, const Place*) {
        if (record.holds != Holds::kYes || !wanted_in(record)) return;
        first = std::min(first.value_or(record.since), record.since);
    });
    if (!first) return;
    const auto left = *first + *traits_.emergency_most - kAhead - now_.civil;
    deadline_ = now_.ticks + std::max(left, decltype(left)::zero());
}

void Delivery::renew_emergency() {
    bool any = false;
    each([&](CellRecord& record, const Place*) {
        if (record.holds != Holds::kYes || !wanted_in(record)) return;
        if (now_.civil < record.since + *traits_.emergency_most - kAhead) return;
        record.holds = Holds::kMaybe;
        any = true;
    });
    if (any)
        fire(Event::kChanged);
    else
        await_emergency_end();
}

}  // namespace cbc
