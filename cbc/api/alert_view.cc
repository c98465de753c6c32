// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/alert_view.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "cbc/store/alert_json.h"

namespace cbc {
namespace {

using Json = nlohmann::json;

// More is told in pages: GET /alerts/{id}/cells.
constexpr size_t kListed = 1000;

Json cause_view(const std::optional<Cause>& cause) { return cause ? Json(text_of(*cause)) : Json(nullptr); }

Json cell_view(const Place& cell, const CellRecord& record) {
    return {{"cell", to_json(cell)},
            {"state", to_string(record.state)},
            {"cause", cause_view(record.cause)},
            {"since", base::to_rfc3339(record.since)},
            {"broadcasts", record.broadcasts ? Json(*record.broadcasts) : Json(nullptr)}};
}

Json counts_view(const CellCounts& counts) {
    Json view = Json::object();
    for (const DeliveryState state : cbs::kAllDeliveryStates)
        if (const size_t count = counts.at(static_cast<size_t>(state)); count > 0)
            view[std::string(to_string(state))] = count;
    return view;
}

Json places_view(const PlaceSet& places) {
    Json list = Json::array();
    for (size_t i = 0; i < std::min(places.size(), kListed); ++i) list.push_back(to_json(places[i]));
    return list;
}

// Which cells were chosen and why; null for the whole network.
Json targets_view(const Targets& targets) {
    if (targets.everywhere) return nullptr;
    Json list = Json::array();
    for (size_t i = 0; i < std::min(targets.cells.size(), kListed); ++i)
        list.push_back(
            {{"cell", to_json(targets.cells[i].cell)}, {"chosen_by", to_string(targets.cells[i].by)}});
    return list;
}

// As it was sent, but a long list of places is told as its length.
Json content_view(const Content& content) {
    const auto* chosen = std::get_if<ChosenArea>(&content.area);
    if (chosen == nullptr || chosen->places.size() <= kListed) return to_json(content);
    Json view = without_area(content);
    view["area"] = to_json(Area{ChosenArea{{}, chosen->shapes}});
    view["area"]["places"] = chosen->places.size();
    return view;
}

Json state_members(const CellRecord& record) {
    return {{"state", to_string(record.state)},
            {"cause", cause_view(record.cause)},
            {"since", base::to_rfc3339(record.since)}};
}

Json cells_view(const CellPage& page) {
    Json list = Json::array();
    for (const auto& [cell, record] : page.cells) list.push_back(cell_view(cell, record));
    return list;
}

Json next_view(const CellPage& page) { return page.next ? Json(page.next->text()) : Json(nullptr); }

Json message_view(const Delivery& delivery, const CellRecord& state, bool with_cells) {
    Json message = state_members(state);
    message["message_identifier"] = delivery.identifier().value();
    message["summary"] = counts_view(count_cells(delivery));
    message["cells"] = with_cells ? cells_view(page_of(delivery, std::nullopt, kListed)) : Json::array();
    return message;
}

Json peers_view(const Warning& warning) {
    size_t records = 0;
    for (const auto& [key, delivery] : warning.deliveries()) records += delivery.cells().size();
    std::map<PeerName, std::pair<CellRecord, Json>> peers;
    for (const auto& [key, delivery] : warning.deliveries()) {
        const auto state = least_of(delivery);
        if (!state) continue;
        const auto [found, added] = peers.try_emplace(key.peer, *state, Json::array());
        if (!added) found->second.first = less_of(found->second.first, *state);
        found->second.second.push_back(message_view(delivery, *state, records <= kListed));
    }
    Json list = Json::array();
    for (auto& [name, entry] : peers) {
        Json peer = state_members(entry.first);
        peer["peer"] = name.value();
        peer["protocol"] = to_string(warning.protocol_of(name));
        peer["messages"] = std::move(entry.second);
        list.push_back(std::move(peer));
    }
    return list;
}

}  // namespace

Json delivery_view(const Warning& warning) {
    const CellPage first = page_of(warning, std::nullopt, kListed);
    return {{"summary", counts_view(warning.cell_counts())},
            {"peers", peers_view(warning)},
            {"cells", cells_view(first)},
            {"next_cells", next_view(first)}};
}

Json cell_page_view(const Warning& warning, const CellPage& page, const CellCounts& counts) {
    Json list = cells_view(page);
    const auto& chosen = warning.targets().cells;
    for (size_t i = 0; i < list.size(); ++i) {
        const auto found =
            std::lower_bound(chosen.begin(), chosen.end(), page.cells[i].first,
                             [](const ChosenCell& one, const Place& place) { return one.cell < place; });
        const bool there = found != chosen.end() && found->cell == page.cells[i].first;
        list[i]["chosen_by"] = there ? Json(to_string(found->by)) : Json(nullptr);
    }
    return {{"total", sum_of(counts)},
            {"summary", counts_view(counts)},
            {"cells", std::move(list)},
            {"next_cells", next_view(page)}};
}

Json accepted_view(const Warning& warning) {
    const AlertRevision& revision = warning.revision();
    return {{"alert_id", revision.id.value().text()},
            {"revision", revision.revision.value()},
            {"digest", revision.digest.value()},
            {"state", to_string(warning.state())},
            {"cells", warning.division().known_cells},
            {"unknown_cells", places_view(warning.division().unknown)},
            {"summary", counts_view(warning.cell_counts())}};
}

Json summary_view(const Warning& warning) {
    const AlertRevision& revision = warning.revision();
    const Content& content = revision.content;
    Json identifiers = Json::array();
    for (const Message& message : content.messages) identifiers.push_back(message.identifier.value());
    const auto& stop = warning.tombstone();
    return {{"alert_id", revision.id.value().text()},
            {"revision", revision.revision.value()},
            {"digest", revision.digest.value()},
            {"state", to_string(warning.state())},
            {"mode", to_string(content.mode)},
            {"cbe", revision.cbe.value()},
            {"serial_number", content.serial.value()},
            {"message_identifiers", std::move(identifiers)},
            {"start", base::to_rfc3339(content.schedule.start)},
            {"end", base::to_rfc3339(content.schedule.end)},
            {"received", base::to_rfc3339(revision.received)},
            {"stopped_at", stop ? Json(base::to_rfc3339(stop->at)) : Json(nullptr)},
            {"summary", counts_view(warning.cell_counts())}};
}

Json full_view(const Warning& warning) {
    Json view = summary_view(warning);
    view["content"] = content_view(warning.revision().content);
    view["decisions"] = to_json(warning.revision().decisions);
    view["unknown_cells"] = places_view(warning.division().unknown);
    view["targets"] = targets_view(warning.targets());
    view["targets_total"] =
        warning.targets().everywhere ? Json(nullptr) : Json(warning.targets().cells.size());
    view["delivery"] = delivery_view(warning);
    return view;
}

}  // namespace cbc
