// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/alarm_watch.h"

#include <algorithm>
#include <set>

namespace cbc {
namespace {

using alarms::Severity;
using namespace std::chrono_literals;

}  // namespace

void AlarmWatch::look_at_peers(const std::vector<PeerStatus>& peers) {
    std::set<Protocol> served;  // somebody of the kind is up
    for (const PeerStatus& peer : peers)
        if (peer.ready) served.insert(peer.profile.protocol);
    for (const PeerStatus& peer : peers) {
        if (peer.leaving) continue;
        const std::string& name = peer.profile.name.value();
        const std::string object = "cbc/peers/" + name;
        if (peer.ready)
            alarms_.clear(alarms::kPeerDown, object);
        else
            alarms_.raise(alarms::kPeerDown, object,
                          served.contains(peer.profile.protocol) ? Severity::kMajor : Severity::kCritical,
                          "no link to " + name + " (" + peer.address + ")" +
                              (peer.reason.empty() ? "" : ": " + peer.reason));
        look_at_test(peer);
    }
}

void AlarmWatch::look_at_test(const PeerStatus& peer) {
    constexpr unsigned kMajorFrom = 3;
    const std::string object = "cbc/peers/" + peer.profile.name.value();
    Tests& tests = tests_[peer.profile.name];
    if (peer.link_test && tests.last != peer.link_test->at) {
        tests.last = peer.link_test->at;
        const std::string& result = peer.link_test->result;
        if (result == "timeout") {
            ++tests.failed;
        } else {
            tests.failed = 0;
            tests.answered = tests.answered || result != "error";  // an error: it does not know the question
        }
    }
    // While the link is down that is the alarm.
    if (tests.answered && tests.failed > 0 && peer.ready)
        alarms_.raise(alarms::kPeerLinkTestFailed, object,
                      tests.failed < kMajorFrom ? Severity::kMinor : Severity::kMajor,
                      std::to_string(tests.failed) + " link tests in a row were not answered");
    else
        alarms_.clear(alarms::kPeerLinkTestFailed, object);
}

void AlarmWatch::look_at_cells(std::optional<base::Instant> changed, base::Instant now) {
    constexpr auto kStale = std::chrono::days{30};
    constexpr auto kVeryStale = std::chrono::days{60};
    const std::string object = "cbc/cells";
    if (!changed || now - *changed <= kStale) return alarms_.clear(alarms::kSiteDataStale, object);
    const auto days = std::chrono::floor<std::chrono::days>(now - *changed).count();
    alarms_.raise(alarms::kSiteDataStale, object,
                  now - *changed > kVeryStale ? Severity::kMinor : Severity::kWarning,
                  "the file of cells was changed " + std::to_string(days) + " days ago");
}

void AlarmWatch::peer_removed(const PeerName& peer) {
    alarms_.clear(alarms::kPeerDown, "cbc/peers/" + peer.value());
    alarms_.clear(alarms::kPeerLinkTestFailed, "cbc/peers/" + peer.value());
    tests_.erase(peer);
}

void AlarmWatch::look_at_alerts(base::Instant now) {
    centre_.each([&](const Warning& warning) { look_at(warning, now); });
}

void AlarmWatch::look_at(const Warning& warning, base::Instant now) {
    using State = warning_fsm::State;
    const std::string object = "cbc/alerts/" + warning.revision().id.value().text();
    const State state = warning.state();
    const base::Instant due =
        std::max(warning.revision().received, warning.revision().content.schedule.start);
    const bool on = state == State::kSending || state == State::kBroadcasting;
    const CellTally cells = warning.cells();

    if (state == State::kSending && now - due > 30s)
        alarms_.raise(alarms::kAlertNotOnAir, object, Severity::kCritical, "no cell has accepted the alert");
    else
        alarms_.clear(alarms::kAlertNotOnAir, object);

    if (on && now - due > 60s && cells.accepted > 0 && cells.accepted < cells.wanted)
        alarms_.raise(alarms::kAlertPartlyConfirmed, object,
                      cells.accepted * 2 < cells.wanted ? Severity::kCritical : Severity::kMajor,
                      std::to_string(cells.accepted) + " of " + std::to_string(cells.wanted) +
                          " cells have accepted it");
    else
        alarms_.clear(alarms::kAlertPartlyConfirmed, object);

    const auto& stop = warning.tombstone();
    if (state == State::kStopping && stop && now - stop->at > 60s)
        alarms_.raise(alarms::kStopNotConfirmed, object, Severity::kCritical,
                      "not every peer has confirmed the stop");
    else
        alarms_.clear(alarms::kStopNotConfirmed, object);
}

void AlarmWatch::live_alert_sent(const AlertRevision& revision) {
    if (revision.content.mode != Mode::kLive) return;
    const std::string object = "cbc/alerts/" + revision.id.value().text();
    alarms_.raise(
        alarms::kLiveAlertSent, object, Severity::kWarning,
        "revision " + std::to_string(revision.revision.value()) + " by CBE " + revision.cbe.value());
    alarms_.clear(alarms::kLiveAlertSent, object);
}

void AlarmWatch::cbe_refused(const AuditEntry& entry) {
    const std::string object = "cbc/cbes/" + entry.actor;
    alarms_.raise(alarms::kCbeRefused, object, Severity::kWarning, entry.outcome + ": " + entry.detail);
    alarms_.clear(alarms::kCbeRefused, object);
}

}  // namespace cbc
