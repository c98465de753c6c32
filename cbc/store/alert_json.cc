// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/store/alert_json.h"

#include <nlohmann/json.hpp>

namespace cbc {

using Json = nlohmann::json;

Json to_json(const Place& place) {
    Json json{
        {"technology", to_string(place.technology)}, {"mcc", place.plmn.mcc()}, {"mnc", place.plmn.mnc()}};
    const bool named = names_area(place.technology);
    switch (place.kind) {
        case PlaceKind::kArea:
            json[named ? "lac" : "tac"] = place.area;
            break;
        case PlaceKind::kEmergencyArea:
            json["emergency_area"] = place.cell;
            break;
        case PlaceKind::kCell:
            if (named) json["lac"] = place.area;
            json["ci"] = place.cell;
            break;
    }
    return json;
}

Json to_json(const Content& content) {
    Json messages = Json::array();
    for (const Message& message : content.messages)
        messages.push_back({{"message_identifier", message.identifier.value()},
                            {"language", message.language},
                            {"text", message.text}});
    Json area{{"kind", "all"}};
    if (const auto* cells = std::get_if<PlaceSet>(&content.area)) {
        area = {{"kind", "cells"}, {"cells", Json::array()}};
        for (const Place& cell : *cells) area["cells"].push_back(to_json(cell));
    }
    const Schedule& schedule = content.schedule;
    Json number = nullptr;
    if (schedule.number_of_broadcasts) number = *schedule.number_of_broadcasts;
    return {{"mode", to_string(content.mode)},
            {"serial_number", content.serial.value()},
            {"messages", std::move(messages)},
            {"area", std::move(area)},
            {"start", base::to_rfc3339(schedule.start)},
            {"end", base::to_rfc3339(schedule.end)},
            {"repetition_period_s", schedule.repetition_period.count()},
            {"number_of_broadcasts", std::move(number)},
            {"category", to_string(schedule.category)}};
}

Json to_json(const std::vector<Decision>& decisions) {
    Json list = Json::array();
    for (const Decision& decision : decisions)
        list.push_back({{"action", to_string(decision.action)},
                        {"user", decision.user},
                        {"time", base::to_rfc3339(decision.time)},
                        {"totp_step", decision.totp_step}});
    return list;
}

}  // namespace cbc
