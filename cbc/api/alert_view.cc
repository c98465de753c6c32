// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/alert_view.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "cbc/store/alert_json.h"

namespace cbc {
namespace {

using Json = nlohmann::json;

// How far a delivery has come, least first: of several messages the least counts, of several peers the most.
constexpr std::array kProgress{
    DeliveryState::kUnknownCell,  DeliveryState::kUnknownToPeer, DeliveryState::kStopFailed,
    DeliveryState::kRefused,      DeliveryState::kNoAnswer,      DeliveryState::kNotConnected,
    DeliveryState::kQueued,       DeliveryState::kSent,          DeliveryState::kStopSent,
    DeliveryState::kNotReported,  DeliveryState::kAccepted,      DeliveryState::kScheduled,
    DeliveryState::kBroadcasting, DeliveryState::kStopped,       DeliveryState::kNotSentTraining};

size_t progress(DeliveryState state) {
    return static_cast<size_t>(std::find(kProgress.begin(), kProgress.end(), state) - kProgress.begin());
}

enum class Pick { kLeast, kMost };
const CellRecord& choose(const CellRecord& a, const CellRecord& b, Pick pick) {
    const bool a_less = progress(a.state) <= progress(b.state);
    return a_less == (pick == Pick::kLeast) ? a : b;
}

Json cause_view(const std::optional<Cause>& cause) { return cause ? Json(text_of(*cause)) : Json(nullptr); }

Json cell_view(const Place& cell, const CellRecord& record) {
    return {{"cell", to_json(cell)},
            {"state", to_string(record.state)},
            {"cause", cause_view(record.cause)},
            {"since", base::to_rfc3339(record.since)},
            {"broadcasts", record.broadcasts ? Json(*record.broadcasts) : Json(nullptr)}};
}

using CellRecords = std::map<Place, CellRecord>;

// The least advanced cell stands for all of them.
std::optional<CellRecord> least(const Delivery& delivery) {
    std::optional<CellRecord> found;
    for (const auto& [cell, record] : delivery.cells())
        found = found ? choose(*found, record, Pick::kLeast) : record;
    return found ? found : delivery.rest();
}

CellRecord plain(DeliveryState state, base::Instant since, std::optional<Cause> cause = std::nullopt) {
    CellRecord record;
    record.state = state;
    record.since = since;
    record.cause = cause;
    return record;
}

// Every cell once.
CellRecords cells_of(const Warning& warning) {
    std::map<std::pair<PeerName, Place>, CellRecord> by_peer;
    for (const auto& [key, delivery] : warning.deliveries())
        for (const auto& [cell, record] : delivery.cells()) {
            const auto [found, added] = by_peer.try_emplace({key.peer, cell}, record);
            if (!added) found->second = choose(found->second, record, Pick::kLeast);
        }
    CellRecords cells;
    for (const auto& [place, record] : by_peer) {
        const auto [found, added] = cells.try_emplace(place.second, record);
        if (!added) found->second = choose(found->second, record, Pick::kMost);
    }
    const base::Instant received = warning.revision().received;
    for (const Place& cell : warning.division().unknown)
        cells.insert_or_assign(cell, plain(DeliveryState::kUnknownCell, received));
    for (const Place& cell : warning.division().unserved)
        cells.try_emplace(cell, plain(DeliveryState::kNotConnected, received, kCauseNoPeer));
    // Nothing was asked of any peer yet, or ever will be.
    const bool training = warning.revision().content.mode == Mode::kTraining;
    const DeliveryState waiting = training ? DeliveryState::kNotSentTraining : DeliveryState::kQueued;
    if (training || warning.deliveries().empty())
        for (const auto& [peer, share] : warning.division().shares) {
            const auto* chosen = std::get_if<PlaceSet>(&share.area);
            for (const Place& cell : chosen != nullptr ? *chosen : share.known)
                cells.try_emplace(cell, plain(waiting, received));
        }
    return cells;
}

Json counts_of(const CellRecords& cells) {
    std::map<std::string, size_t> counts;
    for (const auto& [cell, record] : cells) ++counts[std::string(to_string(record.state))];
    return Json(counts);
}

Json cells_view(const PlaceSet& cells) {
    Json list = Json::array();
    for (const Place& cell : cells) list.push_back(to_json(cell));
    return list;
}

// Which cells were chosen and why; null for the whole network.
Json targets_view(const Targets& targets) {
    if (targets.everywhere) return nullptr;
    Json list = Json::array();
    for (const auto& [cell, reason] : targets.cells)
        list.push_back({{"cell", to_json(cell)}, {"chosen_by", to_string(reason)}});
    return list;
}

Json state_members(const CellRecord& record) {
    return {{"state", to_string(record.state)},
            {"cause", cause_view(record.cause)},
            {"since", base::to_rfc3339(record.since)}};
}

Json message_view(const Delivery& delivery, const CellRecord& state) {
    Json message = state_members(state);
    message["message_identifier"] = delivery.identifier().value();
    message["cells"] = Json::array();
    for (const auto& [cell, record] : delivery.cells()) message["cells"].push_back(cell_view(cell, record));
    return message;
}

Json peers_view(const Warning& warning) {
    std::map<PeerName, std::pair<CellRecord, Json>> peers;
    for (const auto& [key, delivery] : warning.deliveries()) {
        const auto state = least(delivery);
        if (!state) continue;
        const auto [found, added] = peers.try_emplace(key.peer, *state, Json::array());
        if (!added) found->second.first = choose(found->second.first, *state, Pick::kLeast);
        found->second.second.push_back(message_view(delivery, *state));
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
    const CellRecords cells = cells_of(warning);
    Json list = Json::array();
    for (const auto& [cell, record] : cells) list.push_back(cell_view(cell, record));
    return {{"summary", counts_of(cells)}, {"peers", peers_view(warning)}, {"cells", std::move(list)}};
}

Json accepted_view(const Warning& warning) {
    const AlertRevision& revision = warning.revision();
    return {
        {"alert_id", revision.id.value().text()},  {"revision", revision.revision.value()},
        {"digest", revision.digest.value()},       {"state", to_string(warning.state())},
        {"cells", warning.division().known_cells}, {"unknown_cells", cells_view(warning.division().unknown)},
        {"summary", counts_of(cells_of(warning))}};
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
            {"summary", counts_of(cells_of(warning))}};
}

Json full_view(const Warning& warning) {
    Json view = summary_view(warning);
    view["content"] = to_json(warning.revision().content);
    view["decisions"] = to_json(warning.revision().decisions);
    view["unknown_cells"] = cells_view(warning.division().unknown);
    view["targets"] = targets_view(warning.targets());
    view["delivery"] = delivery_view(warning);
    return view;
}

}  // namespace cbc
