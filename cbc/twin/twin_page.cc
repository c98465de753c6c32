// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/twin/twin_page.h"

#include <nlohmann/json.hpp>

#include "cbc/api/request_json.h"
#include "cbc/store/alert_json.h"
#include "common/base/bytes.h"
#include "common/json/object.h"
#include "common/json/parse.h"

namespace cbc {
namespace {

using Json = nlohmann::json;

constexpr size_t kPeersMax = 10'000;
constexpr size_t kRecordsMax = 10'000;
constexpr size_t kRecordHexMax = 16 * 1024 * 1024;

std::optional<AlertId> read_id(json::Object& in, std::string_view name) {
    const auto uuid = base::Uuid::parse(in.string(name, {.max = 36}));
    if (!uuid) {
        in.wrong(name, "must be a UUID");
        return std::nullopt;
    }
    return AlertId{*uuid};
}

base::Instant read_instant(json::Object& in, std::string_view name) {
    const auto time = base::parse_rfc3339(in.string(name, {.max = 40}));
    if (!time) in.wrong(name, "must be a time (RFC 3339)");
    return time ? *time : base::Instant{};
}

PeerName read_peer(json::Object& in) { return PeerName{in.string("peer", {.max = 64})}; }

void read_sides(json::Object& in, LeaseSides& sides) {
    in.objects("peers", {.max = kPeersMax}, [&](json::Object& one) {
        LeaseSide& side = sides[read_peer(one)];
        side.link = one.boolean("link");
        side.writes = one.boolean("writes");
    });
}

void read_offers(json::Object& in, std::vector<TwinOffer>& offers) {
    in.objects("alerts", {.max = kTwinOffersMax}, [&](json::Object& one) {
        const auto id = read_id(one, "alert_id");
        TwinOffer offer;
        offer.revision = Revision{static_cast<uint16_t>(one.integer("revision", {.min = 1, .max = 65535}))};
        offer.digest = Digest{one.string("digest", {.max = 64})};
        offer.stopped = one.boolean("stopped");
        if (!id) return;
        offer.id = *id;
        offers.push_back(std::move(offer));
    });
}

void read_records(json::Object& in, std::vector<TwinRecord>& records) {
    in.objects("deliveries", {.max = kRecordsMax}, [&](json::Object& one) {
        const auto id = read_id(one, "alert_id");
        const PeerName peer = read_peer(one);
        const auto message = one.integer("message_identifier", {.min = 0, .max = 65535});
        const auto octets = base::from_hex(one.string("record", {.max = kRecordHexMax}));
        if (!octets) one.wrong("record", "must be hexadecimal");
        if (!id || !octets) return;
        records.push_back({{*id, peer, MessageIdentifier{static_cast<uint16_t>(message)}},
                           std::string(base::as_text(*octets))});
    });
}

Json stop_json(const Tombstone& stop) {
    return {{"request", {{"digest", stop.seen.value()}, {"decisions", to_json(stop.decisions)}}},
            {"cbe", stop.stopped_by.value()},
            {"at", base::to_rfc3339(stop.at)}};
}

// The body of a request is read as one of a CBE is.
std::string body_of(json::Object& in) {
    const Json* body = in.member("request");
    return body != nullptr ? json::dump(*body) : "{}";
}

std::optional<Tombstone> read_stop(AlertId alert, json::Object in) {
    auto request = read_stop_request(alert, body_of(in));
    if (!request) {
        in.wrong("request", request.error().text);
        return std::nullopt;
    }
    CbeName cbe{in.string("cbe", {.max = 64})};
    const base::Instant at = read_instant(in, "at");
    return Tombstone{alert, std::move(cbe), std::move(request->seen), std::move(request->decisions), at};
}

base::Result<TwinAlert> read_alert(const Json& json) {
    json::Problems problems;
    json::Object in(json, problems);
    auto request = read_send_request(body_of(in), BodyOf::kTwin);
    if (!request) return base::invalid(request.error().text);
    TwinAlert alert;
    alert.revision.id = request->id;
    alert.revision.revision = request->revision;
    alert.revision.content = std::move(request->content);
    // The twin has compared it with the content as the CBE wrote that: with its spaces and zones of time.
    alert.revision.digest = std::move(request->digest);
    alert.revision.decisions = std::move(request->decisions);
    alert.revision.cbe = CbeName{in.string("cbe", {.max = 64})};
    alert.revision.received = read_instant(in, "received");
    if (auto stop = in.optional_object("stop")) alert.stop = read_stop(alert.revision.id, *stop);
    if (!problems.empty()) return problems.error();
    return alert;
}

}  // namespace

std::string to_text(const TwinPage& page) {
    Json peers = Json::array();
    for (const auto& [peer, side] : page.sides)
        peers.push_back({{"peer", peer.value()}, {"link", side.link}, {"writes", side.writes}});
    Json alerts = Json::array();
    for (const TwinOffer& offer : page.offers)
        alerts.push_back({{"alert_id", offer.id.value().text()},
                          {"revision", offer.revision.value()},
                          {"digest", offer.digest.value()},
                          {"stopped", offer.stopped}});
    Json deliveries = Json::array();
    for (const TwinRecord& record : page.records)
        deliveries.push_back({{"alert_id", record.key.alert.value().text()},
                              {"peer", record.key.peer.value()},
                              {"message_identifier", record.key.message.value()},
                              {"record", base::to_hex(base::as_bytes(record.octets))}});
    return json::dump({{"instance", page.instance},
                       {"last", page.last},
                       {"more", page.more},
                       {"state", page.state},
                       {"lease_ms", page.lease.count()},
                       {"peers", std::move(peers)},
                       {"alerts", std::move(alerts)},
                       {"deliveries", std::move(deliveries)}});
}

// Members that a later version adds are passed over.
base::Result<TwinPage> read_twin_page(std::string_view text) {
    const auto parsed = json::parse(text);
    if (!parsed) return parsed.error();
    json::Problems problems;
    json::Object in(*parsed, problems);
    TwinPage page;
    page.instance = in.string("instance", {.max = 64});
    page.last = static_cast<uint64_t>(in.integer("last", {}));
    page.more = in.boolean("more");
    page.state = static_cast<uint64_t>(in.integer("state", {}));
    page.lease = std::chrono::milliseconds{
        in.integer("lease_ms", {.min = kTwinLeaseMin.count(), .max = kTwinLeaseMax.count()})};
    read_sides(in, page.sides);
    read_offers(in, page.offers);
    read_records(in, page.records);
    if (!problems.empty()) return problems.error();
    return page;
}

std::string to_text(const AlertRevision& revision, const Tombstone* stop) {
    return json::dump({{"request",
                        {{"alert_id", revision.id.value().text()},
                         {"revision", revision.revision.value()},
                         {"content", to_json(revision.content)},
                         {"digest", revision.digest.value()},
                         {"decisions", to_json(revision.decisions)}}},
                       {"cbe", revision.cbe.value()},
                       {"received", base::to_rfc3339(revision.received)},
                       {"stop", stop != nullptr ? stop_json(*stop) : Json(nullptr)}});
}

std::string alerts_text(const std::vector<std::string>& members) {
    std::string text = R"({"alerts":[)";
    for (const std::string& member : members) {
        if (&member != &members.front()) text += ',';
        text += member;
    }
    return text + "]}";
}

base::Result<TwinAlerts> read_twin_alerts(std::string_view text) {
    const auto parsed = json::parse(text);
    if (!parsed) return parsed.error();
    json::Problems problems;
    json::Object in(*parsed, problems);
    const Json* list = in.member("alerts");
    if (list == nullptr) return problems.error();
    if (!list->is_array() || list->size() > kTwinAlertsMax)
        return base::invalid("/alerts must be a list of at most " + std::to_string(kTwinAlertsMax));
    TwinAlerts alerts;
    for (const Json& one : *list) {
        auto alert = read_alert(one);
        if (alert)
            alerts.good.push_back(std::move(*alert));
        else
            alerts.unreadable.push_back(alert.error().text);
    }
    return alerts;
}

}  // namespace cbc
