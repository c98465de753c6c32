// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/alarm_watch.h"

#include <optional>
#include <vector>

#include "cbe/store/alert_record.h"
#include "cbe/store/alert_results.h"
#include "cbe/store/people.h"

namespace cbe {
namespace {

using alarms::Severity;
using namespace std::chrono_literals;

constexpr auto kNotOnAirAfter = 30s;
constexpr auto kNotStoppedAfter = 60s;

std::optional<Sending> refused(const std::vector<Sending>& sendings, SendingWhat what) {
    for (const Sending& sending : sendings)
        if (sending.what == what && sending.state == SendingState::kRefused) return sending;
    return {};
}

bool stop_waits(const std::vector<Sending>& sendings) {
    for (const Sending& sending : sendings)
        if (sending.what == SendingWhat::kStop && sending.state == SendingState::kWaiting) return true;
    return false;
}

// Approved, and not one cell confirms it. A centre that refused it will not change its mind: no waiting then.
std::optional<std::string> not_on_air(const store::Reader& reader, const Alert& alert, base::Instant now) {
    if (status_at(alert, now) != Status::kApproved || !alert.approved_at) return {};
    if (const auto no = refused(sendings_of(reader, alert.id), SendingWhat::kSend)) return no->text;
    if (now - *alert.approved_at <= kNotOnAirAfter) return {};
    return "alert " + std::to_string(alert.number) + " is approved, and no cell has confirmed it";
}

std::optional<std::string> not_stopped(const store::Reader& reader, const Alert& alert, base::Instant now) {
    if (alert.status != Status::kCancelled || !alert.ended_at) return {};
    const auto sendings = sendings_of(reader, alert.id);
    if (const auto no = refused(sendings, SendingWhat::kStop)) return no->text;
    if (now - *alert.ended_at <= kNotStoppedAfter) return {};
    const Health health = health_of(alert.mode, alert.status, deliveries_of(reader, alert.id));
    if (!stop_waits(sendings) && health != Health::kStopNotConfirmed) return {};
    return "the stop of alert " + std::to_string(alert.number) + " is not confirmed everywhere";
}

}  // namespace

void AlarmWatch::look(const store::Reader& reader, const Network& network, base::Instant now) {
    Bad silent, going_on, locked;
    for (const AlertId& id : live_alerts(reader)) {
        const auto alert = find_alert(reader, id);
        if (!alert || alert->mode == Mode::kTraining) continue;
        const std::string object = "cbe/alerts/" + id.text();
        if (auto text = not_on_air(reader, *alert, now)) silent[object] = *std::move(text);
        if (auto text = not_stopped(reader, *alert, now)) going_on[object] = *std::move(text);
    }
    for (const Locked& one : locked_people(reader, now))
        locked["cbe/users/" + one.person.id.value()] =
            one.person.name + " gave five wrong codes; his decisions are locked until " +
            base::to_rfc3339(std::chrono::floor<std::chrono::seconds>(one.until));
    settle(alarms::kAlertNotOnAir, Severity::kCritical, silent);
    settle(alarms::kStopNotConfirmed, Severity::kCritical, going_on);
    settle(alarms::kApprovalLocked, Severity::kMajor, locked);
    look_at_cbcs(network);
}

void AlarmWatch::look_at_cbcs(const Network& network) {
    Bad down;
    for (const CbcStatus& cbc : network.cbcs)
        if (cbc.state == CbcState::kDown)
            down["cbe/cbcs/" + cbc.name] =
                "the broadcast centre " + cbc.name + " does not answer: " + cbc.text;
    settle(alarms::kCbcUnreachable, Severity::kCritical, down);
}

void AlarmWatch::settle(const alarms::Kind& kind, Severity severity, const Bad& bad) {
    std::vector<std::string> over;  // clear() changes the list
    for (const alarms::Alarm* alarm : alarms_.active())
        if (alarm->kind->id == kind.id && !bad.contains(alarm->object)) over.push_back(alarm->object);
    for (const std::string& object : over) alarms_.clear(kind, object);
    for (const auto& [object, text] : bad) alarms_.raise(kind, object, severity, text);
}

}  // namespace cbe
