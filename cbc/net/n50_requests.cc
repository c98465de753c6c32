// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/n50_requests.h"

#include <algorithm>
#include <map>
#include <set>

#include "cbc/domain/message_content.h"
#include "cbc/net/request_queue.h"

namespace cbc {
namespace {

constexpr std::string_view kContentId = "ngap-1";

Ecgi ecgi_of(const Place& place) { return {place.plmn, static_cast<uint32_t>(place.cell)}; }
Ncgi ncgi_of(const Place& place) { return {place.plmn, place.cell}; }
Tai5gs tai_of(const Place& place) { return {place.plmn, place.area}; }
EmergencyArea emergency_area_of(const Place& place) {
    return {{static_cast<uint8_t>(place.cell >> 16), static_cast<uint8_t>(place.cell >> 8),
             static_cast<uint8_t>(place.cell)}};
}

template <class T>
ngap::WarningArea listed(const PlaceSet& places, T (*name)(const Place&)) {
    std::vector<T> list;
    list.reserve(places.size());
    for (const Place& place : places) list.push_back(name(place));
    return list;
}

// REQUIRES places of one technology and one kind, at least one.
ngap::WarningArea warning_area_of(const PlaceSet& places) {
    switch (places.front().kind) {
        case PlaceKind::kArea:
            return listed(places, tai_of);
        case PlaceKind::kEmergencyArea:
            return listed(places, emergency_area_of);
        case PlaceKind::kCell:
            break;
    }
    if (places.front().technology == Technology::kNr) return listed(places, ncgi_of);
    return listed(places, ecgi_of);
}

std::vector<Tai5gs> areas_of(const PlaceSet& places, const AreaOf& area_of) {
    std::vector<Tai5gs> areas;
    for (const Place& place : places) {
        if (place.kind == PlaceKind::kEmergencyArea) return {};
        const auto area = place.kind == PlaceKind::kArea ? std::optional(place.area) : area_of(place);
        if (!area) return {};
        areas.push_back({place.plmn, *area});
    }
    return areas;
}

// What one list of NGAP can name. Everywhere is one part without places.
std::vector<PlaceSet> parts_of(const PeerArea& area) {
    const auto* places = std::get_if<PlaceSet>(&area);
    if (places == nullptr) return {PlaceSet{}};
    std::map<std::pair<Technology, PlaceKind>, PlaceSet> parts;
    for (const Place& place : *places) parts[{place.technology, place.kind}].push_back(place);
    std::vector<PlaceSet> out;
    for (auto& [kind, part] : parts) out.push_back(std::move(part));
    return out;
}

// The nodes that get it: those of the tracking areas, so that no others are troubled, or the one that has
// restarted.
void address(N50Transfer& transfer, PlaceSet part, const std::optional<RadioNode>& node,
             const AreaOf& area_of) {
    n50::TransferRequest& request = transfer.request;
    if (node) request.nodes = {ran_node_of(*node)};
    if (part.empty()) return;
    request.rat = part.front().technology == Technology::kNr ? n50::Rat::kNr : n50::Rat::kEutra;
    transfer.areas = areas_of(part, area_of);
    if (!node) {
        request.tais = transfer.areas;
        std::sort(request.tais.begin(), request.tais.end());
        request.tais.erase(std::unique(request.tais.begin(), request.tais.end()), request.tais.end());
    }
    transfer.places = std::move(part);
}

std::vector<N50Transfer> addressed(
    const PeerArea& area, const std::optional<RadioNode>& node, const n50::TransferRequest& request,
    const AreaOf& area_of, const std::function<ngap::Message(std::optional<ngap::WarningArea>)>& make) {
    std::vector<N50Transfer> transfers;
    for (PlaceSet& part : parts_of(area)) {
        auto named = part.empty() ? std::nullopt : std::optional(warning_area_of(part));
        N50Transfer transfer{request, make(std::move(named))};
        address(transfer, std::move(part), node, area_of);
        transfers.push_back(std::move(transfer));
    }
    return transfers;
}

n50::TransferRequest about(MessageIdentifier identifier, SerialNumber serial, ngap::Procedure procedure,
                           const N50Manner& manner) {
    n50::TransferRequest request{.message_identifier = identifier, .serial = serial};
    request.ngap_procedure = static_cast<uint8_t>(procedure);
    request.content_id = kContentId;
    request.send_ran_response = true;
    request.omc_id = manner.omc_id;
    request.nf_id = manner.nf_id;
    return request;
}

// An ETWS message is its primary notification and, where it has one, as what follows the text.
base::Result<ngap::WriteReplaceWarningRequest> warning_of(const WriteRequest& write) {
    const auto text = pages_of(write.message);
    if (!text) return text.error();
    const MessageIdentifier identifier = write.message.identifier;
    const auto period =
        std::clamp<int64_t>(write.schedule.repetition_period.count(), 1, ngap::kRepetitionPeriodMax);
    ngap::WriteReplaceWarningRequest out{};
    out.message_identifier = identifier;
    out.serial = write.serial;
    out.repetition_period = static_cast<uint32_t>(period);
    // More than can be said is 0, until it is cancelled; but of ETWS 0 is none at all (TS 23.041 §9.1.3.4.2).
    const uint16_t most = cbs::is_etws(identifier) ? UINT16_MAX : 0;
    out.number_of_broadcasts =
        broadcasts_within(write.schedule, write.at, std::chrono::seconds{period}).value_or(most);
    if (*text) {
        out.coding = (*text)->coding;
        out.contents = cbs::to_cb_data((*text)->pages);
    }
    if (!cbs::is_etws(identifier)) {
        out.concurrent = true;  // without it everything else there goes off the air
        return out;
    }
    out.warning_type = etws_type_of(write.message, write.serial);
    if (const auto& security = write.message.security)
        out.security.assign(security->begin(), security->end());
    return out;
}

}  // namespace

base::Result<std::vector<N50Transfer>> to_n50(const PeerRequest& request, const N50Manner& manner,
                                              const AreaOf& area_of) {
    if (const auto* write = std::get_if<WriteRequest>(&request)) {
        const auto warning = warning_of(*write);
        if (!warning) return warning.error();
        return addressed(
            write->area, write->restarted,
            about(write->message.identifier, write->serial, ngap::Procedure::kWriteReplaceWarning, manner),
            area_of, [&](auto named) {
                auto message = *warning;
                message.area = std::move(named);
                return ngap::Message{std::move(message)};
            });
    }
    if (const auto* kill = std::get_if<KillRequest>(&request)) {
        return addressed(kill->area, std::nullopt,
                         about(kill->identifier, kill->serial, ngap::Procedure::kPwsCancel, manner), area_of,
                         [&](auto named) {
                             return ngap::Message{
                                 ngap::PwsCancelRequest{kill->identifier, kill->serial, std::move(named)}};
                         });
    }
    return base::invalid("an AMF cannot be asked how a warning goes");
}

std::vector<CellFailure> unknown_in(const N50Transfer& transfer, const n50::TransferAnswer& answer) {
    std::vector<CellFailure> failures;
    constexpr uint16_t kTrackingAreaNotValid = 4;
    const std::set<Tai5gs> unknown(answer.unknown_tais.begin(), answer.unknown_tais.end());
    for (size_t i = 0; i < transfer.areas.size(); ++i) {
        if (!unknown.contains(transfer.areas[i])) continue;
        failures.push_back({exactly(transfer.places[i]), sbcap_cause(kTrackingAreaNotValid)});
    }
    return failures;
}

Cause cause_of(int status, const n50::Refusal& refusal) {
    return refusal.namf_cause ? sbcap_cause(*refusal.namf_cause) : n50_cause(static_cast<uint16_t>(status));
}

RadioNode radio_node_of(const RanNode& node) {
    if (const auto* gnb = std::get_if<GnbId>(&node))
        return {RadioNode::Kind::kGnb, gnb->plmn, gnb->value, gnb->bits};
    const auto& enb = std::get<NgEnbId>(node);
    return {RadioNode::Kind::kNgEnb, enb.plmn, enb.value, enb.bits};
}

RanNode ran_node_of(const RadioNode& node) {
    if (node.kind == RadioNode::Kind::kGnb) return GnbId{node.plmn, node.value, node.bits};
    return NgEnbId{node.plmn, node.value, node.bits};
}

}  // namespace cbc
