// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/figures.h"

namespace cbe {
namespace {

const std::vector<double> kHumanBuckets{10,  30,  60,   120,
                                        300, 600, 1800, 3600};  // seconds between two officers
const std::vector<double> kConfirmBuckets{0.5, 1,  2,  5,   10,
                                          20,  30, 60, 120, 300};  // seconds to the first confirmation

std::string_view reason_of(RefusalCode code) {
    switch (code) {
        case RefusalCode::kContributor:
            return "contributor";
        case RefusalCode::kDigestChanged:
            return "digest";
        case RefusalCode::kTotpWrong:
            return "totp";
        case RefusalCode::kTotpReplayed:
            return "replay";
        case RefusalCode::kLocked:
            return "locked";
        case RefusalCode::kPermission:
        case RefusalCode::kReturnedByYou:
        case RefusalCode::kNotFound:
        case RefusalCode::kStatus:
        case RefusalCode::kUpdateOutdated:
        case RefusalCode::kVersionConflict:
        case RefusalCode::kTooLate:
        case RefusalCode::kNoApprover:
        case RefusalCode::kCodesExhausted:
        case RefusalCode::kMode:
        case RefusalCode::kNotComplete:
        case RefusalCode::kInvalid:
        case RefusalCode::kText:
        case RefusalCode::kUnknownCell:
        case RefusalCode::kIdempotencyKeyReused:
            return "other";
    }
    return "other";
}

metrics::Gauge alerts(metrics::Registry& registry, const std::string& mode, Status status) {
    return registry.gauge("farol_cbe_alerts", "Alerts by status",
                          {{"mode", mode}, {"status", std::string(to_string(status))}});
}

metrics::Counter refusals(metrics::Registry& registry, const std::string& mode, std::string_view reason) {
    return registry.counter("farol_cbe_approvals_refused_total", "Approvals refused, by reason",
                            {{"mode", mode}, {"reason", std::string(reason)}});
}

metrics::Counter logins(metrics::Registry& registry, std::string_view result) {
    return registry.counter("farol_auth_logins_total", "Sign-ins by result",
                            {{"app", "cbe"}, {"result", std::string(result)}});
}

metrics::Counter transitions(metrics::Registry& registry, const std::string& mode, Status from, Status to) {
    return registry.counter(
        "farol_cbe_transitions_total", "Moves of alerts between statuses",
        {{"mode", mode}, {"from", std::string(to_string(from))}, {"to", std::string(to_string(to))}});
}

}  // namespace

AlertFigures::AlertFigures(metrics::Registry& registry, Mode mode, logs::Log log,
                           std::function<void()> locked)
    : registry_(registry),
      mode_(to_string(mode)),
      log_(std::move(log)),
      locked_(std::move(locked)),
      streams_(registry.gauge("farol_cbe_sse_clients", "Open event streams")),
      submit_to_approve_(registry.histogram("farol_cbe_submit_to_approve_seconds", "From submit to approve",
                                            {{"mode", mode_}}, kHumanBuckets)),
      approve_to_confirm_(registry.histogram("farol_cbe_approve_to_first_confirm_seconds",
                                             "From approve to the first confirmation", {{"mode", mode_}},
                                             kConfirmBuckets)) {
    // Every series exists from the start.
    for (const Status status : kAllStatuses) alerts(registry_, mode_, status);
    for (const char* reason : {"contributor", "digest", "totp", "replay", "locked", "other"})
        refusals(registry_, mode_, reason);
    for (const char* result : {"ok", "bad_password", "bad_totp", "locked", "limited"})
        logins(registry_, result);
    for (const Status from : kAllStatuses)
        for (const AlertEvent event : kAllAlertEvents)
            if (const auto to = next_status(from, event)) transitions(registry_, mode_, from, *to);
}

void AlertFigures::signed_in(std::string_view result) { logins(registry_, result).add(); }

void AlertFigures::approval_refused(RefusalCode code) { refusals(registry_, mode_, reason_of(code)).add(); }

void AlertFigures::decisions_locked(const UserId& user) {
    log_.warning("decisions.locked", {{"user", user.value()}});
    locked_();
}

void AlertFigures::decided(const Alert& alert, std::string_view action, const Person& person) {
    log_.notice("alert.decided", {{"alert_id", alert.id.text()},
                                  {"action", action},
                                  {"user", person.id.value()},
                                  {"status", to_string(alert.status)},
                                  {"digest", alert.frozen ? alert.frozen->digest : std::string()}});
}

void AlertFigures::alert_written(const Alert& alert) {
    using Seconds = std::chrono::duration<double>;
    const auto known = statuses_.find(alert.id);
    if (known != statuses_.end() && known->second == alert.status) return;
    if (known != statuses_.end()) {
        alerts(registry_, mode_, known->second).add(-1);
        transitions(registry_, mode_, known->second, alert.status).add();
        if (alert.status == Status::kApproved && alert.submitted_at && alert.approved_at)
            submit_to_approve_.observe(Seconds(*alert.approved_at - *alert.submitted_at).count());
        if (alert.status == Status::kBroadcasting && alert.on_air_at && alert.approved_at)
            approve_to_confirm_.observe(Seconds(*alert.on_air_at - *alert.approved_at).count());
    }
    statuses_[alert.id] = alert.status;
    alerts(registry_, mode_, alert.status).add(1);
}

void AlertFigures::streams(size_t count) { streams_.set(static_cast<double>(count)); }

}  // namespace cbe
