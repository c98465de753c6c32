// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/alert_changes.h"

#include <nlohmann/json.hpp>

#include "cbe/store/alert_record.h"
#include "cbe/store/content_json.h"
#include "cbe/store/delivery_record.h"
#include "cbe/store/idempotency.h"
#include "cbe/store/one_time_code.h"
#include "cbe/store/serial_codes.h"
#include "cbe/store/tables.h"
#include "cbe/store/user_record.h"
#include "common/json/parse.h"
#include "common/store/effect.h"
#include "common/store/key.h"

namespace cbe {
namespace {

using Json = nlohmann::json;

// One request on its way through a transaction.
class Turn {
 public:
    Turn(store::Transaction& txn, const Terms& terms, const Asking& asking)
        : txn_(txn), terms_(terms), asking_(asking) {}

    store::Transaction& txn() { return txn_; }
    const Terms& terms() const { return terms_; }
    const Asking& asking() const { return asking_; }
    base::Instant now() const { return asking_.now; }
    const UserId& user() const { return person_.id; }
    Situation situation() const { return {person_, terms_.mode, asking_.now}; }

    // The answer of an earlier request with this key, or the refusal of its reuse; none: go on.
    std::optional<Answer> repeated() {
        if (asking_.idempotency_key.empty()) return {};
        const auto done = find_done(txn_, asking_.person.id, asking_.idempotency_key);
        if (!done) return {};
        if (done->request_hash != asking_.request_hash)
            return Answer{
                Refusal{RefusalCode::kIdempotencyKeyReused,
                        "Nothing was changed: this Idempotency-Key was used for another request. Use a new "
                        "key for each action.",
                        {}}};
        const auto alert = find_alert(txn_, done->alert);
        return alert ? Answer{*alert} : Answer{not_found()};
    }

    // Permissions are those of now, not those of sign-in.
    Verdict read_person() {
        person_ = asking_.person;
        if (asking_.kind == ActorKind::kMachine) return {};
        const auto found = find_user(txn_, asking_.person.id);
        if (!found)
            return Refusal{
                RefusalCode::kPermission, "Nothing was changed: your account no longer exists.", {}};
        person_ = found->person;
        return {};
    }

    // A machine client has no codes; its certificate was checked when it connected.
    Verdict use_own_code(const AlertId& alert) {
        if (asking_.kind == ActorKind::kMachine) return {};
        return use_code(txn_, person_.id, {asking_.step, asking_.now, object_of(alert), asking_.origin});
    }

    // The alert as it was before: what is new in its history is told to the audit log by written().
    void found(const Alert& alert) {
        status_before_ = alert.status;
        history_before_ = alert.history.size();
    }

    std::vector<Person> approvers_of(const Alert& alert) const {
        return eligible_approvers(alert, all_people(txn_));
    }

    Answer written(const Alert& alert) {
        put_alert(txn_, alert);
        for (size_t i = history_before_; i < alert.history.size(); ++i)
            audit::append(txn_, audit_of(alert, alert.history[i], status_before_, person_, asking_.origin));
        if (!asking_.idempotency_key.empty())
            put_done(txn_, asking_.person.id, asking_.idempotency_key,
                     {alert.id, asking_.request_hash, asking_.now});
        return alert;
    }

    static Refusal not_found() {
        return {RefusalCode::kNotFound,
                "There is no such alert. Reload the list; it may have been opened from an old link.",
                {}};
    }

 private:
    store::Transaction& txn_;
    const Terms& terms_;
    const Asking& asking_;
    Person person_;
    Status status_before_ = Status::kDraft;
    size_t history_before_ = 0;
};

// Runs `body` with the alert unless the request is a repeat, the asker is gone or the alert is not there.
template <class Body>
Answer with_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                  Body body) {
    Turn turn(txn, terms, asking);
    if (auto before = turn.repeated()) return *before;
    if (auto no = turn.read_person()) return *no;
    auto alert = find_alert(txn, id);
    if (!alert) return Turn::not_found();
    turn.found(*alert);
    return body(turn, *alert);
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
    alert.mode = turn.terms().mode;
    alert.draft = std::move(draft);
    alert.created_by = turn.user();
    alert.created_at = turn.now();
    alert.updated_at = turn.now();
    add_contributor(alert, turn.user());
    note(alert, HistoryAction::kCreated, turn.user(), turn.now());
    return alert;
}

base::Result<Draft, Refusal> first_draft(const Turn& turn, const DraftEdit& edit) {
    const Reference& reference = *turn.terms().reference;
    const Channel* channel = first_channel(reference);
    if (channel == nullptr)
        return Refusal{
            RefusalCode::kInvalid,
            "Nothing was saved: this authority has no channel that it may use. Ask an administrator.",
            {}};
    Draft draft = with_edit(draft_for(*channel), edit, reference);
    if (auto no = check_fields(draft, reference)) return *no;
    return draft;
}

// The same for an alert that begins here; it has no number yet, since a refusal must not use one up.
template <class Body>
Answer with_new_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                      const DraftEdit& edit, Body body) {
    Turn turn(txn, terms, asking);
    if (auto before = turn.repeated()) return *before;
    if (auto no = turn.read_person()) return *no;
    if (auto no = may_create(turn.situation())) return *no;
    auto draft = first_draft(turn, edit);
    if (!draft) return draft.error();
    Alert alert = new_alert(turn, id, *std::move(draft));
    return body(turn, alert);
}

void thaw(store::Transaction& txn, Alert& alert) {
    if (alert.frozen) give_back_code(txn, alert.frozen->serial);
    alert.frozen.reset();
    alert.decisions.clear();
}

// Everything of Submit that can be refused before anything is written.
base::Result<Frozen, Refusal> ready_to_submit(Turn& turn, const Alert& alert) {
    if (auto no = may_submit(alert, turn.situation())) return *no;
    Alert with_submitter = alert;
    add_contributor(with_submitter, turn.user());
    const size_t approvers = turn.approvers_of(with_submitter).size();
    const CbcReach reach = turn.terms().mode == Mode::kTraining ? CbcReach::kNotUsed : CbcReach::kAnswers;
    if (auto no = refusal_for(check(alert.draft, *turn.terms().reference, approvers, reach))) return *no;
    const auto code = next_code(turn.txn(), turn.terms().codes, turn.now());
    if (!code)
        return Refusal{
            RefusalCode::kCodesExhausted,
            "Nothing was submitted: every message code of this entity is held by an alert that is live or "
            "ended less than 24 hours ago. Call the operator to be given a larger range.",
            {}};
    const Draft& draft = alert.draft;
    const auto start = std::chrono::floor<std::chrono::seconds>(turn.now());
    auto frozen = freeze(Content{turn.terms().mode, first_serial(*code),
                                 identifiers_for(draft.identifier, draft.messages.size()), draft.messages,
                                 draft.area, start, start + draft.duration, draft.repetition_period,
                                 draft.broadcasts, draft.category});
    if (!frozen) return Refusal{RefusalCode::kInvalid, "Nothing was submitted: " + frozen.error().text, {}};
    return *std::move(frozen);
}

// Writes what ready_to_submit() prepared; the code was used.
Answer finish_submit(Turn& turn, Alert alert, Frozen frozen) {
    take_code(turn.txn(), frozen.serial, alert.id, frozen.end);
    alert.frozen = std::move(frozen);
    if (!move(alert, AlertEvent::kSubmit, turn.now())) return Turn::not_found();
    alert.returned_by.reset();
    alert.submitted_by = turn.user();
    alert.submitted_at = turn.now();
    add_contributor(alert, turn.user());
    alert.decisions = {{DecisionKind::kSubmit, turn.user(), turn.now(), turn.asking().step.value_or(0)}};
    note(alert, HistoryAction::kSubmitted, turn.user(), turn.now());
    return turn.written(alert);
}

Answer submit(Turn& turn, const Alert& alert) {
    auto frozen = ready_to_submit(turn, alert);
    if (!frozen) return frozen.error();
    if (auto no = turn.use_own_code(alert.id)) return *no;
    return finish_submit(turn, alert, *std::move(frozen));
}

Json json_of(const Decision& decision) {
    return {{"action", to_string(decision.kind)},
            {"user", decision.user.value()},
            {"time", base::to_rfc3339(decision.time)},
            {"totp_step", decision.totp_step}};
}

// The body of POST /alerts/send; the content is the frozen one, to the letter.
std::string send_body(const Alert& alert) {
    Json decisions = Json::array();
    for (const Decision& decision : alert.decisions) decisions.push_back(json_of(decision));
    return "{\"alert_id\":\"" + alert.id.text() + "\",\"revision\":" + std::to_string(alert.revision) +
           ",\"content\":" + alert.frozen->content + ",\"digest\":\"" + alert.frozen->digest +
           "\",\"decisions\":" + json::dump(decisions) + "}";
}

std::string stop_body(const Alert& alert, const Decision& decision) {
    return json::dump({{"digest", alert.frozen->digest}, {"decisions", Json::array({json_of(decision)})}});
}

void tell_cbcs(Turn& turn, const Alert& alert, SendingWhat what, const std::string& body) {
    for (const std::string& cbc : turn.terms().cbcs) {
        const std::string key = EffectTarget{alert.id, alert.revision, cbc}.key();
        if (what == SendingWhat::kStop) store::cancel_effect(turn.txn(), {std::string(kSendEffect), key});
        const std::string_view kind = what == SendingWhat::kStop ? kStopEffect : kSendEffect;
        store::put_effect(turn.txn(), {std::string(kind), key}, body);
        put_sending(turn.txn(), alert.id, {cbc, what, SendingState::kWaiting, ""});
    }
}

}  // namespace

Answer create_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                    const DraftEdit& edit) {
    return with_new_alert(txn, terms, asking, id, edit, [&](Turn& turn, Alert& alert) -> Answer {
        alert.number = next_number(txn);
        return turn.written(alert);
    });
}

Answer save_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                  uint32_t version, const DraftEdit& edit) {
    return with_alert(txn, terms, asking, id, [&](Turn& turn, Alert& alert) -> Answer {
        if (auto no = may_edit(alert, turn.situation())) return *no;
        if (auto no = same_version(alert, version)) return *no;
        Draft draft = with_edit(alert.draft, edit, *terms.reference);
        if (auto no = check_fields(draft, *terms.reference)) return *no;
        alert.draft = std::move(draft);
        add_contributor(alert, turn.user());
        note(alert, HistoryAction::kSaved, turn.user(), turn.now());
        alert.updated_at = turn.now();
        ++alert.version;
        return turn.written(alert);
    });
}

Answer submit_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                    uint32_t version) {
    return with_alert(txn, terms, asking, id, [&](Turn& turn, Alert& alert) -> Answer {
        if (auto no = may_submit(alert, turn.situation())) return *no;
        if (auto no = same_version(alert, version)) return *no;
        return submit(turn, alert);
    });
}

Answer approve_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                     std::string_view digest) {
    return with_alert(txn, terms, asking, id, [&](Turn& turn, Alert& alert) -> Answer {
        if (auto no = may_approve(alert, turn.situation(), turn.approvers_of(alert))) return *no;
        if (auto no = same_digest(alert, digest)) return *no;
        if (auto no = turn.use_own_code(alert.id)) return *no;
        if (!move(alert, AlertEvent::kApprove, turn.now())) return Turn::not_found();
        alert.approved_by = turn.user();
        alert.approved_at = turn.now();
        alert.decisions.push_back(
            {DecisionKind::kApprove, turn.user(), turn.now(), turn.asking().step.value_or(0)});
        note(alert, HistoryAction::kApproved, turn.user(), turn.now());
        txn.put(tables::kLive, store::Key().uuid(alert.id), "");
        tell_cbcs(turn, alert, SendingWhat::kSend, send_body(alert));
        return turn.written(alert);
    });
}

Answer return_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                    std::string_view reason) {
    return with_alert(txn, terms, asking, id, [&](Turn& turn, Alert& alert) -> Answer {
        if (auto no = may_return(alert, turn.situation())) return *no;
        if (auto no = long_enough(reason, kLeastReason)) return *no;
        if (!move(alert, AlertEvent::kReturn, turn.now())) return Turn::not_found();
        note(alert, HistoryAction::kReturned, turn.user(), turn.now(), std::string(reason));
        alert.returned_by = turn.user();
        thaw(txn, alert);
        return turn.written(alert);
    });
}

Answer withdraw_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id) {
    return with_alert(txn, terms, asking, id, [&](Turn& turn, Alert& alert) -> Answer {
        if (auto no = may_withdraw(alert, turn.situation())) return *no;
        if (!move(alert, AlertEvent::kWithdraw, turn.now())) return Turn::not_found();
        note(alert, HistoryAction::kWithdrawn, turn.user(), turn.now());
        thaw(txn, alert);
        return turn.written(alert);
    });
}

Answer stop_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                  std::string_view reason) {
    return with_alert(txn, terms, asking, id, [&](Turn& turn, Alert& alert) -> Answer {
        if (auto no = may_stop(alert, turn.situation())) return *no;
        if (auto no = long_enough(reason, kLeastStopReason)) return *no;
        if (auto no = turn.use_own_code(alert.id)) return *no;
        if (!move(alert, AlertEvent::kStop, turn.now())) return Turn::not_found();
        alert.ended_at = turn.now();
        const Decision decision{DecisionKind::kStop, turn.user(), turn.now(), turn.asking().step.value_or(0)};
        alert.decisions.push_back(decision);
        note(alert, HistoryAction::kStopped, turn.user(), turn.now(), std::string(reason));
        tell_cbcs(turn, alert, SendingWhat::kStop, stop_body(alert, decision));
        return turn.written(alert);
    });
}

Answer create_and_submit(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                         const DraftEdit& edit) {
    return with_new_alert(txn, terms, asking, id, edit, [&](Turn& turn, Alert& alert) -> Answer {
        auto frozen = ready_to_submit(turn, alert);
        if (!frozen) return frozen.error();
        if (auto no = turn.use_own_code(alert.id)) return *no;
        alert.number = next_number(txn);
        return finish_submit(turn, std::move(alert), *std::move(frozen));
    });
}

Answer edit_and_submit(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                       const DraftEdit& edit) {
    return with_alert(txn, terms, asking, id, [&](Turn& turn, Alert& alert) -> Answer {
        Alert changed = alert;
        if (changed.status == Status::kPendingApproval) {
            if (auto no = may_withdraw(alert, turn.situation())) return *no;
            if (!move(changed, AlertEvent::kWithdraw, turn.now())) return Turn::not_found();
        }
        if (auto no = may_edit(changed, turn.situation())) return *no;
        changed.draft = with_edit(alert.draft, edit, *terms.reference);
        if (auto no = check_fields(changed.draft, *terms.reference)) return *no;
        note(changed, HistoryAction::kSaved, turn.user(), turn.now());
        const auto before = changed.frozen;
        changed.frozen.reset();
        auto answer = submit(turn, changed);
        if (answer && before) give_back_code(txn, before->serial);
        return answer;
    });
}

Answer discard_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id) {
    return with_alert(txn, terms, asking, id, [&](Turn& turn, Alert& alert) -> Answer {
        if (alert.status == Status::kPendingApproval) {
            if (auto no = may_withdraw(alert, turn.situation())) return *no;
            if (!move(alert, AlertEvent::kWithdraw, turn.now())) return Turn::not_found();
        }
        if (auto no = may_edit(alert, turn.situation())) return *no;
        if (!move(alert, AlertEvent::kDiscard, turn.now())) return Turn::not_found();
        note(alert, HistoryAction::kDiscarded, turn.user(), turn.now());
        thaw(txn, alert);
        return turn.written(alert);
    });
}

bool is_written(const Refusal& refusal) {
    return refusal.code == RefusalCode::kTotpWrong || refusal.code == RefusalCode::kTotpReplayed ||
           refusal.code == RefusalCode::kLocked;
}

std::string EffectTarget::key() const { return store::Key().uuid(alert).number(revision).text(cbc).octets(); }

base::Result<EffectTarget> EffectTarget::parse(std::string_view key) {
    store::KeyReader reader(key);
    const auto alert = reader.uuid();
    if (!alert) return alert.error();
    const auto revision = reader.number();
    if (!revision) return revision.error();
    auto cbc = reader.text();
    if (!cbc) return cbc.error();
    return EffectTarget{*alert, static_cast<uint16_t>(*revision), *std::move(cbc)};
}

}  // namespace cbe
