// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/content_json.h"

#include <nlohmann/json.hpp>

#include "common/json/jcs.h"

namespace cbe {

using Json = nlohmann::json;

Json to_json(const Cell& cell) {
    Json json{
        {"technology", to_string(cell.technology)}, {"mcc", cell.mcc}, {"mnc", cell.mnc}, {"ci", cell.ci}};
    if (names_location_area(cell.technology)) json["lac"] = cell.lac;
    return json;
}

Json to_json(const Area& area) {
    const auto* chosen = std::get_if<ChosenCells>(&area);
    if (chosen == nullptr) return {{"kind", "all"}};
    Json cells = Json::array();
    for (const Cell& cell : chosen->cells) cells.push_back(to_json(cell));
    return {{"kind", "cells"}, {"cells", std::move(cells)}};
}

base::Result<Frozen> freeze(const Content& content) {
    Json messages = Json::array();
    for (size_t i = 0; i < content.messages.size() && i < content.identifiers.size(); ++i)
        messages.push_back({{"message_identifier", content.identifiers[i].value()},
                            {"language", content.messages[i].language},
                            {"text", content.messages[i].text}});
    const Json form{
        {"mode", to_string(content.mode)},
        {"serial_number", content.serial.value()},
        {"messages", std::move(messages)},
        {"area", to_json(content.area)},
        {"start", base::to_rfc3339(content.start)},
        {"end", base::to_rfc3339(content.end)},
        {"repetition_period_s", content.repetition_period.count()},
        {"number_of_broadcasts", content.broadcasts ? Json(*content.broadcasts) : Json(nullptr)},
        {"category", to_string(content.category)},
    };
    auto canonical = json::canonical(form);
    if (!canonical) return canonical.error();
    Frozen frozen{content.serial, content.start, content.end, std::move(*canonical), {}};
    frozen.digest = json::sha256_hex(frozen.content);
    return frozen;
}

}  // namespace cbe
