// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/telling.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cbe/store/chain.h"
#include "cbe/store/tables.h"
#include "common/json/parse.h"
#include "common/store/effect.h"
#include "common/store/key.h"

namespace cbe {
namespace {

using Json = nlohmann::json;

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
    return "{\"alert_id\":\"" + alert.chain.text() + "\",\"revision\":" + std::to_string(alert.revision) +
           ",\"content\":" + alert.frozen->content + ",\"digest\":\"" + alert.frozen->digest +
           "\",\"decisions\":" + json::dump(decisions) + "}";
}

std::string stop_body(const Alert& alert, const Decision& decision) {
    return json::dump({{"digest", alert.frozen->digest}, {"decisions", Json::array({json_of(decision)})}});
}

store::EffectId effect_of(std::string_view kind, const Alert& alert, const std::string& cbc) {
    return {std::string(kind), EffectTarget{alert.id, alert.revision, cbc}.key()};
}

}  // namespace

void send_to(store::Transaction& txn, const std::vector<std::string>& cbcs, const Alert& alert) {
    for (const std::string& cbc : cbcs) {
        store::put_effect(txn, effect_of(kSendEffect, alert, cbc), send_body(alert));
        put_sending(txn, alert.id, {cbc, SendingWhat::kSend, SendingState::kWaiting, ""});
    }
}

void give_up_sends(store::Transaction& txn, const Alert& alert) {
    for (const Sending& sending : sendings_of(txn, alert.id)) {
        if (sending.what != SendingWhat::kSend || sending.state != SendingState::kWaiting) continue;
        store::cancel_effect(txn, effect_of(kSendEffect, alert, sending.cbc));
        erase_sending(txn, alert.id, sending);
    }
}

bool taken_everywhere(const store::Reader& reader, const Alert& alert) {
    const auto sendings = sendings_of(reader, alert.id);
    return std::all_of(sendings.begin(), sendings.end(), [](const Sending& sending) {
        return sending.what != SendingWhat::kSend || sending.state == SendingState::kTaken;
    });
}

std::vector<Stopped> stop_chain(store::Transaction& txn, const std::vector<std::string>& cbcs,
                                const AlertId& chain, const Stopping& stopping) {
    std::vector<Stopped> all;
    const base::Instant now = stopping.decision.time;
    for (const Alert& before : chain_of(txn, chain)) {
        Alert after = before;
        if (!is_live(status_at(before, now)) || !move(after, AlertEvent::kStop, now)) continue;
        after.ended_at = now;
        after.decisions.push_back(stopping.decision);
        note(after, HistoryAction::kStopped, stopping.by, now, stopping.reason);
        all.push_back({before, std::move(after)});
    }
    if (all.empty()) return all;
    const Alert& last = all.back().after;
    for (const std::string& cbc : cbcs) {
        for (const Stopped& one : all) store::cancel_effect(txn, effect_of(kSendEffect, one.after, cbc));
    }
    tell_stop(txn, cbcs, last);
    return all;
}

void tell_stop(store::Transaction& txn, const std::vector<std::string>& cbcs, const Alert& stopped) {
    if (stopped.decisions.empty()) return;
    for (const std::string& cbc : cbcs) {
        store::put_effect(txn, effect_of(kStopEffect, stopped, cbc),
                          stop_body(stopped, stopped.decisions.back()));
        put_sending(txn, stopped.id, {cbc, SendingWhat::kStop, SendingState::kWaiting, ""});
    }
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
