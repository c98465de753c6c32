// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/alert_results.h"

#include "cbe/store/alert_record.h"
#include "cbe/store/tables.h"
#include "common/store/key.h"

namespace cbe {
namespace {

// What a centre still reports about an alert after its end is of interest for so long: its contract keeps it
// a day.
constexpr std::chrono::minutes kWatchedAfterEnd{10};

bool still_watched(const store::Reader& reader, const Alert& alert, base::Instant now) {
    if (is_live(alert.status)) return true;
    if (!alert.frozen || now >= alert.frozen->end + kWatchedAfterEnd) return false;
    if (alert.status != Status::kCancelled) return true;
    if (alert.mode == Mode::kTraining) return false;
    for (const Sending& sending : sendings_of(reader, alert.id))
        if (sending.what == SendingWhat::kStop && sending.state == SendingState::kWaiting) return true;
    return health_of(alert.mode, alert.status, deliveries_of(reader, alert.id)) == Health::kStopNotConfirmed;
}

HistoryAction action_of(Status ended) {
    return ended == Status::kFailed ? HistoryAction::kFailed : HistoryAction::kCompleted;
}

}  // namespace

void put_result(store::Transaction& txn, const AlertId& id, const Sending& sending) {
    put_sending(txn, id, sending);
}

void put_picture(store::Transaction& txn, const AlertId& id, const CbcDelivery& delivery, base::Instant now) {
    auto alert = find_alert(txn, id);
    if (!alert) return;
    put_delivery(txn, id, delivery);
    if (!any_confirmed(delivery) || status_at(*alert, now) != Status::kApproved) return;
    if (!move(*alert, AlertEvent::kConfirm, now)) return;
    alert->on_air_at = now;
    note(*alert, HistoryAction::kOnAir, UserId{}, now);
    put_alert(txn, *alert);
}

size_t end_what_is_over(store::Transaction& txn, base::Instant now) {
    size_t moved = 0;
    for (const AlertId& id : live_alerts(txn)) {
        auto alert = find_alert(txn, id);
        if (alert && status_at(*alert, now) != alert->status && move(*alert, expiry_of(*alert), now)) {
            alert->ended_at = alert->frozen->end;
            note(*alert, action_of(alert->status), UserId{}, now);
            put_alert(txn, *alert);
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
