// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a peer's answers, restarts and failures mean for each cell of a Delivery.
#include <algorithm>

#include "cbc/domain/cell_match.h"
#include "cbc/domain/delivery.h"

namespace cbc {
namespace {

Hold hold_after(Cause cause) {
    const bool may_pass = cause == kCauseCapacityExceeded || cause == kCauseCellMemoryExceeded ||
                          cause == kCauseBscMemoryExceeded || cause == kCauseNotOperational ||
                          cause == kCauseUnspecified;
    return may_pass ? Hold::kUntilRetry : Hold::kForGood;
}

CellMatch<Cause> failures_of(const std::vector<CellFailure>& failed) {
    CellMatch<Cause> match;
    for (const CellFailure& failure : failed) match.add(failure.cell, failure.cause);
    return match;
}

struct Done {};
CellMatch<Done> done_of(const PeerAnswer& answer) {
    CellMatch<Done> match;
    for (const CellPattern& pattern : answer.done) match.add(pattern, {});
    for (const CellCount& count : answer.counts) match.add(count.cell, {});
    return match;
}

}  // namespace

template <class Visit>
void Delivery::each_asked(Visit&& visit) {
    const auto* listed = std::get_if<CellSet>(&asked_);
    if (listed == nullptr) return each(visit);
    for (const CellIdentity& cell : *listed) {
        const auto found = record_.cells.find(cell);
        if (found != record_.cells.end()) visit(found->second, &found->first);
    }
}

// "All cells" is answered with names: cells of the peer that our table does not have are kept too.
void Delivery::add_named_cells() {
    if (!std::holds_alternative<AllCells>(asked_)) return;
    const auto add = [&](const CellPattern& pattern) {
        if (const auto cell = pattern.exact())
            record_.cells.try_emplace(*cell, CellRecord{.state = DeliveryState::kSent, .since = now_.civil});
    };
    for (const CellPattern& pattern : answer_->done) add(pattern);
    for (const CellFailure& failure : answer_->failed) add(failure.cell);
}

void Delivery::record_write() {
    add_named_cells();
    const auto failed = failures_of(answer_->failed);
    const auto done = done_of(*answer_);
    each_asked([&](CellRecord& record, const CellIdentity* cell) {
        const bool as_wanted =
            record.state != DeliveryState::kSent && record.state != DeliveryState::kStopSent;
        if (cell ==
            nullptr) {  // whoever was not named: it counts as held, so that the KILL names all cells again
            record.holds = Holds::kYes;
            record.written = asked_revision_;
            return set(record, DeliveryState::kAccepted);
        }
        if (const Cause* cause = failed.find(cell)) return record_write_failure(record, cell, *cause);
        if (done.find(cell) == nullptr) {
            if (as_wanted) return;
            return record_write_failure(record, cell, kCauseNotNamed);
        }
        record.holds = Holds::kYes;
        record.written = asked_revision_;
        record.hold = Hold::kNone;
        record.broadcasts.reset();
        set(record, DeliveryState::kAccepted);
    });
    asked_need_ = Need::kNothing;
    timeouts_ = 0;
    probes_ = 0;
    effects_.push_back(Persist{});
}

void Delivery::record_write_failure(CellRecord& record, const CellIdentity* cell, Cause cause) {
    if (cause == kCauseReferenceAlreadyUsed) {
        // The peer has this very pair. If it is what we wrote and want, fine; if it was written with another
        // schedule, need_of() asks for a KILL next.
        if (record.holds == Holds::kNo) record.written = asked_revision_;
        record.holds = Holds::kYes;
        return set(record,
                   need_of(record, cell) == Need::kNothing ? DeliveryState::kAccepted : DeliveryState::kSent);
    }
    if (cause == kCauseReferenceNotIdentified && asked_need_ == Need::kReplace) {
        record.holds = Holds::kNo;  // nothing to replace: a plain write comes next
        return set(record, DeliveryState::kQueued);
    }
    if (asked_need_ == Need::kWrite) record.holds = Holds::kNo;
    record.hold = hold_after(cause);
    set(record, DeliveryState::kRefused, cause);
}

void Delivery::record_kill() {
    const auto failed = failures_of(answer_->failed);
    const auto done = done_of(*answer_);
    each_asked([&](CellRecord& record, const CellIdentity* cell) {
        if (record.holds == Holds::kNo || serial_of(record) != asked_serial_) return;
        if (cell == nullptr) return record_kill_of(record, cell, std::nullopt);
        const Cause* cause = failed.find(cell);
        if (cause != nullptr && *cause != kCauseReferenceNotIdentified)
            return record_kill_of(record, cell, *cause);
        const bool named = cause != nullptr || done.find(cell) != nullptr;
        if (!named && answer_->kind == AnswerKind::kFailure)
            return record_kill_of(record, cell, kCauseNotNamed);
        record_kill_of(record, cell, std::nullopt);
    });
    asked_need_ = Need::kNothing;
    timeouts_ = 0;
    effects_.push_back(Persist{});
}

void Delivery::record_kill_of(CellRecord& record, const CellIdentity* cell, std::optional<Cause> refused) {
    if (!refused) {
        record.holds = Holds::kNo;
        return set(record, wanted_in(cell) ? DeliveryState::kQueued : DeliveryState::kStopped);
    }
    record.hold = Hold::kUntilRetry;
    set(record, wanted_in(cell) ? DeliveryState::kRefused : DeliveryState::kStopFailed, refused);
}

void Delivery::record_status() {
    status_timeouts_ = 0;
    CellMatch<std::optional<uint16_t>> counts;
    for (const CellCount& count : answer_->counts) counts.add(count.cell, count.broadcasts);
    const auto failed = failures_of(answer_->failed);
    each_asked([&](CellRecord& record, const CellIdentity* cell) {
        if (cell == nullptr || record.holds != Holds::kYes) return;
        if (const Cause* cause = failed.find(cell)) {
            if (*cause != kCauseReferenceNotIdentified) return;
            record.holds = Holds::kNo;  // it was accepted and is gone: write it again
            effects_.push_back(Persist{});
            return set(record, wanted_in(cell) ? DeliveryState::kQueued : DeliveryState::kStopped);
        }
        const auto* count = counts.find(cell);
        if (count == nullptr || !count->has_value()) return;
        if (record.broadcasts != **count) changed_ = true;
        record.broadcasts = **count;
        if (**count > 0 && wanted_in(cell)) set(record, DeliveryState::kBroadcasting);
    });
}

void Delivery::note_timeout(DeliveryState given_up) {
    const bool writing = given_up == DeliveryState::kNoAnswer;
    const bool enough = ++timeouts_ >= tuning_.attempts;
    each_asked([&](CellRecord& record, const CellIdentity* cell) {
        if (record.state != DeliveryState::kSent && record.state != DeliveryState::kStopSent) return;
        if (writing && record.holds == Holds::kNo) record.written = asked_revision_;
        record.holds = Holds::kMaybe;
        if (!enough) return;
        record.hold = Hold::kUntilRetry;
        set(record, wanted_in(cell) ? DeliveryState::kNoAnswer : DeliveryState::kStopFailed);
    });
    if (enough) timeouts_ = 0;
    asked_need_ = Need::kNothing;
}

// --- what the peer says of itself ---

DeliveryEffects Delivery::link_up(Recovery recovery, Now now) {
    now_ = now;
    each([&](CellRecord& record, const CellIdentity* cell) {
        record.hold = Hold::kNone;
        if (recovery != Recovery::kDataAvailable && record.holds == Holds::kYes) record.holds = Holds::kMaybe;
        show_waiting(record, cell, DeliveryState::kQueued);
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

DeliveryEffects Delivery::wiped(Now now) {
    now_ = now;
    each([&](CellRecord& record, const CellIdentity*) {
        record.holds = Holds::kNo;
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
    const auto* chosen = std::get_if<CellSet>(&target.area);
    for (const CellIdentity& cell : chosen != nullptr ? *chosen : target.known)
        assume(record_.cells.try_emplace(cell, CellRecord{.since = now.civil}).first->second);
    if (chosen != nullptr) return;
    if (!record_.rest) record_.rest = CellRecord{.since = now.civil};
    assume(*record_.rest);
}

DeliveryEffects Delivery::cells_restarted(const std::vector<CellPattern>& cells, Recovery recovery, Now now) {
    now_ = now;
    CellMatch<Done> match;
    for (const CellPattern& pattern : cells) match.add(pattern, {});
    each([&](CellRecord& record, const CellIdentity* cell) {
        if (match.find(cell) == nullptr) return;
        record.hold = Hold::kNone;
        if (recovery == Recovery::kDataAvailable) {
            // What it held it holds still: taken as broadcasting again, without a write.
            if (record.holds == Holds::kMaybe) record.holds = Holds::kYes;
            const bool shown = record.state == DeliveryState::kBroadcasting;
            if (need_of(record, cell) == Need::kNothing && wanted_in(cell) && !shown)
                set(record, DeliveryState::kAccepted);
        } else if (record.holds == Holds::kYes) {
            record.holds = Holds::kMaybe;
            record.broadcasts.reset();
        }
    });
    return changed(now);
}

DeliveryEffects Delivery::cells_failed(const std::vector<CellFailure>& cells, Now now) {
    now_ = now;
    const auto failed = failures_of(cells);
    each([&](CellRecord& record, const CellIdentity* cell) {
        const Cause* cause = cell == nullptr ? nullptr : failed.find(cell);
        if (cause == nullptr || !wanted_in(cell)) return;
        if (record.holds == Holds::kYes) record.holds = Holds::kMaybe;
        record.hold = Hold::kForGood;  // until its RESTART
        set(record, DeliveryState::kRefused, kCauseReportedDown);
    });
    effects_.push_back(Persist{});
    return take();
}

}  // namespace cbc
