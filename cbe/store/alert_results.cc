// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/alert_results.h"

#include "cbe/store/alert_record.h"
#include "cbe/store/audit_note.h"
#include "cbe/store/chain.h"
#include "cbe/store/tables.h"
#include "cbe/store/telling.h"
#include "common/store/key.h"

namespace cbe {
namespace {

// What a centre still reports about an alert after its end is of interest for so long: its contract keeps it
// a day.
constexpr std::chrono::minutes kWatchedAfterEnd{10};

bool still_watched(const store::Reader& reader, const Alert& alert, base::Instant now) {
    if (is_live(alert.status)) return true;
    if (!alert.frozen || now >= alert.frozen->end + kWatchedAfterEnd) return false;
    if (alert.status == Status::kSuperseded) return false;  // the update is watched instead
    if (alert.status != Status::kCancelled) return true;
    if (alert.mode == Mode::kTraining) return false;
    for (const Sending& sending : sendings_of(reader, alert.id))
        if (sending.what == SendingWhat::kStop && sending.state == SendingState::kWaiting) return true;
    return health_of(alert.mode, alert.status, deliveries_of(reader, alert.id)) == Health::kStopNotConfirmed;
}

HistoryAction action_of(Status ended) {
    return ended == Status::kFailed ? HistoryAction::kFailed : HistoryAction::kCompleted;
}

int64_t totp_step_of_approval(const Alert& alert) {
    for (const Decision& decision : alert.decisions)
        if (decision.kind == DecisionKind::kApprove) return decision.totp_step;
    return 0;
}

// What nobody asked for is audited too.
void write(store::Transaction& txn, const Alert& before, const Alert& after) {
    static const Person kSystem{UserId{}, "system", "system", {}};
    put_alert(txn, after);
    for (size_t i = before.history.size(); i < after.history.size(); ++i)
        audit::append(txn, audit_of(after, after.history[i], before.status, kSystem, {"", "", ""}));
}

void supersede_earlier(store::Transaction& txn, const Alert& update, base::Instant now) {
    for (const Alert& before : chain_of(txn, update.chain)) {
        if (before.revision >= update.revision || !is_live(status_at(before, now))) continue;
        Alert after = before;
        if (!move(after, AlertEvent::kSupersede, now)) continue;
        after.superseded_by = update.id;
        after.ended_at = now;
        note(after, HistoryAction::kSuperseded, UserId{}, now);
        write(txn, before, after);
    }
}

// The all-clear or false alarm is on the air: what it speaks of is stopped, by the decision of who approved
// it.
void end_the_other(store::Transaction& txn, const Alert& alert, base::Instant now) {
    const auto other = find_alert(txn, alert.relation->to);
    if (!other || !alert.approved_by) return;
    std::vector<std::string> cbcs;
    for (const Sending& sending : sendings_of(txn, alert.id)) cbcs.push_back(sending.cbc);
    const Stopping stopping{{DecisionKind::kStop, *alert.approved_by, now, totp_step_of_approval(alert)},
                            UserId{},
                            std::string(to_string(alert.relation->kind))};
    for (const Stopped& one : stop_chain(txn, cbcs, other->chain, stopping))
        write(txn, one.before, one.after);
}

}  // namespace

void put_result(store::Transaction& txn, const AlertId& id, const Sending& sending) {
    put_sending(txn, id, sending);
}

void put_picture(store::Transaction& txn, const AlertId& chain, const CbcDelivery& delivery,
                 base::Instant now) {
    const auto found = find_revision(txn, chain, delivery.revision);
    if (!found) return;
    put_delivery(txn, found->id, delivery);
    if (!any_confirmed(delivery) || status_at(*found, now) != Status::kApproved) return;
    Alert alert = *found;
    if (!move(alert, AlertEvent::kConfirm, now)) return;
    alert.on_air_at = now;
    note(alert, HistoryAction::kOnAir, UserId{}, now);
    write(txn, *found, alert);
    if (alert.is_update()) supersede_earlier(txn, alert, now);
    if (alert.ends_another()) end_the_other(txn, alert, now);
}

size_t end_what_is_over(store::Transaction& txn, base::Instant now) {
    size_t moved = 0;
    for (const AlertId& id : live_alerts(txn)) {
        auto alert = find_alert(txn, id);
        const auto before = alert;
        if (alert && status_at(*alert, now) != alert->status && move(*alert, expiry_of(*alert), now)) {
            alert->ended_at = alert->frozen->end;
            note(*alert, action_of(alert->status), UserId{}, now);
            write(txn, *before, *alert);
            ++moved;
        }
        if (!alert || !still_watched(txn, *alert, now)) txn.erase(tables::kLive, store::Key().uuid(id));
    }
    return moved;
}

std::vector<AlertId> live_alerts(const store::Reader& reader) {
    std::vector<AlertId> all;
    reader.scan(tables::kLive, "", "", [&](std::string_view key, std::string_view) {
        if (const auto id = store::KeyReader(key).uuid()) all.push_back(*id);
        return true;
    });
    return all;
}

}  // namespace cbe
