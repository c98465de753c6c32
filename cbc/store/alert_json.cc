// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/store/alert_json.h"

#include <nlohmann/json.hpp>

namespace cbc {

using Json = nlohmann::json;

namespace {

// What only some messages have is there only then, so that others read as they always did.
Json message_json(const Message& message) {
    Json json{{"message_identifier", message.identifier.value()},
              {"language", message.language},
              {"text", message.text}};
    if (message.security) json["warning_security_information"] = base::to_hex(*message.security);
    if (message.warning_type) json["warning_type"] = cbs::to_wire(*message.warning_type);
    if (message.coded) {
        Json pages = Json::array();
        for (const cbs::Page& page : message.coded->pages)
            pages.push_back({{"octets", base::to_hex(page.content)}, {"used", page.used}});
        json["coded"] = {{"data_coding_scheme", message.coded->coding.value()}, {"pages", std::move(pages)}};
    }
    return json;
}

}  // namespace

Json without_area(const Content& content) {
    Json messages = Json::array();
    for (const Message& message : content.messages) messages.push_back(message_json(message));
    const Schedule& schedule = content.schedule;
    Json number = nullptr;
    if (schedule.number_of_broadcasts) number = *schedule.number_of_broadcasts;
    Json json{{"mode", to_string(content.mode)},
              {"serial_number", content.serial.value()},
              {"messages", std::move(messages)},
              {"start", base::to_rfc3339(schedule.start)},
              {"end", base::to_rfc3339(schedule.end)},
              {"repetition_period_s", schedule.repetition_period.count()},
              {"number_of_broadcasts", std::move(number)},
              {"category", to_string(schedule.category)}};
    if (schedule.slots) json["repetition_period_slots"] = *schedule.slots;
    return json;
}

Json to_json(const Content& content) {
    Json json = without_area(content);
    json["area"] = to_json(content.area);
    return json;
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
