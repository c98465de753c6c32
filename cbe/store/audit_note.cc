// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/audit_note.h"

#include <nlohmann/json.hpp>

#include "common/json/parse.h"

namespace cbe {
namespace {

constexpr std::string_view kMachine = "machine:";  // begins the id of a machine client

std::string_view action_of(HistoryAction action) {
    switch (action) {
        case HistoryAction::kCreated:
            return "alert.create";
        case HistoryAction::kSaved:
            return "alert.save";
        case HistoryAction::kSubmitted:
            return "alert.submit";
        case HistoryAction::kWithdrawn:
            return "alert.withdraw";
        case HistoryAction::kReturned:
            return "alert.return";
        case HistoryAction::kDiscarded:
            return "alert.discard";
        case HistoryAction::kRejected:
            return "alert.reject";
        case HistoryAction::kRestored:
            return "alert.restore";
        case HistoryAction::kApproved:
            return "alert.approve";
        case HistoryAction::kOnAir:
            return "alert.on_air";
        case HistoryAction::kStopped:
            return "alert.stop";
        case HistoryAction::kStopAgain:
            return "alert.stop_again";
        case HistoryAction::kShrunk:
            return "alert.shrink";
        case HistoryAction::kSuperseded:
            return "alert.supersede";
        case HistoryAction::kCompleted:
            return "alert.complete";
        case HistoryAction::kFailed:
            return "alert.fail";
    }
    return "alert.unknown";
}

}  // namespace

std::string actor_of(const Person& person) {
    const std::string& id = person.id.value();
    return id.starts_with(kMachine) ? id.substr(kMachine.size()) : person.username;
}

std::string object_of(const AlertId& id) { return "alert/" + id.text(); }
std::string object_of(const UserId& id) { return "user/" + id.value(); }

audit::Entry audit_of(std::string action, std::string object, const Person& person, base::Instant now,
                      const Origin& origin, nlohmann::json after) {
    after["call"] = origin.call;
    after["address"] = origin.address;
    after["user"] = person.id.value();
    return {.time = now,
            .actor = actor_of(person),
            .action = std::move(action),
            .object = std::move(object),
            .before = {},
            .after = json::dump(after),
            .request_id = origin.request_id};
}

audit::Entry audit_of(const Alert& alert, const HistoryEntry& entry, Status before, const Person& person,
                      const Origin& origin) {
    nlohmann::json after{{"status", to_string(alert.status)},
                         {"mode", to_string(alert.mode)},
                         {"version", alert.version},
                         {"digest", entry.digest}};
    if (!entry.reason.empty()) after["reason"] = entry.reason;
    audit::Entry made = audit_of(std::string(action_of(entry.action)), object_of(alert.id), person, entry.at,
                                 origin, std::move(after));
    made.before = to_string(before);
    return made;
}

}  // namespace cbe
