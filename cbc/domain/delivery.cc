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
    if (held.primary_alone && !wanted.primary_alone) return Difference::kSchedule;
    if (was.repetition_period != is.repetition_period || was.category != is.category ||
        was.number_of_broadcasts != is.number_of_broadcasts)
        return Difference::kSchedule;
    // Without a number of its own a write carries as many broadcasts as fit before its end.
    return !is.number_of_broadcasts && is.end > was.end ? Difference::kSchedule : Difference::kNone;
}

// Lists stay below 16 KiB. A cell and its tracking area take 16 octets where MMEs and AMFs are asked.
size_t request_limit(const DeliveryTuning& tuning, const PeerTraits& traits) {
    constexpr size_t kWithTrackingAreas = 1000;
    return traits.reports ? std::min(tuning.cells_per_request, kWithTrackingAreas) : tuning.cells_per_request;
}

}  // namespace

Delivery::Delivery(MessageIdentifier identifier, const DeliveryTuning& tuning, PeerTraits traits,
                   DeliveryRecord record)
    : identifier_(identifier), tuning_(tuning), traits_(traits), record_(std::move(record)) {}

// --- what is wanted ---

DeliveryEffects Delivery::retarget(std::optional<Target> target, Now now) {
    now_ = now;
    if (gone_ && !target) return {};
    gone_ = false;
    target_ = std::move(target);
    if (target_) {
        record_.plans.insert_or_assign(target_->revision, target_->plan);
        add_wanted_cells();
        // Every cell of the peer has been named in its answers; without one the KILL must name "all cells".
        if (!wants_everything() && record_.rest && record_.rest->holds != Holds::kMaybe) record_.rest.reset();
    }
    return changed(now);
}

// Every place of the target has a record from now on, and no other is wanted.
void Delivery::add_wanted_cells() {
    const bool everything = wants_everything();
    each([&](CellRecord& record, const Place*) { record.wanted = everything; });
    for (const Place& cell : everything ? target_->known : std::get<PlaceSet>(target_->area))
        record_.cells.try_emplace(cell, CellRecord{.since = now_.civil}).first->second.wanted = true;
    if (everything && !record_.rest) record_.rest = CellRecord{.since = now_.civil, .wanted = true};
}

// One that somebody has named; a record that is there stays as it is.
CellRecord& Delivery::add_cell(const Place& cell, DeliveryState state) {
    return record_.cells
        .try_emplace(cell, {.state = state, .since = now_.civil, .wanted = wants_everything()})
        .first->second;
}

DeliveryEffects Delivery::changed(Now now) {
    now_ = now;
    each([&](CellRecord& record, const Place*) {
        record.hold = Hold::kNone;
        if (fsm_ == FsmState::kWriting || fsm_ == FsmState::kKilling) return;  // decided after the answer
        show_waiting(record, DeliveryState::kQueued);
    });
    fire(Event::kChanged);
    return take();
}

// The state of a record that waits for something; one that is as it should be keeps its state.
void Delivery::show_waiting(CellRecord& record, DeliveryState wanted_state) {
    const Need need = need_of(record);
    if (wanted_in(record)) {
        if (need != Need::kNothing && !kills_older(record)) set(record, wanted_state);
        return;
    }
    if (record.hold != Hold::kNone) return;
    const bool off = need == Need::kNothing && !record.reported_only;
    if (record.state != DeliveryState::kStopped)
        set(record, off ? DeliveryState::kStopped : DeliveryState::kStopSent);
}

SerialNumber Delivery::serial_of(Revision written) const {
    const auto plan = record_.plans.find(written);
    return plan == record_.plans.end() ? SerialNumber{} : plan->second.serial;
}

Delivery::Need Delivery::need_ignoring_hold(const CellRecord& record) const {
    if (record.reported_only) return Need::kNothing;
    if (!wanted_in(record))
        return record.holds == Holds::kNo && !record.beside ? Need::kNothing : Need::kKill;
    if (record.holds == Holds::kNo) return Need::kWrite;
    const auto plan = record_.plans.find(record.written);
    if (plan == record_.plans.end()) return Need::kWrite;
    const Difference differs = difference(plan->second, target_->plan);
    const bool kills_first = traits_.kills_emergency_first && cbs::is_etws(identifier_);
    if (record.holds == Holds::kMaybe)
        return differs == Difference::kNone && !kills_first ? Need::kWrite : Need::kKill;
    switch (differs) {
        case Difference::kNone:
            return record.beside ? Need::kKill : Need::kNothing;
        case Difference::kSchedule:
            return Need::kKill;  // the same serial number can't be written twice
        case Difference::kSerial:
            if (traits_.replaces) return Need::kReplace;
            return record.beside ? Need::kKill : Need::kAdd;
    }
    return Need::kNothing;
}

// Whether the KILL that it needs is that of the older message alone: the present one stays.
bool Delivery::kills_older(const CellRecord& record) const {
    if (!record.beside || record.holds != Holds::kYes || !wanted_in(record)) return false;
    const auto plan = record_.plans.find(record.written);
    return plan != record_.plans.end() && difference(plan->second, target_->plan) != Difference::kSchedule;
}

SerialNumber Delivery::serial_for(Need need, const CellRecord& record) const {
    if (need == Need::kWrite || need == Need::kAdd) return target_->plan.serial;
    const bool older = record.beside && (record.holds == Holds::kNo || kills_older(record));
    return serial_of(need == Need::kKill && older ? *record.beside : record.written);
}

Delivery::Need Delivery::need_of(const CellRecord& record) const {
    return record.hold == Hold::kNone ? need_ignoring_hold(record) : Need::kNothing;
}

Delivery::OnAir Delivery::on_air() const {
    // A write that is out may be there before its answer is here.
    OnAir most = fsm_ == FsmState::kWriting ? OnAir::kPerhaps : OnAir::kNowhere;
    if (gone_) return most;
    const auto look = [&](const CellRecord& record) {
        if (record.reported_only) return;
        if (record.holds == Holds::kYes || record.beside) most = OnAir::kSomewhere;
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

Delivery::Needs Delivery::needs() const {
    Needs all;
    const auto add = [&](const CellRecord& record) {
        const Need need = need_ignoring_hold(record);
        if (need == Need::kNothing || record.hold == Hold::kForGood) return;
        if (record.hold == Hold::kUntilRetry) {
            all.later = true;
            return;
        }
        all.kill |= need == Need::kKill;
        all.replace |= need == Need::kReplace;
        all.add |= need == Need::kAdd;
        all.write |= need == Need::kWrite;
    };
    for (const auto& [cell, record] : record_.cells) add(record);
    if (record_.rest) add(*record_.rest);
    return all;
}

Delivery::Event Delivery::next_event() {
    // A peer that says "not there" to KILL and "there already" to WRITE would keep us busy for ever.
    const size_t enough = 12 + 4 * (record_.cells.size() / request_limit(tuning_, traits_));
    if (requests_since_settled_ >= enough) hold_back_everything();
    const Needs all = needs();
    if (all.kill) return Event::kNeedKill;
    if (all.replace || all.add || all.write) return Event::kNeedWrite;
    return all.later ? Event::kNeedPause : Event::kNeedNothing;
}

void Delivery::hold_back_everything() {
    each([&](CellRecord& record, const Place*) {
        if (need_of(record) == Need::kNothing) return;
        record.hold = Hold::kUntilRetry;
        if (kills_older(record)) return;
        set(record, wanted_in(record) ? DeliveryState::kRefused : DeliveryState::kStopFailed,
            kCauseContradiction);
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

std::optional<RadioNode> Delivery::node_of(const Place* cell) const {
    const auto restarted = cell != nullptr ? restarted_.find(*cell) : restarted_.end();
    return restarted == restarted_.end() ? std::nullopt : std::optional{restarted->second};
}

// Chooses the places that need this, as many as fit one request: of one kind, with one serial number to go,
// and for one restarted node, if any.
void Delivery::ask(Need need) {
    const bool everywhere = record_.rest && need_of(*record_.rest) == need;
    std::optional<SerialNumber> serial;
    if (everywhere) serial = serial_for(need, *record_.rest);
    PlaceSet chosen;
    const auto alike = [&](const Place& cell) {
        return chosen.empty() ||
               (cell.technology == chosen.front().technology && cell.kind == chosen.front().kind &&
                node_of(&cell) == node_of(&chosen.front()));
    };
    const auto note_sent = [&](CellRecord& record, const Place*) {
        if (need == Need::kKill && kills_older(record)) return;
        set(record, wanted_in(record) ? DeliveryState::kSent : DeliveryState::kStopSent);
    };
    each([&](CellRecord& record, const Place* cell) {
        if (need_of(record) != need) return;
        const SerialNumber its = serial_for(need, record);
        if (serial.value_or(its) != its) return;
        if (everywhere) return note_sent(record, cell);
        if (chosen.size() >= request_limit(tuning_, traits_) || !alike(*cell)) return;
        serial = its;
        chosen.push_back(*cell);
        note_sent(record, cell);
    });
    asked_ = everywhere ? PeerArea{AllCells{}} : PeerArea{std::move(chosen)};
    asked_need_ = need;
    asked_serial_ = serial.value_or(SerialNumber{});
    if (target_) asked_revision_ = target_->revision;
    ++requests_since_settled_;
}

void Delivery::send_kill() {
    ask(Need::kKill);
    effects_.push_back(Send{KillRequest{identifier_, asked_serial_, asked_}});
}

void Delivery::send_write() {
    const Needs all = needs();
    const bool replaces = all.replace;
    ask(replaces ? Need::kReplace : all.add ? Need::kAdd : Need::kWrite);
    WriteRequest request{.message = target_->message,
                         .serial = target_->plan.serial,
                         .replaces = std::nullopt,
                         .area = asked_,
                         .schedule = target_->plan.schedule,
                         .at = now_.civil};
    if (replaces) request.replaces = asked_serial_;
    const auto* chosen = std::get_if<PlaceSet>(&asked_);
    if (chosen != nullptr && !chosen->empty()) request.restarted = node_of(&chosen->front());
    effects_.push_back(Send{std::move(request)});
}

// By name, never "all cells": osmo-bsc 1.9 answers that with an empty list.
void Delivery::send_status() {
    asked_need_ = Need::kNothing;
    PlaceSet chosen;
    std::optional<SerialNumber> serial;
    each([&](CellRecord& record, const Place* cell) {
        if (cell == nullptr || record.holds != Holds::kYes || !wanted_in(record)) return;
        if (!serial) serial = serial_of(record.written);
        const bool alike = chosen.empty() || cell->kind == chosen.front().kind;
        if (alike && serial_of(record.written) == *serial && chosen.size() < request_limit(tuning_, traits_))
            chosen.push_back(*cell);
    });
    asked_ = std::move(chosen);
    effects_.push_back(Send{StatusRequest{identifier_, serial.value_or(SerialNumber{}), asked_}});
}

// --- waiting ---

void Delivery::park() {
    const bool write_was_out = asked_need_ != Need::kNothing && asked_need_ != Need::kKill;
    each([&](CellRecord& record, const Place*) {
        if (write_was_out && record.state == DeliveryState::kSent) note_perhaps_written(record);
        show_waiting(record, left_to_twin_ ? DeliveryState::kQueued : DeliveryState::kNotConnected);
    });
    asked_need_ = Need::kNothing;
    timeouts_ = 0;
}

void Delivery::release() {
    each([&](CellRecord& record, const Place*) {
        if (record.hold != Hold::kUntilRetry) return;
        record.hold = Hold::kNone;
        show_waiting(record, DeliveryState::kQueued);
    });
    requests_since_settled_ = 0;
}

void Delivery::arm_probe() {
    requests_since_settled_ = 0;
    forget_plans();
    if (traits_.reports) return await_reports();
    if (cbs::is_etws(identifier_) && traits_.emergency_most) return await_emergency_end();
    constexpr uint32_t kStatusTimeoutsMax = 2;  // a peer that does not know the query is left alone
    const bool any_named = std::any_of(record_.cells.begin(), record_.cells.end(), [&](const auto& entry) {
        return entry.second.holds == Holds::kYes && wanted_in(entry.second);
    });
    // MESSAGE STATUS QUERY is for broadcast messages only.
    if (!traits_.answers_status || !any_named || cbs::is_etws(identifier_) ||
        status_timeouts_ >= kStatusTimeoutsMax)
        return;
    // Soon at first, then twice as long each time, so that many alerts do not fill the links with questions.
    constexpr uint32_t kDoublingsMax = 10;
    deadline_ =
        now_.ticks + std::min<std::chrono::seconds>(tuning_.probe_first * (1 << probes_),
                                                    std::max(tuning_.probe_first, tuning_.probe_again));
    probes_ = std::min(probes_ + 1, kDoublingsMax);
}

void Delivery::forget_plans() {
    std::set<Revision> used;
    each([&](const CellRecord& record, const Place*) {
        if (record.holds != Holds::kNo) used.insert(record.written);
        if (record.beside) used.insert(*record.beside);
    });
    if (target_) used.insert(target_->revision);
    std::erase_if(record_.plans, [&](const auto& entry) { return !used.contains(entry.first); });
}

DeliveryEffects Delivery::tick(Now now) {
    now_ = now;
    if (deadline_ && now.ticks >= *deadline_) {
        deadline_.reset();
        if (fsm_ == FsmState::kSettled && traits_.reports)
            note_unreported();
        else if (fsm_ == FsmState::kSettled && cbs::is_etws(identifier_) && traits_.emergency_most)
            renew_emergency();
        else
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
