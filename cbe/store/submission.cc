// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/submission.h"

#include "cbe/store/chain.h"
#include "cbe/store/content_json.h"
#include "cbe/store/serial_codes.h"
#include "cbe/store/tables.h"
#include "cbe/store/telling.h"
#include "common/store/key.h"

namespace cbe {
namespace {

Refusal codes_exhausted() {
    return {RefusalCode::kCodesExhausted,
            "Nothing was submitted: every message code of this entity is held by an alert that is live or "
            "ended less than 24 hours ago. Call the operator to be given a larger range.",
            {}};
}

Refusal invalid(std::string field, const std::string& why) {
    return {RefusalCode::kInvalid, "Nothing was submitted: " + why, {{std::move(field), why}}};
}

// What an update may be: something changes, the channel stays, and there is time left.
Verdict update_makes_sense(const Turn& turn, const Alert& alert, const Alert& base) {
    if (!keeps_channel(base.draft, alert.draft))
        return invalid("channel",
                       "an update keeps the channel of the alert. Write a new alert, and stop this one.");
    if (changes_between(base.draft, alert.draft).empty())
        return invalid("messages",
                       "nothing differs from what is on the air. Change the text, the area or the times.");
    if (base.frozen->start + alert.draft.duration <= turn.now() + kLeastTimeOnAir)
        return invalid(
            "duration_s",
            "the new end would be past or less than a minute away. The duration counts from the first "
            "start. To end it now, stop it.");
    return {};
}

base::Result<Ready, Refusal> frozen_with(const Turn& turn, const Alert& alert, cbs::SerialNumber serial,
                                         base::Instant start) {
    const Draft& draft = alert.draft;
    auto frozen =
        freeze(Content{turn.terms().mode, serial, identifiers_for(draft.identifier, draft.messages.size()),
                       draft.messages, draft.area, start, start + draft.duration, draft.repetition_period,
                       draft.broadcasts, draft.category});
    if (!frozen) return Refusal{RefusalCode::kInvalid, "Nothing was submitted: " + frozen.error().text, {}};
    return Ready{*std::move(frozen)};
}

base::Result<Ready, Refusal> with_new_code(const Turn& turn, const Alert& alert, base::Instant start) {
    const auto code = next_code(turn.txn(), turn.terms().codes, turn.now());
    if (!code) return codes_exhausted();
    return frozen_with(turn, alert, first_serial(*code), start);
}

// An update keeps the start. Other words take the next update number, and a new code after the last.
base::Result<Ready, Refusal> ready_update(const Turn& turn, const Alert& alert, const Alert& base) {
    const auto changes = changes_between(base.draft, alert.draft);
    const bool new_words = alerts_again(changes) == AlertsAgain::kEverybody;
    const auto serial =
        new_words ? cbs::next_update(base.frozen->serial) : std::optional(base.frozen->serial);
    auto ready = serial ? frozen_with(turn, alert, *serial, base.frozen->start)
                        : with_new_code(turn, alert, base.frozen->start);
    if (ready && serial) ready->code = Ready::Code::kOfTheChain;
    return ready;
}

// Moves the alert that this one takes the place of, at once: in training nothing will ever confirm it.
void supersede_now(Turn& turn, const Alert& alert) {
    for (const Alert& before : chain_of(turn.txn(), alert.chain)) {
        Alert after = before;
        if (before.id == alert.id || !move(after, AlertEvent::kSupersede, turn.now())) continue;
        after.superseded_by = alert.id;
        after.ended_at = turn.now();
        note(after, HistoryAction::kSuperseded, turn.user(), turn.now());
        turn.also_written(before, after);
    }
}

void end_the_other_now(Turn& turn, const Alert& alert) {
    const auto other = find_alert(turn.txn(), alert.relation->to);
    if (!other) return;
    const Stopping stopping{turn.decision(DecisionKind::kStop), turn.user(),
                            std::string(to_string(alert.relation->kind))};
    for (const Stopped& one : stop_chain(turn.txn(), {}, other->chain, stopping))
        turn.also_written(one.before, one.after);
}

}  // namespace

std::optional<std::vector<Change>> changes_of(const store::Reader& reader, const Alert& update) {
    if (!update.is_update()) return {};
    const auto base = find_alert(reader, update.relation->to);
    if (!base) return {};
    return changes_between(base->draft, update.draft);
}

PeopleNeeded people_needed(const store::Reader& reader, const Alert& alert, const Person& who) {
    const auto changes = changes_of(reader, alert);
    if (!changes || changes->empty() || !who.permissions.has(Permission::kStop)) return PeopleNeeded::kTwo;
    const auto base = find_alert(reader, alert.relation->to);
    if (!base || !taken_everywhere(reader, *base)) return PeopleNeeded::kTwo;
    return people_needed(*changes);
}

Verdict may_take_over(const Turn& turn, const Alert& alert) {
    if (!alert.is_update()) return {};
    const auto head = head_of(turn.txn(), alert.chain, turn.now());
    if (!head || !head->frozen)
        return Refusal{
            RefusalCode::kStatus,
            "Nothing was changed: the alert that this updates is no longer live. Write a new alert; "
            "\"copy as new\" takes over these words.",
            {}};
    if (head->id != alert.relation->to)
        return Refusal{
            RefusalCode::kUpdateOutdated,
            "Nothing was changed: another update of this alert was approved meanwhile. Open it, and "
            "update that one instead.",
            {}};
    return {};
}

base::Result<Ready, Refusal> ready_to_submit(Turn& turn, const Alert& alert) {
    if (auto no = may_submit(alert, turn.situation())) return *no;
    if (auto no = may_take_over(turn, alert)) return *no;
    const PeopleNeeded needed = people_needed(turn.txn(), alert, turn.situation().who);
    Alert with_submitter = alert;
    turn.take_part(with_submitter);
    const size_t approvers = needed == PeopleNeeded::kOne ? 1 : turn.approvers_of(with_submitter).size();
    const CbcReach reach = turn.terms().mode == Mode::kTraining ? CbcReach::kNotUsed : CbcReach::kAnswers;
    if (auto no = refusal_for(check(alert.draft, *turn.terms().reference, approvers, reach))) return *no;
    if (!alert.is_update())
        return with_new_code(turn, alert, std::chrono::floor<std::chrono::seconds>(turn.now()));
    const auto base = find_alert(turn.txn(), alert.relation->to);
    if (!base || !base->frozen) return Turn::not_found();
    if (auto no = update_makes_sense(turn, alert, *base)) return *no;
    auto ready = ready_update(turn, alert, *base);
    if (ready) ready->needed = needed;
    return ready;
}

Answer finish_submit(Turn& turn, Alert alert, Ready ready) {
    const bool alone = ready.needed == PeopleNeeded::kOne;
    if (ready.code == Ready::Code::kNew)
        take_code(turn.txn(), ready.frozen.serial, alert.id, ready.frozen.end);
    alert.frozen = std::move(ready.frozen);
    if (!move(alert, alone ? AlertEvent::kShrink : AlertEvent::kSubmit, turn.now())) return Turn::not_found();
    alert.returned_by.reset();
    alert.submitted_by = turn.user();
    alert.submitted_at = turn.now();
    turn.take_part(alert);
    alert.decisions = {turn.decision(alone ? DecisionKind::kShrink : DecisionKind::kSubmit)};
    note(alert, alone ? HistoryAction::kShrunk : HistoryAction::kSubmitted, turn.user(), turn.now());
    if (alone) {
        alert.approved_by = turn.user();
        alert.approved_at = turn.now();
        put_on_its_way(turn, alert);
    }
    return turn.written(alert);
}

Answer submit(Turn& turn, const Alert& alert) {
    auto ready = ready_to_submit(turn, alert);
    if (!ready) return ready.error();
    if (auto no = turn.use_own_code(alert.id)) return *no;
    return finish_submit(turn, alert, *std::move(ready));
}

void thaw(store::Transaction& txn, Alert& alert) {
    if (alert.frozen) give_back_code(txn, alert.frozen->serial, alert.id);
    alert.frozen.reset();
    alert.decisions.clear();
}

void put_on_its_way(Turn& turn, Alert& alert) {
    store::Transaction& txn = turn.txn();
    if (alert.is_update())
        alert.revision = static_cast<uint16_t>(chain_of(txn, alert.chain).back().revision + 1);
    txn.put(tables::kLive, store::Key().uuid(alert.id), "");
    put_in_chain(txn, alert);
    hold_code(txn, alert.frozen->serial, alert.frozen->end);
    if (alert.is_update())
        if (const auto base = find_alert(txn, alert.relation->to)) give_up_sends(txn, *base);
    send_to(txn, turn.terms().cbcs, alert);
    if (turn.terms().mode != Mode::kTraining) return;
    if (alert.is_update()) supersede_now(turn, alert);
    if (alert.ends_another()) end_the_other_now(turn, alert);
}

}  // namespace cbe
