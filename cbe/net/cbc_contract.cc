// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/net/cbc_contract.h"

#include <nlohmann/json.hpp>

#include "common/json/object.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

constexpr json::ArrayRule kCells{.max = 100'000};
constexpr json::ArrayRule kPeers{.max = 10'000};
// state, cause and since, the same for peers and cells.
template <class Part>
void read_state(json::Object& item, Part& part) {
    const std::string word = item.string("state", {.max = 32});
    if (const auto state = delivery_state_of(word))
        part.state = *state;
    else
        item.wrong("state", "is not a delivery state");
    part.cause = item.optional_string("cause", {.max = 256, .min = 0}).value_or("");
    const auto since = base::parse_rfc3339(item.string("since", {.max = 40}));
    if (since)
        part.since = *since;
    else
        item.wrong("since", "is not a time");
}

void read_cell(json::Object& item, CbcDelivery& delivery) {
    CellDelivery made;
    json::Object cell = item.object("cell");
    const std::string technology = cell.string("technology", {.max = 8});
    const std::string mcc = cell.string("mcc", {.max = 3});
    const std::string mnc = cell.string("mnc", {.max = 3});
    if (!cell.has("ci")) return;  // an area that was asked for as a whole: its cells are told by themselves
    const auto lac = cell.optional_integer("lac", {.max = 65535});
    const int64_t ci = cell.integer("ci", {.max = kLargestCellNumber});
    const auto identity = make_cell(technology, mcc, mnc, lac, ci);
    if (identity)
        made.cell = *identity;
    else
        item.wrong("cell", identity.error().text);
    read_state(item, made);
    delivery.cells.push_back(std::move(made));
}

// It becomes part of a path.
std::string next_of(json::Object& page) {
    std::string next = page.optional_string("next_cells", {.max = 64, .min = 0}).value_or("");
    if (next.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz:-") != std::string::npos)
        page.wrong("next_cells", "is not a place");
    return next;
}

// "detail" of a problem, else the status alone.
std::string why_of(const http::Response& response) {
    const auto body = json::parse(response.body);
    if (body && body->is_object() && body->contains("detail") && body->at("detail").is_string())
        return body->at("detail").get<std::string>().substr(0, 500);
    return "status " + std::to_string(response.status);
}

std::string code_of(const http::Response& response) {
    const auto body = json::parse(response.body);
    if (body && body->is_object() && body->contains("code") && body->at("code").is_string())
        return body->at("code").get<std::string>();
    return {};
}

}  // namespace

base::Result<AlertAnswer> parse_alert(std::string_view body, const std::string& cbc) {
    const auto parsed = json::parse(body);
    if (!parsed) return parsed.error();
    json::Problems problems;
    json::Object alert(*parsed, problems);
    AlertAnswer made{{cbc, alert.string("state", {.max = 32}), {}, {}}, {}};
    made.delivery.revision = static_cast<uint16_t>(alert.integer("revision", {.min = 1, .max = 65535}));
    json::Object delivery = alert.object("delivery");
    delivery.objects("peers", kPeers, [&](json::Object& item) {
        PeerDelivery peer;
        peer.peer = item.string("peer", {.max = 128});
        read_state(item, peer);
        made.delivery.peers.push_back(std::move(peer));
    });
    delivery.objects("cells", kCells, [&](json::Object& item) { read_cell(item, made.delivery); });
    made.next_cells = next_of(delivery);
    if (!problems.empty()) return problems.error();
    return made;
}

base::Result<std::string> add_cells(std::string_view body, CbcDelivery& delivery) {
    const auto parsed = json::parse(body);
    if (!parsed) return parsed.error();
    json::Problems problems;
    json::Object page(*parsed, problems);
    size_t read = 0;
    page.objects("cells", kCells, [&](json::Object& item) {
        read_cell(item, delivery);
        ++read;
    });
    std::string next = next_of(page);
    if (!problems.empty()) return problems.error();
    if (!next.empty() && (read == 0 || delivery.cells.size() > kCells.max))
        return base::invalid("the pages of cells do not end");
    return next;
}

base::Result<std::vector<NetworkPeer>> parse_peers(std::string_view body) {
    const auto parsed = json::parse(body);
    if (!parsed) return parsed.error();
    json::Problems problems;
    json::Object answer(*parsed, problems);
    std::vector<NetworkPeer> peers;
    answer.objects("peers", kPeers, [&](json::Object& item) {
        NetworkPeer peer{item.string("name", {.max = 128}),
                         item.string("protocol", {.max = 16}),
                         item.string("state", {.max = 16}) == "up",
                         {}};
        if (const auto since = base::parse_rfc3339(item.string("since", {.max = 40}))) peer.since = *since;
        peers.push_back(std::move(peer));
    });
    if (!problems.empty()) return problems.error();
    return peers;
}

base::Result<AlertId> parse_alert_event(std::string_view data) {
    const auto parsed = json::parse(data);
    if (!parsed) return parsed.error();
    json::Problems problems;
    json::Object event(*parsed, problems);
    const std::string id = event.string("alert_id", {.max = 36});
    if (!problems.empty()) return problems.error();
    return base::Uuid::parse(id);
}

SendAnswer judge(const base::Result<http::Response>& response, Request request) {
    if (!response) return {Taking::kTryAgain, response.error().text};
    if (response->status == 202) return {Taking::kTaken, ""};
    // What was never sent there needs no stopping.
    if (request == Request::kStop && response->status == 404 && code_of(*response) == "alert-unknown")
        return {Taking::kTaken, ""};
    const bool later = response->status >= 500 || response->status == 408 || response->status == 429;
    return {later ? Taking::kTryAgain : Taking::kRefused, why_of(*response)};
}

}  // namespace cbe
