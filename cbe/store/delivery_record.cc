// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/delivery_record.h"

#include "cbe/store/record_parts.h"
#include "cbe/store/tables.h"
#include "common/store/key.h"

namespace cbe {
namespace {

using namespace parts;

// state, cause and since, the same for peers and cells.
template <class Part>
Json state_json(const Part& part) {
    return {{"state", to_string(part.state)}, {"cause", part.cause}, {"since", micros(part.since)}};
}

template <class Part>
void read_state(const Json& json, Part& part) {
    part.state = word(json.at("state"), delivery_state_of);
    part.cause = json.at("cause").get<std::string>();
    part.since = instant(json.at("since"));
}

std::optional<SendingWhat> sending_what_of(std::string_view text) {
    for (const SendingWhat what : {SendingWhat::kSend, SendingWhat::kStop})
        if (to_string(what) == text) return what;
    return {};
}

std::optional<SendingState> sending_state_of(std::string_view text) {
    for (const SendingState state : {SendingState::kWaiting, SendingState::kTaken, SendingState::kRefused})
        if (to_string(state) == text) return state;
    return {};
}

CbcDelivery delivery_of(const Json& json) {
    CbcDelivery delivery{json.at("cbc").get<std::string>(),
                         json.at("state").get<std::string>(),
                         {},
                         {},
                         json.value("revision", uint16_t{1})};
    for (const Json& row : json.at("peers")) {
        PeerDelivery peer;
        peer.peer = row.at("peer").get<std::string>();
        read_state(row, peer);
        delivery.peers.push_back(std::move(peer));
    }
    for (const Json& row : json.at("cells")) {
        CellDelivery cell;
        cell.cell = cell_of(row.at("cell"));
        read_state(row, cell);
        delivery.cells.push_back(std::move(cell));
    }
    return delivery;
}

// Calls `each` for the values of a table under an alert.
template <class Each>
void scan_under(const store::Reader& reader, std::string_view table, const AlertId& id, Each each) {
    const store::Key prefix = store::Key().uuid(id);
    reader.scan(table, prefix, prefix, [&](std::string_view, std::string_view value) {
        each(value);
        return true;
    });
}

store::Key sending_key(const AlertId& id, const Sending& sending) {
    return store::Key().uuid(id).text(sending.cbc).text(to_string(sending.what));
}

}  // namespace

std::string encode(const CbcDelivery& delivery) {
    Json peers = Json::array();
    for (const PeerDelivery& peer : delivery.peers) {
        Json json = state_json(peer);
        json["peer"] = peer.peer;
        peers.push_back(std::move(json));
    }
    Json cells = Json::array();
    for (const CellDelivery& cell : delivery.cells) {
        Json json = state_json(cell);
        json["cell"] = cell.cell.text();
        cells.push_back(std::move(json));
    }
    return store::encode_record(kVersion, {{"cbc", delivery.cbc},
                                           {"state", delivery.state},
                                           {"revision", delivery.revision},
                                           {"peers", std::move(peers)},
                                           {"cells", std::move(cells)}});
}

base::Result<CbcDelivery> decode_delivery(std::string_view row) {
    return store::decode_record<CbcDelivery>(
        row, kVersion, [](store::RecordVersion, const Json& json) { return delivery_of(json); });
}

std::string_view to_string(SendingWhat what) {
    switch (what) {
        case SendingWhat::kSend:
            return "send";
        case SendingWhat::kStop:
            return "stop";
    }
    return "unknown";
}

std::string_view to_string(SendingState state) {
    switch (state) {
        case SendingState::kWaiting:
            return "waiting";
        case SendingState::kTaken:
            return "taken";
        case SendingState::kRefused:
            return "refused";
    }
    return "unknown";
}

std::string encode(const Sending& sending) {
    return store::encode_record(kVersion, {{"cbc", sending.cbc},
                                           {"what", to_string(sending.what)},
                                           {"state", to_string(sending.state)},
                                           {"text", sending.text}});
}

base::Result<Sending> decode_sending(std::string_view row) {
    return store::decode_record<Sending>(row, kVersion, [](store::RecordVersion, const Json& json) {
        return Sending{json.at("cbc").get<std::string>(), word(json.at("what"), sending_what_of),
                       word(json.at("state"), sending_state_of), json.at("text").get<std::string>()};
    });
}

std::vector<CbcDelivery> deliveries_of(const store::Reader& reader, const AlertId& id) {
    std::vector<CbcDelivery> all;
    scan_under(reader, tables::kDeliveries, id, [&](std::string_view value) {
        if (auto delivery = decode_delivery(value)) all.push_back(*std::move(delivery));
    });
    return all;
}

std::vector<Sending> sendings_of(const store::Reader& reader, const AlertId& id) {
    std::vector<Sending> all;
    scan_under(reader, tables::kSendings, id, [&](std::string_view value) {
        if (auto sending = decode_sending(value)) all.push_back(*std::move(sending));
    });
    return all;
}

void put_delivery(store::Transaction& transaction, const AlertId& id, const CbcDelivery& delivery) {
    transaction.put(tables::kDeliveries, store::Key().uuid(id).text(delivery.cbc), encode(delivery));
}

void put_sending(store::Transaction& transaction, const AlertId& id, const Sending& sending) {
    transaction.put(tables::kSendings, sending_key(id, sending), encode(sending));
}

void erase_sending(store::Transaction& transaction, const AlertId& id, const Sending& sending) {
    transaction.erase(tables::kSendings, sending_key(id, sending));
}

}  // namespace cbe
