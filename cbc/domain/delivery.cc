// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The machine's driver and the choice of the next step. What answers mean is in delivery_answers.cc.
#include "cbc/domain/delivery.h"

#include <algorithm>
#include <set>

namespace cbc {
namespace {

using delivery_fsm::Action;
using FsmState = delivery_fsm::State;

enum class Difference { kNone, kSchedule, kSerial };

// Whether what the peer holds is still what we want. An earlier end needs nothing: the KILL just comes
// earlier.
Difference difference(const Plan& held, const Plan& wanted) {
    const Schedule& was = held.schedule;
    const Schedule& is = wanted.schedule;
    if (held.serial != wanted.serial) return Difference::kSerial;
    if (was.repetition_period != is.repetition_period || was.category != is.category ||
        was.number_of_broadcasts != is.number_of_broadcasts)
        return Difference::kSchedule;
    // Without a number of its own a write carries as many broadcasts as fit before its end.
    return !is.number_of_broadcasts && is.end > was.end ? Difference::kSchedule : Difference::kNone;
}

}  // namespace

Delivery::Delivery(MessageIdentifier identifier, const DeliveryTuning& tuning, DeliveryRecord record)
    : identifier_(identifier), tuning_(tuning), record_(std::move(record)) {}

// --- what is wanted ---

DeliveryEffects Delivery::retarget(std::optional<Target> target, Now now) {
    now_ = now;
    target_ = std::move(target);
    if (target_) {
        record_.plans.insert_or_assign(target_->revision, target_->plan);
        const auto* chosen = std::get_if<CellSet>(&target_->area);
        for (const CellIdentity& cell : chosen != nullptr ? *chosen : target_->known)
            record_.cells.try_emplace(cell, CellRecord{.since = now.civil});
        if (chosen == nullptr && !record_.rest) record_.rest = CellRecord{.since = now.civil};
        // Every cell of the peer has been named in its answers; without one the KILL must name "all cells".
        if (chosen != nullptr && record_.rest && record_.rest->holds != Holds::kMaybe) record_.rest.reset();
    }
    return changed(now);
}

DeliveryEffects Delivery::changed(Now now) {
    now_ = now;
    each([&](CellRecord& record, const CellIdentity* cell) {
        record.hold = Hold::kNone;
        if (fsm_ == FsmState::kWriting || fsm_ == FsmState::kKilling) return;  // decided after the answer
        show_waiting(record, cell, DeliveryState::kQueued);
    });
    fire(Event::kChanged);
    return take();
}

// The state of a record that waits for something; one that is as it should be keeps its state.
void Delivery::show_waiting(CellRecord& record, const CellIdentity* cell, DeliveryState wanted_state) {
    const Need need = need_of(record, cell);
    if (wanted_in(cell)) {
        if (need != Need::kNothing) set(record, wanted_state);
        return;
    }
    if (record.hold != Hold::kNone) return;
    set(record, need == Need::kNothing ? DeliveryState::kStopped : DeliveryState::kStopSent);
}

bool Delivery::wanted_in(const CellIdentity* cell) const {
    if (!target_) return false;
    const auto* chosen = std::get_if<CellSet>(&target_->area);
    if (chosen == nullptr) return true;
    return cell != nullptr && std::binary_search(chosen->begin(), chosen->end(), *cell);
}

SerialNumber Delivery::serial_of(const CellRecord& record) const {
    const auto plan = record_.plans.find(record.written);
    return plan == record_.plans.end() ? SerialNumber{} : plan->second.serial;
}

Delivery::Need Delivery::need_ignoring_hold(const CellRecord& record, const CellIdentity* cell) const {
    if (!wanted_in(cell)) return record.holds == Holds::kNo ? Need::kNothing : Need::kKill;
    const auto plan = record_.plans.find(record.written);
    if (record.holds == Holds::kNo || plan == record_.plans.end()) return Need::kWrite;
    const Difference differs = difference(plan->second, target_->plan);
    if (record.holds == Holds::kMaybe) return differs == Difference::kNone ? Need::kWrite : Need::kKill;
    switch (differs) {
        case Difference::kNone:
            return Need::kNothing;
        case Difference::kSchedule:
            return Need::kKill;  // the same serial number can't be written twice
        case Difference::kSerial:
            return Need::kReplace;
    }
    return Need::kNothing;
}

Delivery::Need Delivery::need_of(const CellRecord& record, const CellIdentity* cell) const {
    return record.hold == Hold::kNone ? need_ignoring_hold(record, cell) : Need::kNothing;
}

Delivery::OnAir Delivery::on_air() const {
    OnAir most = OnAir::kNowhere;
    const auto look = [&](const CellRecord& record) {
        if (record.holds == Holds::kYes) most = OnAir::kSomewhere;
        if (record.holds == Holds::kMaybe && most == OnAir::kNowhere) most = OnAir::kPerhaps;
    };
    for (const auto& [cell, record] : record_.cells) look(record);
    if (record_.rest) look(*record_.rest);
    return most;
}

// --- the machine ---

void Delivery::fire(Event event) {
    const auto* row = find_row(delivery_fsm::kRows, fsm_, event);
    if (row == nullptr) {
        effects_.push_back(Unexpected{"delivery", to_string(fsm_), to_string(event)});
        return;
    }
    fsm_ = row->to;
    deadline_.reset();
    perform(row->action);
    decide();
}

void Delivery::decide() {
    while (fsm_ == FsmState::kDeciding) fire(next_event());
}

bool Delivery::any_need(Need need) const {
    for (const auto& [cell, record] : record_.cells)
        if (need_of(record, &cell) == need) return true;
    return record_.rest && need_of(*record_.rest, nullptr) == need;
}

Delivery::Event Delivery::next_event() {
    // A peer that says "not there" to KILL and "there already" to WRITE would keep us busy for ever.
    const size_t enough = 12 + 4 * (record_.cells.size() / tuning_.cells_per_request);
    if (requests_since_settled_ >= enough) hold_back_everything();
    if (any_need(Need::kKill)) return Event::kNeedKill;
    if (any_need(Need::kReplace) || any_need(Need::kWrite)) return Event::kNeedWrite;
    bool again = false;
    each([&](const CellRecord& record, const CellIdentity* cell) {
        again =
            again || (record.hold == Hold::kUntilRetry && need_ignoring_hold(record, cell) != Need::kNothing);
    });
    return again ? Event::kNeedPause : Event::kNeedNothing;
}

void Delivery::hold_back_everything() {
    each([&](CellRecord& record, const CellIdentity* cell) {
        if (need_of(record, cell) == Need::kNothing) return;
        record.hold = Hold::kUntilRetry;
        set(record, wanted_in(cell) ? DeliveryState::kRefused : DeliveryState::kStopFailed,
            kCauseUnspecified);
    });
}

void Delivery::perform(Action action) {
    switch (action) {
        case Action::kNone:
            return;
        case Action::kPark:
            return park();
        case Action::kSendWrite:
            return send_write();
        case Action::kSendKill:
            return send_kill();
        case Action::kSendStatus:
            return send_status();
        case Action::kRecordWrite:
            return record_write();
        case Action::kRecordKill:
            return record_kill();
        case Action::kRecordStatus:
            return record_status();
        case Action::kNoteWriteTimeout:
            return note_timeout(DeliveryState::kNoAnswer);
        case Action::kNoteKillTimeout:
            return note_timeout(DeliveryState::kStopFailed);
        case Action::kNoteStatusTimeout:
            ++status_timeouts_;
            return;
        case Action::kArmRetry:
            deadline_ = now_.ticks + tuning_.retry_pause;
            return;
        case Action::kRelease:
            return release();
        case Action::kArmProbe:
            return arm_probe();
    }
}

DeliveryEffects Delivery::take() {
    if (changed_) effects_.push_back(Noticed{});
    changed_ = false;
    return std::exchange(effects_, {});
}

void Delivery::set(CellRecord& record, DeliveryState state, std::optional<Cause> cause) {
    if (record.state == state && record.cause == cause) return;
    record.state = state;
    record.cause = cause;
    record.since = now_.civil;
    changed_ = true;
}

// --- asking ---

std::optional<SerialNumber> Delivery::first_serial(Need need) const {
    if (record_.rest && need_of(*record_.rest, nullptr) == need) return serial_of(*record_.rest);
    for (const auto& [cell, record] : record_.cells)
        if (need_of(record, &cell) == need) return serial_of(record);
    return std::nullopt;
}

// Chooses the cells that need this (for KILL and replace: that hold this serial number), as many as fit one
// request.
void Delivery::ask(Need need, SerialNumber serial) {
    const bool by_serial = need != Need::kWrite;
    CellSet chosen;
    bool everywhere = false;
    each([&](CellRecord& record, const CellIdentity* cell) {
        if (need_of(record, cell) != need || (by_serial && serial_of(record) != serial)) return;
        if (cell == nullptr)
            everywhere = true;
        else if (chosen.size() < tuning_.cells_per_request)
            chosen.push_back(*cell);
    });
    asked_ = everywhere ? Area{AllCells{}} : Area{std::move(chosen)};
    asked_need_ = need;
    asked_serial_ = serial;
    if (target_) asked_revision_ = target_->revision;
    ++requests_since_settled_;
    each([&](CellRecord& record, const CellIdentity* cell) {
        if (need_of(record, cell) != need || (by_serial && serial_of(record) != serial)) return;
        const auto* listed = std::get_if<CellSet>(&asked_);
        if (listed != nullptr && !std::binary_search(listed->begin(), listed->end(), *cell)) return;
        set(record, wanted_in(cell) ? DeliveryState::kSent : DeliveryState::kStopSent);
    });
}

void Delivery::send_kill() {
    const SerialNumber serial = first_serial(Need::kKill).value_or(SerialNumber{});
    ask(Need::kKill, serial);
    effects_.push_back(Send{KillRequest{identifier_, serial, asked_}});
}

void Delivery::send_write() {
    const auto replaced = first_serial(Need::kReplace);
    ask(replaced ? Need::kReplace : Need::kWrite, replaced.value_or(target_->plan.serial));
    effects_.push_back(Send{WriteRequest{target_->message, target_->plan.serial, replaced, asked_,
                                         target_->plan.schedule, now_.civil}});
}

// By name, never "all cells": osmo-bsc 1.9 answers that with an empty list.
void Delivery::send_status() {
    asked_need_ = Need::kNothing;
    CellSet chosen;
    std::optional<SerialNumber> serial;
    each([&](CellRecord& record, const CellIdentity* cell) {
        if (cell == nullptr || record.holds != Holds::kYes || !wanted_in(cell)) return;
        if (!serial) serial = serial_of(record);
        if (serial_of(record) == *serial && chosen.size() < tuning_.cells_per_request)
            chosen.push_back(*cell);
    });
    asked_ = std::move(chosen);
    effects_.push_back(Send{StatusRequest{identifier_, serial.value_or(SerialNumber{}), asked_}});
}

// --- waiting ---

void Delivery::park() {
    const bool write_was_out = asked_need_ == Need::kWrite || asked_need_ == Need::kReplace;
    each([&](CellRecord& record, const CellIdentity* cell) {
        if (write_was_out && record.state == DeliveryState::kSent && record.holds == Holds::kNo) {
            record.holds = Holds::kMaybe;
            record.written = asked_revision_;
        }
        if (write_was_out && record.state == DeliveryState::kSent && record.holds == Holds::kYes)
            record.holds = Holds::kMaybe;
        show_waiting(record, cell, DeliveryState::kNotConnected);
    });
    asked_need_ = Need::kNothing;
    timeouts_ = 0;
}

void Delivery::release() {
    each([&](CellRecord& record, const CellIdentity* cell) {
        if (record.hold != Hold::kUntilRetry) return;
        record.hold = Hold::kNone;
        show_waiting(record, cell, DeliveryState::kQueued);
    });
    requests_since_settled_ = 0;
}

void Delivery::arm_probe() {
    requests_since_settled_ = 0;
    forget_plans();
    constexpr uint32_t kStatusTimeoutsMax = 2;  // a peer that does not know the query is left alone
    const bool any_named = std::any_of(record_.cells.begin(), record_.cells.end(), [&](const auto& entry) {
        return entry.second.holds == Holds::kYes && wanted_in(&entry.first);
    });
    // MESSAGE STATUS QUERY is for broadcast messages only.
    if (!any_named || cbs::is_etws(identifier_) || status_timeouts_ >= kStatusTimeoutsMax) return;
    // Soon at first, then twice as long each time, so that many alerts do not fill the links with questions.
    constexpr uint32_t kDoublingsMax = 10;
    deadline_ =
        now_.ticks + std::min<std::chrono::seconds>(tuning_.probe_first * (1 << probes_),
                                                    std::max(tuning_.probe_first, tuning_.probe_again));
    probes_ = std::min(probes_ + 1, kDoublingsMax);
}

void Delivery::forget_plans() {
    std::set<Revision> used;
    each([&](const CellRecord& record, const CellIdentity*) {
        if (record.holds != Holds::kNo) used.insert(record.written);
    });
    if (target_) used.insert(target_->revision);
    std::erase_if(record_.plans, [&](const auto& entry) { return !used.contains(entry.first); });
}

DeliveryEffects Delivery::tick(Now now) {
    now_ = now;
    if (deadline_ && now.ticks >= *deadline_) {
        deadline_.reset();
        fire(fsm_ == FsmState::kSettled ? Event::kProbe : Event::kTimeout);
    }
    return take();
}

DeliveryEffects Delivery::timed_out(Now now) {
    now_ = now;
    fire(Event::kTimeout);
    return take();
}

DeliveryEffects Delivery::answered(const PeerAnswer& answer, Now now) {
    now_ = now;
    answer_ = &answer;
    switch (fsm_) {
        case FsmState::kKilling:
            fire(Event::kKillAnswered);
            break;
        case FsmState::kAsking:
            fire(Event::kStatusAnswered);
            break;
        case FsmState::kWriting:
        case FsmState::kParked:
        case FsmState::kDeciding:
        case FsmState::kPausing:
        case FsmState::kSettled:
            fire(Event::kWriteAnswered);
            break;
    }
    answer_ = nullptr;
    return take();
}

}  // namespace cbc
