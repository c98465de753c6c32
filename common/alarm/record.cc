// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/alarm/record.h"

#include <nlohmann/json.hpp>

#include "common/store/record.h"

namespace alarms {
namespace {

constexpr store::RecordVersion kVersion = 1;

int64_t microseconds(base::Instant instant) { return instant.time_since_epoch().count(); }
base::Instant instant(const nlohmann::json& value) {
    return base::Instant{std::chrono::microseconds{value.get<int64_t>()}};
}

base::Result<Severity> severity_of(const nlohmann::json& value) {
    const int number = value.get<int>();
    if (number < 0 || number > static_cast<int>(Severity::kCleared))
        return base::Error{base::ErrorKind::kCorrupt, "severity " + std::to_string(number)};
    return static_cast<Severity>(number);
}

base::Result<Alarm> from_json(const nlohmann::json& row) {
    const Kind* kind = find_kind(row.at("kind").get<std::string>());
    if (kind == nullptr) return base::Error{base::ErrorKind::kCorrupt, "a kind that is not in the inventory"};
    const auto severity = severity_of(row.at("severity"));
    if (!severity) return severity.error();
    Alarm alarm{.id = row.at("id").get<std::string>(),
                .object = row.at("object").get<std::string>(),
                .kind = kind,
                .severity = *severity,
                .text = row.at("text").get<std::string>(),
                .raised_at = instant(row.at("raised_at")),
                .changed_at = instant(row.at("changed_at")),
                .cleared_at = instant(row.at("cleared_at")),
                .acknowledged_by = row.at("acknowledged_by").get<std::string>(),
                .acknowledged_at = instant(row.at("acknowledged_at")),
                .changes = {}};
    for (const auto& one : row.at("changes")) {
        const auto then = severity_of(one.at("severity"));
        if (!then) return then.error();
        alarm.changes.push_back({instant(one.at("time")), *then, one.at("text").get<std::string>()});
    }
    return alarm;
}

}  // namespace

std::string encode(const Alarm& alarm) {
    nlohmann::json changes = nlohmann::json::array();
    for (const Change& change : alarm.changes)
        changes.push_back({{"time", microseconds(change.time)},
                           {"severity", static_cast<int>(change.severity)},
                           {"text", change.text}});
    return store::encode_record(kVersion, {{"id", alarm.id},
                                           {"object", alarm.object},
                                           {"kind", alarm.kind->id},
                                           {"severity", static_cast<int>(alarm.severity)},
                                           {"text", alarm.text},
                                           {"raised_at", microseconds(alarm.raised_at)},
                                           {"changed_at", microseconds(alarm.changed_at)},
                                           {"cleared_at", microseconds(alarm.cleared_at)},
                                           {"acknowledged_by", alarm.acknowledged_by},
                                           {"acknowledged_at", microseconds(alarm.acknowledged_at)},
                                           {"changes", changes}});
}

base::Result<Alarm> decode(std::string_view bytes) {
    return store::decode_record<Alarm>(
        bytes, kVersion, [](store::RecordVersion, const store::Json& row) { return from_json(row); });
}

nlohmann::ordered_json to_json(const Alarm& alarm) {
    const auto time = [](base::Instant at) {
        return at == base::Instant{} ? nlohmann::ordered_json()
                                     : nlohmann::ordered_json(base::to_rfc3339(at));
    };
    nlohmann::ordered_json changes = nlohmann::ordered_json::array();
    for (const Change& change : alarm.changes)
        changes.push_back({{"time", base::to_rfc3339(change.time)},
                           {"severity", to_string(change.severity)},
                           {"text", change.text}});
    return {
        {"id", alarm.id},
        {"kind", alarm.kind->id},
        {"specific_problem", alarm.kind->name},
        {"object", alarm.object},
        {"alarm_type", to_string(alarm.kind->type)},
        {"probable_cause", alarm.kind->cause},
        {"perceived_severity", to_string(alarm.severity)},
        {"text", alarm.text},
        {"repair_action", alarm.kind->repair},
        {"raised_at", time(alarm.raised_at)},
        {"changed_at", time(alarm.changed_at)},
        {"cleared_at", time(alarm.cleared_at)},
        {"acknowledged_by", alarm.acknowledged_by.empty() ? nlohmann::ordered_json()
                                                          : nlohmann::ordered_json(alarm.acknowledged_by)},
        {"acknowledged_at", time(alarm.acknowledged_at)},
        {"changes", changes}};
}

}  // namespace alarms
