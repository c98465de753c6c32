// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/turn.h"

#include "cbe/store/idempotency.h"
#include "cbe/store/people.h"
#include "cbe/store/tables.h"
#include "common/auth/second_factor.h"
#include "common/store/key.h"

namespace cbe {

Decision Turn::decision(DecisionKind kind) const {
    return {kind, person_.id, asking_.now, asking_.step.value_or(0)};
}

std::optional<Answer> Turn::repeated() {
    if (asking_.idempotency_key.empty()) return {};
    const auto done = find_done(txn_, asking_.person.id, asking_.idempotency_key);
    if (!done) return {};
    if (done->request_hash != asking_.request_hash)
        return Answer{Refusal{RefusalCode::kIdempotencyKeyReused,
                              "Nothing was changed: this Idempotency-Key was used for another request. Use a "
                              "new key for each action.",
                              {}}};
    const auto alert = find_alert(txn_, done->alert);
    return alert ? Answer{*alert} : Answer{not_found()};
}

Verdict Turn::read_person() {
    person_ = asking_.person;
    if (asking_.kind == ActorKind::kMachine) return {};
    auto found = find_person(txn_, asking_.person.id);
    if (!found)
        return Refusal{RefusalCode::kPermission, "Nothing was changed: your account no longer exists.", {}};
    person_ = *std::move(found);
    aliases_ = aliases_of(txn_, person_);
    return {};
}

Verdict Turn::use_own_code(const AlertId& alert) {
    if (asking_.kind == ActorKind::kMachine) return {};
    const auto no =
        auth::use_code(txn_, auth::UserId{person_.id.value()},
                       {asking_.step, asking_.now, object_of(alert), auth_actor(person_, asking_.origin)});
    return no ? Verdict(to_refusal(*no)) : Verdict();
}

void Turn::take_part(Alert& alert) const {
    add_contributor(alert, user());
    if (!asking_.holder.value().empty()) add_contributor(alert, asking_.holder);
}

void Turn::found(const Alert& alert) {
    status_before_ = alert.status;
    history_before_ = alert.history.size();
}

std::vector<Person> Turn::approvers_of(const Alert& alert) const {
    return eligible_approvers(alert, all_people(txn_));
}

void Turn::audit_news(const Alert& alert, size_t history_before, Status status_before) {
    for (size_t i = history_before; i < alert.history.size(); ++i)
        audit::append(txn_, audit_of(alert, alert.history[i], status_before, person_, asking_.origin));
}

Answer Turn::written(const Alert& alert) {
    put_alert(txn_, alert);
    audit_news(alert, history_before_, status_before_);
    if (!asking_.idempotency_key.empty())
        put_done(txn_, asking_.person.id, asking_.idempotency_key,
                 {alert.id, asking_.request_hash, asking_.now});
    return alert;
}

void Turn::also_written(const Alert& before, const Alert& alert) {
    put_alert(txn_, alert);
    audit_news(alert, before.history.size(), before.status);
}

Refusal Turn::not_found() {
    return {RefusalCode::kNotFound,
            "There is no such alert. Reload the list; it may have been opened from an old link.",
            {}};
}

uint64_t next_number(store::Transaction& txn) {
    const store::Key key = store::Key().text("alert_number");
    uint64_t last = 0;
    if (const auto row = txn.get(tables::kCounters, key))
        if (const auto number = store::KeyReader(*row).number()) last = *number;
    txn.put(tables::kCounters, key, store::Key().number(last + 1));
    return last + 1;
}

Alert new_alert(const Turn& turn, const AlertId& id, Draft draft) {
    Alert alert;
    alert.id = id;
    alert.chain = id;
    alert.mode = turn.terms().mode;
    alert.draft = std::move(draft);
    alert.created_by = turn.user();
    alert.created_at = turn.now();
    alert.updated_at = turn.now();
    turn.take_part(alert);
    note(alert, HistoryAction::kCreated, turn.user(), turn.now());
    return alert;
}

}  // namespace cbe
