// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/alert_changes.h"

#include "cbe/store/serial_codes.h"
#include "cbe/store/submission.h"
#include "cbe/store/telling.h"
#include "cbe/store/turn.h"

namespace cbe {
namespace {

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

// Runs `body` with an alert that begins here.
template <class Body>
Answer with_new_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                      const DraftEdit& edit, Body body) {
    return with_turn(txn, terms, asking, [&](Turn& turn) -> Answer {
        if (auto no = may_create(turn.situation())) return *no;
        auto draft = first_draft(turn, edit);
        if (!draft) return draft.error();
        Alert alert = new_alert(turn, id, *std::move(draft));
        return body(turn, alert);
    });
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
        turn.take_part(alert);
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
        if (auto no = may_take_over(turn, alert)) return *no;
        if (auto no = turn.use_own_code(alert.id)) return *no;
        if (!move(alert, AlertEvent::kApprove, turn.now())) return Turn::not_found();
        alert.approved_by = turn.user();
        alert.approved_at = turn.now();
        alert.decisions.push_back(turn.decision(DecisionKind::kApprove));
        note(alert, HistoryAction::kApproved, turn.user(), turn.now());
        put_on_its_way(turn, alert);
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

Answer reject_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                    std::string_view reason) {
    return with_alert(txn, terms, asking, id, [&](Turn& turn, Alert& alert) -> Answer {
        if (auto no = may_return(alert, turn.situation())) return *no;
        if (auto no = long_enough(reason, kLeastReason)) return *no;
        if (!move(alert, AlertEvent::kReject, turn.now())) return Turn::not_found();
        alert.ended_at = turn.now();
        note(alert, HistoryAction::kRejected, turn.user(), turn.now(), std::string(reason));
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
        const Stopping stopping{turn.decision(DecisionKind::kStop), turn.user(), std::string(reason)};
        for (const Stopped& one : stop_chain(txn, terms.cbcs, alert.chain, stopping)) {
            if (one.after.id == alert.id)
                alert = one.after;
            else
                turn.also_written(one.before, one.after);
        }
        return turn.written(alert);
    });
}

Answer create_and_submit(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                         const DraftEdit& edit) {
    return with_new_alert(txn, terms, asking, id, edit, [&](Turn& turn, Alert& alert) -> Answer {
        auto ready = ready_to_submit(turn, alert);
        if (!ready) return ready.error();
        if (auto no = turn.use_own_code(alert.id)) return *no;
        alert.number = next_number(txn);
        return finish_submit(turn, std::move(alert), *std::move(ready));
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
        if (answer && before) give_back_code(txn, before->serial, alert.id);
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

Answer restore_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id) {
    return with_alert(txn, terms, asking, id, [&](Turn& turn, Alert& alert) -> Answer {
        if (auto no = may_restore(alert, turn.situation())) return *no;
        const auto event = alert.returned_by ? AlertEvent::kRestoreReturned : AlertEvent::kRestoreDraft;
        if (!move(alert, event, turn.now())) return Turn::not_found();
        note(alert, HistoryAction::kRestored, turn.user(), turn.now());
        return turn.written(alert);
    });
}

Answer stop_again(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id) {
    return with_alert(txn, terms, asking, id, [&](Turn& turn, Alert& alert) -> Answer {
        if (auto no = may_stop_again(alert, turn.situation())) return *no;
        note(alert, HistoryAction::kStopAgain, turn.user(), turn.now());
        alert.updated_at = turn.now();
        ++alert.version;
        tell_stop(txn, terms.cbcs, alert);
        return turn.written(alert);
    });
}

bool is_written(const Refusal& refusal) {
    return refusal.code == RefusalCode::kTotpWrong || refusal.code == RefusalCode::kTotpReplayed ||
           refusal.code == RefusalCode::kLocked;
}

}  // namespace cbe
