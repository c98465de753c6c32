// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/sbcap_requests.h"

#include <algorithm>
#include <set>

#include "cbc/domain/message_content.h"

namespace cbc {
namespace {

constexpr std::chrono::seconds kLongestPeriod{sbcap::kRepetitionPeriodMax};

constexpr MessageIdentifier kNobodys{0xffff};
constexpr SerialNumber kNobodysSerial{0xffff};
constexpr uint16_t kNoTrackingArea = 0xfffe;

// --- places of a request ---

Tai lte_area(const PlmnId& plmn, uint32_t code) { return {plmn, static_cast<uint16_t>(code)}; }

EmergencyArea emergency_area_of(const Place& place) {
    const auto octet = [&](unsigned shift) { return static_cast<uint8_t>(place.cell >> shift); };
    return {{octet(16), octet(8), octet(0)}};
}

template <class Value, class Make>
std::vector<Value> each_of(const PlaceSet& places, Make&& make) {
    std::vector<Value> all;
    all.reserve(places.size());
    for (const Place& place : places) all.push_back(make(place));
    return all;
}

// The tracking areas that the places are in, each once; none when one of them is unknown.
template <class Area, class Make>
std::vector<Area> areas_of(const PlaceSet& places, const Network& network, Make&& make) {
    std::set<Area> areas;
    for (const Place& place : places) {
        if (place.kind == PlaceKind::kEmergencyArea) {
            const auto& rows = network.cells().rows_in(place);
            if (rows.empty()) return {};
            for (const uint32_t row : rows) {
                const auto code = network.cells().rows()[row].tracking_area;
                if (!code) return {};
                areas.insert(make(place.plmn, *code));
            }
            continue;
        }
        const auto code = network.area_of(place);
        if (!code) return {};
        areas.insert(make(place.plmn, *code));
    }
    return {areas.begin(), areas.end()};
}

// Both kinds of request say where in the same elements.
template <class Request>
void put_lte(Request& request, const PlaceSet& places, const Network& network) {
    request.tais = areas_of<Tai>(places, network, lte_area);
    switch (places.front().kind) {
        case PlaceKind::kCell:
            request.area = each_of<Ecgi>(places, [](const Place& c) {
                return Ecgi{c.plmn, static_cast<uint32_t>(c.cell)};
            });
            return;
        case PlaceKind::kArea:
            request.area = request.tais;
            return;
        case PlaceKind::kEmergencyArea:
            request.area = each_of<EmergencyArea>(places, emergency_area_of);
            return;
    }
}

template <class Request>
void put_nr(Request& request, const PlaceSet& places, const Network& network) {
    sbcap::Request5gs& nr = request.nr;
    nr.rat_selector = true;
    nr.tais = areas_of<Tai5gs>(places, network, [](const PlmnId& plmn, uint32_t code) {
        return Tai5gs{plmn, code};
    });
    switch (places.front().kind) {
        case PlaceKind::kCell:
            nr.area = each_of<Ncgi>(places, [](const Place& c) { return Ncgi{c.plmn, c.cell}; });
            return;
        case PlaceKind::kArea:
            // Its list of areas has one entry; with more of them the list of TAIs alone chooses.
            if (nr.tais.size() == 1) nr.area = nr.tais.front();
            return;
        case PlaceKind::kEmergencyArea:
            nr.area = each_of<EmergencyArea>(places, emergency_area_of);
            return;
    }
}

template <class Request>
base::Result<void> put_area(Request& request, const PeerArea& area, const Network& network) {
    const auto* places = std::get_if<PlaceSet>(&area);
    if (places == nullptr) return {};
    if (places->empty()) return base::invalid("a request for no place");
    const Place& first = places->front();
    for (const Place& place : *places)
        if (place.technology != first.technology || place.kind != first.kind)
            return base::invalid("a request for places of several kinds");
    if (first.technology == Technology::kLte)
        put_lte(request, *places, network);
    else if (first.technology == Technology::kNr)
        put_nr(request, *places, network);
    else
        return base::invalid("an MME has no places like " + first.text());
    return {};
}

void put_node(sbcap::WriteReplaceWarningRequest& write, const RadioNode& node) {
    switch (node.kind) {
        case RadioNode::Kind::kEnb:
            write.enb = EnbId{node.plmn, node.value, node.bits};
            return;
        case RadioNode::Kind::kNgEnb:
            write.nr.node = NgEnbId{node.plmn, node.value, node.bits};
            return;
        case RadioNode::Kind::kGnb:
            write.nr.node = GnbId{node.plmn, node.value, node.bits};
            return;
    }
}

// --- requests ---

// TS 29.168 §4.3.4.3.9: 0 broadcasts are "until stopped", but none at all of an ETWS message.
void put_schedule(sbcap::WriteReplaceWarningRequest& write, const WriteRequest& request, bool etws) {
    const auto period =
        std::clamp(request.schedule.repetition_period, std::chrono::seconds{0}, kLongestPeriod);
    write.repetition_period = static_cast<uint32_t>(period.count());
    write.number_of_broadcasts = 1;  // a period of 0 goes with nothing else
    if (period.count() == 0) return;
    const uint16_t most = etws ? UINT16_MAX : 0;
    write.number_of_broadcasts = broadcasts_within(request.schedule, request.at, period).value_or(most);
}

base::Result<void> fill(sbcap::Message& message, const WriteRequest& request, const Network& network) {
    const MessageIdentifier identifier = request.message.identifier;
    const bool etws = cbs::is_etws(identifier);
    auto& write = message.emplace<sbcap::WriteReplaceWarningRequest>();
    write.message_identifier = identifier;
    write.serial = request.serial;
    put_schedule(write, request, etws);
    if (etws) {
        const auto& security = request.message.security;
        write.warning_type = etws_type_of(request.message, request.serial);
        if (security) write.security.assign(security->begin(), security->end());
    }
    // A primary notification has no text; with one, the secondary goes along.
    const auto text = pages_of(request.message);
    if (!text) return text.error();
    if (*text) {
        write.coding = (*text)->coding;
        write.contents = cbs::to_cb_data((*text)->pages);
    }
    write.concurrent = !etws;
    write.send_indication = true;
    if (auto put = put_area(write, request.area, network); !put) return put.error();
    if (request.restarted) put_node(write, *request.restarted);
    return {};
}

base::Result<void> fill(sbcap::Message& message, const KillRequest& request, const Network& network) {
    auto& stop = message.emplace<sbcap::StopWarningRequest>();
    stop.message_identifier = request.identifier;
    stop.serial = request.serial;
    stop.send_indication = true;
    return put_area(stop, request.area, network);
}

base::Result<void> fill(sbcap::Message&, const StatusRequest&, const Network&) {
    return base::invalid("an MME cannot be asked how often a message was broadcast");
}

// --- what an MME says ---

Place place_of(const Ecgi& cell) { return Place::lte_cell(cell.plmn, cell.cell); }
Place place_of(const Ncgi& cell) { return Place::nr_cell(cell.plmn, cell.cell); }
Place place_of(const Tai& area) { return Place::area_of(Technology::kLte, area.plmn, area.tac); }
Place place_of(const Tai5gs& area) { return Place::area_of(Technology::kNr, area.plmn, area.tac); }

// Its number is the operator's own, whichever network broadcasts it.
PlacePattern emergency_area(Technology technology, const EmergencyArea& area) {
    const auto number = static_cast<uint64_t>(area.octets[0]) << 16U |
                        static_cast<uint64_t>(area.octets[1]) << 8U | area.octets[2];
    return {.technology = technology, .kind = PlaceKind::kEmergencyArea, .cell = number};
}

template <class Cells>
void add_counts(std::vector<CellCount>& counts, const std::optional<Cells>& lists) {
    if (!lists) return;
    const auto add = [&](const auto& cells) {
        for (const auto& one : cells) counts.push_back({exactly(place_of(one.cell)), one.broadcasts});
    };
    add(lists->cells);
    for (const auto& part : lists->by_tracking_area) add(part.cells);
    for (const auto& part : lists->by_emergency_area) add(part.cells);
}

RadioNode node_of(const EnbId& id) { return {RadioNode::Kind::kEnb, id.plmn, id.value, id.bits}; }
RadioNode node_of(const GnbId& id) { return {RadioNode::Kind::kGnb, id.plmn, id.value, id.bits}; }
RadioNode node_of(const RanNode& node) {
    if (const auto* gnb = std::get_if<GnbId>(&node)) return node_of(*gnb);
    const auto& id = std::get<NgEnbId>(node);
    return {RadioNode::Kind::kNgEnb, id.plmn, id.value, id.bits};
}

// The upper bits of a cell's identity are those of its node.
bool is_cell_of(const Place& cell, const std::set<RadioNode>& nodes, RadioNode::Kind kind, uint8_t bits) {
    const unsigned all = cell_bits(cell.technology);
    if (bits > all) return false;
    return nodes.contains({kind, cell.plmn, static_cast<uint32_t>(cell.cell >> (all - bits)), bits});
}

void add_cells_of(std::vector<CellCount>& counts, const std::set<RadioNode>& nodes, const Network& network) {
    std::set<std::pair<RadioNode::Kind, uint8_t>> sizes;
    for (const RadioNode& node : nodes) sizes.emplace(node.kind, node.bits);
    for (const CellRow& row : network.cells().rows()) {
        const Place& cell = row.identity;
        if (names_area(cell.technology)) continue;
        const bool nr = cell.technology == Technology::kNr;
        for (const auto& [kind, bits] : sizes)
            if ((kind == RadioNode::Kind::kGnb) == nr && is_cell_of(cell, nodes, kind, bits))
                counts.push_back({exactly(cell), std::nullopt});
    }
}

}  // namespace

base::Result<sbcap::Message> to_sbcap(const PeerRequest& request, const Network& network) {
    sbcap::Message message;
    auto filled = std::visit([&](const auto& one) { return fill(message, one, network); }, request);
    if (!filled) return filled.error();
    return message;
}

sbcap::Message question_of_nothing(const Network& network) {
    sbcap::StopWarningRequest stop;
    stop.message_identifier = kNobodys;
    stop.serial = kNobodysSerial;
    const auto& rows = network.cells().rows();
    const auto ours = std::find_if(rows.begin(), rows.end(),
                                   [](const CellRow& row) { return !names_area(row.identity.technology); });
    // Without a cell table: the test network.
    const PlmnId plmn = ours != rows.end() ? ours->identity.plmn : *PlmnId::parse("001", "01");
    stop.tais = {{plmn, kNoTrackingArea}};
    return stop;
}

bool answers_nothing(const sbcap::WarningResponse& response) {
    return response.message_identifier == kNobodys && response.serial == kNobodysSerial;
}

PeerAnswer answer_in(const sbcap::WarningResponse& response, const PeerRequest& asked,
                     const Network& network) {
    if (response.cause != sbcap::Cause::kMessageAccepted)
        return all_refused(sbcap_cause(static_cast<uint16_t>(response.cause)));
    PeerAnswer answer;
    const auto& area = std::visit([](const auto& one) -> const PeerArea& { return one.area; }, asked);
    const auto* places = std::get_if<PlaceSet>(&area);
    if (places == nullptr) {  // no area was named, so none can be unknown
        answer.done = {PlacePattern{}};
        return answer;
    }
    std::set<Place> unknown;
    for (const Tai& tai : response.unknown_tais) unknown.insert(place_of(tai));
    for (const Tai5gs& tai : response.unknown_tais_5gs) unknown.insert(place_of(tai));
    constexpr auto kNotValid = static_cast<uint16_t>(sbcap::Cause::kTrackingAreaNotValid);
    for (const Place& place : *places) {
        const auto code = network.area_of(place);
        if (!code || !unknown.contains(Place::area_of(place.technology, place.plmn, *code))) {
            answer.done.push_back(exactly(place));
            continue;
        }
        answer.failed.push_back({exactly(place), sbcap_cause(kNotValid)});
        answer.kind = AnswerKind::kFailure;
    }
    return answer;
}

Report report_in(const sbcap::WriteReplaceWarningIndication& indication) {
    Report report{indication.message_identifier, indication.serial, ReportKind::kScheduled, {}};
    add_counts(report.cells, indication.scheduled);
    add_counts(report.cells, indication.scheduled_nr);
    return report;
}

Report report_in(const sbcap::StopWarningIndication& indication, const Network& network) {
    Report report{indication.message_identifier, indication.serial, ReportKind::kCancelled, {}};
    add_counts(report.cells, indication.cancelled);
    add_counts(report.cells, indication.cancelled_nr);
    std::set<RadioNode> empty;
    for (const EnbId& enb : indication.empty) empty.insert(node_of(enb));
    for (const RanNode& node : indication.empty_nr) empty.insert(node_of(node));
    if (!empty.empty()) add_cells_of(report.cells, empty, network);
    return report;
}

std::vector<RestartedPart> restarted_in(const sbcap::PwsRestartIndication& indication) {
    std::vector<RestartedPart> parts;
    RestartedPart lte{node_of(indication.enb), {}};
    for (const Ecgi& cell : indication.cells) lte.places.push_back(exactly(place_of(cell)));
    for (const Tai& area : indication.tais) lte.places.push_back(exactly(place_of(area)));
    RestartedPart nr{indication.gnb ? node_of(*indication.gnb) : lte.node, {}};
    for (const Ncgi& cell : indication.cells_nr) nr.places.push_back(exactly(place_of(cell)));
    for (const Tai5gs& area : indication.tais_5gs) nr.places.push_back(exactly(place_of(area)));
    for (const EmergencyArea& area : indication.emergency_areas) {
        if (!lte.places.empty()) lte.places.push_back(emergency_area(Technology::kLte, area));
        if (!nr.places.empty()) nr.places.push_back(emergency_area(Technology::kNr, area));
    }
    for (RestartedPart* part : {&lte, &nr})
        if (!part->places.empty()) parts.push_back(std::move(*part));
    return parts;
}

std::vector<CellFailure> failures_in(const sbcap::PwsFailureIndication& indication) {
    std::vector<CellFailure> failures;
    for (const Ecgi& cell : indication.cells)
        failures.push_back({exactly(place_of(cell)), kCauseReportedDown});
    for (const Ncgi& cell : indication.cells_nr)
        failures.push_back({exactly(place_of(cell)), kCauseReportedDown});
    return failures;
}

}  // namespace cbc
