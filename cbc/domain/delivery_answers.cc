// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a peer's answers, restarts and failures mean for each cell of a Delivery.
#include <algorithm>

#include "cbc/domain/delivery.h"
#include "cbc/domain/place_match.h"

namespace cbc {
namespace {

Hold hold_after(Cause cause) {
    return meaning_of(cause) == CauseMeaning::kMayPass ? Hold::kUntilRetry : Hold::kForGood;
}

PlaceMatch<Cause> failures_of(const std::vector<CellFailure>& failed) {
    PlaceMatch<Cause> match;
    for (const CellFailure& failure : failed) match.add(failure.cell, failure.cause);
    return match;
}

struct Done {};
PlaceMatch<Done> done_of(const PeerAnswer& answer) {
    PlaceMatch<Done> match;
    for (const PlacePattern& pattern : answer.done) match.add(pattern, {});
    for (const CellCount& count : answer.counts) match.add(count.cell, {});
    return match;
}

}  // namespace

template <class Visit>
void Delivery::each_asked(Visit&& visit) {
    const auto* listed = std::get_if<PlaceSet>(&asked_);
    if (listed == nullptr) return each(visit);
    for (const Place& cell : *listed) {
        const auto found = record_.cells.find(cell);
        if (found != record_.cells.end()) visit(found->second, &found->first);
    }
}

// "All cells" is answered with names: cells of the peer that our table does not have are kept too.
void Delivery::add_named_cells() {
    if (!std::holds_alternative<AllCells>(asked_)) return;
    const auto add = [&](const PlacePattern& pattern) {
        if (const auto cell = pattern.exact()) add_cell(*cell, DeliveryState::kSent);
    };
    for (const PlacePattern& pattern : answer_->done) add(pattern);
    for (const CellFailure& failure : answer_->failed) add(failure.cell);
}

void Delivery::record_write() {
    add_named_cells();
    const auto failed = failures_of(answer_->failed);
    const auto done = done_of(*answer_);
    each_asked([&](CellRecord& record, const Place* cell) {
        const bool as_wanted =
            record.state != DeliveryState::kSent && record.state != DeliveryState::kStopSent;
        // An area is on the air where any cell of it is.
        const bool partly = cell != nullptr && cell->kind == PlaceKind::kArea && done.find(cell) != nullptr;
        const Cause* cause = partly ? nullptr : failed.find(cell);
        if (cause != nullptr) return record_write_failure(record, *cause);
        if (cell == nullptr) {
            // Whoever was not named counts as held, so that the KILL names all cells again.
            adopt_write(record, Holds::kYes);
            return set(record, DeliveryState::kAccepted);
        }
        if (done.find(cell) == nullptr) {
            if (as_wanted) return;
            return record_write_failure(record, kCauseNotNamed);
        }
        adopt_write(record, Holds::kYes);
        record.hold = Hold::kNone;
        record.broadcasts.reset();
        set(record, DeliveryState::kAccepted);
    });
    if (const auto* asked = std::get_if<PlaceSet>(&asked_))
        for (const Place& cell : *asked) restarted_.erase(cell);
    asked_need_ = Need::kNothing;
    timeouts_ = 0;
    probes_ = 0;
    effects_.push_back(Persist{});
}

void Delivery::record_write_failure(CellRecord& record, Cause cause) {
    if (meaning_of(cause) == CauseMeaning::kAlreadyUsed) {
        // The peer has this very pair. If it is what we wrote and want, fine; if it was written with another
        // schedule, need_of() asks for a KILL next.
        if (asked_need_ == Need::kReplace)
            record.beside = record.written;  // the twin has written the new one
        if (record.holds == Holds::kNo || asked_need_ == Need::kAdd || asked_need_ == Need::kReplace)
            adopt_write(record, Holds::kYes);
        record.holds = Holds::kYes;
        const bool as_wanted = need_of(record) == Need::kNothing || kills_older(record);
        return set(record, as_wanted ? DeliveryState::kAccepted : DeliveryState::kSent);
    }
    if (meaning_of(cause) == CauseMeaning::kNotIdentified && asked_need_ == Need::kReplace) {
        record.holds = Holds::kNo;  // nothing to replace: a plain write comes next
        return set(record, DeliveryState::kQueued);
    }
    if (asked_need_ == Need::kWrite) record.holds = Holds::kNo;
    record.hold = hold_after(cause);
    const bool unknown = meaning_of(cause) == CauseMeaning::kPlaceUnknown;
    set(record, unknown ? DeliveryState::kUnknownToPeer : DeliveryState::kRefused, cause);
}

// The asked message is in the peer; one that it could not replace stays beside it.
void Delivery::adopt_write(CellRecord& record, Holds holds) {
    if (asked_need_ == Need::kAdd && record.holds != Holds::kNo && record.written != asked_revision_)
        record.beside = record.written;
    record.written = asked_revision_;
    record.holds = holds;
}

// The write was on its way when we stopped hearing of it.
void Delivery::note_perhaps_written(CellRecord& record) {
    if (record.holds == Holds::kNo || asked_need_ == Need::kAdd) return adopt_write(record, Holds::kMaybe);
    record.holds = Holds::kMaybe;
}

void Delivery::record_kill() {
    const auto failed = failures_of(answer_->failed);
    const auto done = done_of(*answer_);
    each_asked([&](CellRecord& record, const Place* cell) {
        const bool present = record.holds != Holds::kNo && serial_of(record.written) == asked_serial_;
        const bool older = record.beside && serial_of(*record.beside) == asked_serial_;
        if (!present && !older) return;
        const Cause* cause = failed.find(cell);
        if (cause != nullptr && meaning_of(*cause) != CauseMeaning::kNotIdentified)
            return record_kill_of(record, *cause);
        if (cell == nullptr) return record_kill_of(record, std::nullopt);
        const bool named = cause != nullptr || done.find(cell) != nullptr;
        if (!named && answer_->kind == AnswerKind::kFailure) return record_kill_of(record, kCauseNotNamed);
        record_kill_of(record, std::nullopt);
    });
    stop_reported();
    asked_need_ = Need::kNothing;
    timeouts_ = 0;
    effects_.push_back(Persist{});
}

void Delivery::record_kill_of(CellRecord& record, std::optional<Cause> refused) {
    const bool older = record.beside && serial_of(*record.beside) == asked_serial_;
    const bool goes_on = kills_older(record);
    if (!refused) {
        if (older)
            record.beside.reset();
        else
            record.holds = Holds::kNo;
        if (goes_on) return;
        if (need_ignoring_hold(record) == Need::kKill) return set(record, DeliveryState::kStopSent);
        return set(record, wanted_in(record) ? DeliveryState::kQueued : DeliveryState::kStopped);
    }
    record.hold = Hold::kUntilRetry;
    if (goes_on) return;
    set(record, wanted_in(record) ? DeliveryState::kRefused : DeliveryState::kStopFailed, refused);
}

void Delivery::record_status() {
    status_timeouts_ = 0;
    PlaceMatch<std::optional<uint16_t>> counts;
    for (const CellCount& count : answer_->counts) counts.add(count.cell, count.broadcasts);
    const auto failed = failures_of(answer_->failed);
    bool first_heard = false;  // on the air: the twin is to know it
    each_asked([&](CellRecord& record, const Place* cell) {
        if (cell == nullptr || record.holds != Holds::kYes) return;
        if (const Cause* cause = failed.find(cell)) {
            if (meaning_of(*cause) != CauseMeaning::kNotIdentified) return;
            record.holds = Holds::kNo;  // it was accepted and is gone: write it again
            effects_.push_back(Persist{});
            return set(record, wanted_in(record) ? DeliveryState::kQueued : DeliveryState::kStopped);
        }
        const auto* count = counts.find(cell);
        if (count == nullptr || !count->has_value()) return;
        if (record.broadcasts != **count) changed_ = true;
        record.broadcasts = **count;
        if (**count == 0 || !wanted_in(record)) return;
        first_heard = first_heard || record.state != DeliveryState::kBroadcasting;
        set(record, DeliveryState::kBroadcasting);
    });
    if (first_heard) effects_.push_back(Persist{});
}

void Delivery::note_timeout(DeliveryState given_up) {
    const bool writing = given_up == DeliveryState::kNoAnswer;
    const bool enough = ++timeouts_ >= tuning_.attempts;
    each_asked([&](CellRecord& record, const Place*) {
        if (kills_older(record) && !writing) {
            if (enough) record.hold = Hold::kUntilRetry;
            return;
        }
        if (record.state != DeliveryState::kSent && record.state != DeliveryState::kStopSent) return;
        if (writing)
            note_perhaps_written(record);
        else
            record.holds = Holds::kMaybe;
        if (!enough) return;
        record.hold = Hold::kUntilRetry;
        set(record, wanted_in(record) ? DeliveryState::kNoAnswer : DeliveryState::kStopFailed);
    });
    if (enough) timeouts_ = 0;
    asked_need_ = Need::kNothing;
}

// --- what the peer says of itself ---

DeliveryEffects Delivery::link_up(Recovery recovery, Now now) {
    now_ = now;
    each([&](CellRecord& record, const Place*) {
        record.hold = Hold::kNone;
        if (recovery != Recovery::kDataAvailable && record.holds == Holds::kYes) record.holds = Holds::kMaybe;
        show_waiting(record, DeliveryState::kQueued);
    });
    status_timeouts_ = 0;
    probes_ = 0;
    requests_since_settled_ = 0;
    fire(Event::kLinkUp);
    return take();
}

DeliveryEffects Delivery::link_down(Now now) {
    now_ = now;
    fire(Event::kLinkDown);
    return take();
}

DeliveryEffects Delivery::peer_gone(Now now) {
    now_ = now;
    if (fsm_ != delivery_fsm::State::kParked) fire(Event::kLinkDown);
    target_.reset();
    gone_ = true;
    each([&](CellRecord& record, const Place*) {
        if (record.holds != Holds::kNo || record.beside)
            set(record, DeliveryState::kNotConnected, kCauseNoLongerPeer);
        else if (record.state != DeliveryState::kStopped)
            set(record, DeliveryState::kStopped);
    });
    return take();
}

DeliveryEffects Delivery::peer_back(Now now) {
    gone_ = false;
    return changed(now);
}

DeliveryEffects Delivery::wiped(Now now) {
    now_ = now;
    record_.cells.erase_if([](const auto& entry) { return entry.second.reported_only; });
    each([&](CellRecord& record, const Place*) {
        record.holds = Holds::kNo;
        record.beside.reset();
        record.broadcasts.reset();
    });
    effects_.push_back(Persist{});
    return changed(now);
}

void Delivery::assume_held(const Target& target, Now now) {
    record_.plans.try_emplace(target.revision, target.plan);
    const auto assume = [&](CellRecord& record) {
        if (record.holds != Holds::kNo || record.state == DeliveryState::kStopped) return;
        record.holds = Holds::kMaybe;
        record.written = target.revision;
    };
    const auto* chosen = std::get_if<PlaceSet>(&target.area);
    for (const Place& cell : chosen != nullptr ? *chosen : target.known)
        assume(record_.cells.try_emplace(cell, CellRecord{.since = now.civil}).first->second);
    if (chosen != nullptr) return;
    if (!record_.rest) record_.rest = CellRecord{.since = now.civil};
    assume(*record_.rest);
}

DeliveryEffects Delivery::cells_restarted(const std::vector<PlacePattern>& cells, Recovery recovery,
                                          const std::optional<RadioNode>& node, Now now) {
    now_ = now;
    if (recovery != Recovery::kDataAvailable) add_restarted(cells);
    PlaceMatch<Done> match;
    for (const PlacePattern& pattern : cells) match.add(pattern, {});
    each([&](CellRecord& record, const Place* cell) {
        if (match.find(cell) == nullptr) return;
        record.hold = Hold::kNone;
        if (recovery == Recovery::kDataAvailable) {
            // What it held it holds still: taken as broadcasting again, without a write.
            if (record.holds == Holds::kMaybe) record.holds = Holds::kYes;
            const bool shown = record.state == DeliveryState::kBroadcasting;
            if (need_of(record) == Need::kNothing && wanted_in(record) && !shown)
                set(record, DeliveryState::kAccepted);
            return;
        }
        if (record.holds == Holds::kYes) record.holds = Holds::kMaybe;
        record.beside.reset();
        record.broadcasts.reset();
        if (node && cell != nullptr && wanted_in(record)) restarted_.insert_or_assign(*cell, *node);
    });
    return changed(now);
}

// A cell that was broadcasting as one of many is asked for by name now.
void Delivery::add_restarted(const std::vector<PlacePattern>& cells) {
    if (!target_ || !std::holds_alternative<AllCells>(target_->area)) return;
    for (const PlacePattern& pattern : cells) {
        const auto cell = pattern.exact();
        if (!cell) continue;
        const auto [found, added] = record_.cells.try_emplace(*cell, {.since = now_.civil, .wanted = true});
        if (!added && !found->second.reported_only) continue;
        found->second.reported_only = false;
        found->second.holds = Holds::kNo;
    }
}

DeliveryEffects Delivery::cells_failed(const std::vector<CellFailure>& cells, Now now) {
    now_ = now;
    const auto failed = failures_of(cells);
    each([&](CellRecord& record, const Place* cell) {
        const Cause* cause = cell == nullptr ? nullptr : failed.find(cell);
        if (cause == nullptr || !wanted_in(record)) return;
        if (record.holds == Holds::kYes) record.holds = Holds::kMaybe;
        record.hold = Hold::kForGood;  // until its RESTART
        set(record, DeliveryState::kRefused, kCauseReportedDown);
    });
    effects_.push_back(Persist{});
    return take();
}

}  // namespace cbc
