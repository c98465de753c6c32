// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/sbcap_values.h"

#include "cbc/wire/plmn.h"

extern "C" {
#include <SBCAP-CellID-Cancelled-List-5GS.h>
#include <SBCAP-CellID-Cancelled-List.h>
#include <SBCAP-CellId-Broadcast-List-5GS.h>
#include <SBCAP-CellId-Broadcast-List.h>
#include <SBCAP-CriticalityDiagnostics-IE-Item.h>
#include <SBCAP-CriticalityDiagnostics-IE-List.h>
#include <SBCAP-EmergencyAreaID-Broadcast-List-5GS.h>
#include <SBCAP-EmergencyAreaID-Broadcast-List-Item-5GS.h>
#include <SBCAP-EmergencyAreaID-Broadcast-List-Item.h>
#include <SBCAP-EmergencyAreaID-Broadcast-List.h>
#include <SBCAP-EmergencyAreaID-Cancelled-List-5GS.h>
#include <SBCAP-EmergencyAreaID-Cancelled-List-Item-5GS.h>
#include <SBCAP-EmergencyAreaID-Cancelled-List-Item.h>
#include <SBCAP-EmergencyAreaID-Cancelled-List.h>
#include <SBCAP-TAI-Broadcast-List-5GS.h>
#include <SBCAP-TAI-Broadcast-List-Item-5GS.h>
#include <SBCAP-TAI-Broadcast-List-Item.h>
#include <SBCAP-TAI-Broadcast-List.h>
#include <SBCAP-TAI-Cancelled-List-5GS.h>
#include <SBCAP-TAI-Cancelled-List-Item-5GS.h>
#include <SBCAP-TAI-Cancelled-List-Item.h>
#include <SBCAP-TAI-Cancelled-List.h>
}

namespace cbc::sbcap {
namespace {

using base::DecodeError;

constexpr int kEcgiBits = 28;
constexpr int kNcgiBits = 36;

DecodeError makes_no_sense(std::string_view field) {
    return {DecodeError::Kind::kInvalidValue, 0, std::string(field)};
}

void put_plmn(OCTET_STRING_t& out, const PlmnId& plmn) {
    base::Writer octets;
    write_plmn(octets, plmn);
    asn1::assign(out, octets.take());
}

Read<PlmnId> get_plmn(const OCTET_STRING_t& in) {
    base::Reader octets(asn1::octets_of(in));
    return read_plmn(octets);
}

void put_number(OCTET_STRING_t& out, uint32_t number, int octets) {
    base::Bytes bytes;
    for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8)
        bytes.push_back(static_cast<uint8_t>(number >> shift));
    asn1::assign(out, bytes);
}

uint32_t get_number(const OCTET_STRING_t& in) {
    uint32_t number = 0;
    for (const uint8_t octet : asn1::octets_of(in)) number = number << 8 | octet;
    return number;
}

void put_node(SBCAP_ENB_ID_t& out, uint32_t value, uint8_t bits) {
    switch (bits) {
        case 18:
            out.present = SBCAP_ENB_ID_PR_short_macroENB_ID;
            return asn1::assign(out.choice.short_macroENB_ID, value, bits);
        case 20:
            out.present = SBCAP_ENB_ID_PR_macroENB_ID;
            return asn1::assign(out.choice.macroENB_ID, value, bits);
        case 21:
            out.present = SBCAP_ENB_ID_PR_long_macroENB_ID;
            return asn1::assign(out.choice.long_macroENB_ID, value, bits);
        case 28:
            out.present = SBCAP_ENB_ID_PR_homeENB_ID;
            return asn1::assign(out.choice.homeENB_ID, value, bits);
        default:
            return;  // no alternative: the encoder says so
    }
}

// Null pointer: an alternative that we do not know.
const BIT_STRING_t* node_bits(const SBCAP_ENB_ID_t& in) {
    switch (in.present) {
        case SBCAP_ENB_ID_PR_macroENB_ID:
            return &in.choice.macroENB_ID;
        case SBCAP_ENB_ID_PR_homeENB_ID:
            return &in.choice.homeENB_ID;
        case SBCAP_ENB_ID_PR_short_macroENB_ID:
            return &in.choice.short_macroENB_ID;
        case SBCAP_ENB_ID_PR_long_macroENB_ID:
            return &in.choice.long_macroENB_ID;
        case SBCAP_ENB_ID_PR_NOTHING:
            break;
    }
    return nullptr;
}

template <class Node>
Read<Node> get_node(const OCTET_STRING_t& plmn_octets, const BIT_STRING_t* bits, std::string_view field) {
    const auto plmn = get_plmn(plmn_octets);
    if (!plmn) return plmn.error();
    if (bits == nullptr) return makes_no_sense(field);
    return Node{*plmn, static_cast<uint32_t>(asn1::bits_of(*bits)),
                static_cast<uint8_t>(asn1::bit_count(*bits))};
}

}  // namespace

// Cells as they stand in the lists of the four broadcast areas.
static void put(SBCAP_ScheduledCell_Item_t& out, const EpsCells::One& one) { put(out.eCGI, one.cell); }
static void put(SBCAP_ScheduledCell_Item_5GS_t& out, const NrCells::One& one) { put(out.nR_CGI, one.cell); }
static void put(SBCAP_CancelledCell_Item_t& out, const EpsCells::One& one) {
    put(out.eCGI, one.cell);
    out.numberOfBroadcasts = one.broadcasts.value_or(0);
}
static void put(SBCAP_CancelledCell_Item_5GS_t& out, const NrCells::One& one) {
    put(out.nR_CGI, one.cell);
    out.numberOfBroadcasts = one.broadcasts.value_or(0);
}

template <class One, class Cgi>
Read<One> get_one(const Cgi& cgi, std::optional<uint16_t> broadcasts) {
    auto cell = get(cgi);
    if (!cell) return cell.error();
    return One{*cell, broadcasts};
}
static Read<EpsCells::One> get(const SBCAP_ScheduledCell_Item_t& in) {
    return get_one<EpsCells::One>(in.eCGI, std::nullopt);
}
static Read<NrCells::One> get(const SBCAP_ScheduledCell_Item_5GS_t& in) {
    return get_one<NrCells::One>(in.nR_CGI, std::nullopt);
}
static Read<EpsCells::One> get(const SBCAP_CancelledCell_Item_t& in) {
    return get_one<EpsCells::One>(in.eCGI, static_cast<uint16_t>(in.numberOfBroadcasts));
}
static Read<NrCells::One> get(const SBCAP_CancelledCell_Item_5GS_t& in) {
    return get_one<NrCells::One>(in.nR_CGI, static_cast<uint16_t>(in.numberOfBroadcasts));
}

namespace {

// The three lists of a broadcast area, whatever asn1c calls them: `key` and `cells` give the members of an
// item.
template <class Parts, class List, class Key, class Cells>
void put_parts(List*& out, const Parts& parts, Key key, Cells cells) {
    if (parts.empty()) return;
    auto& list = asn1::present(out);
    for (const auto& part : parts) {
        auto& item = asn1::append(list);
        put(item.*key, part.key);
        for (const auto& one : part.cells) put(asn1::append(item.*cells), one);
    }
}
template <class Ones, class List>
void put_cells(List*& out, const Ones& ones) {
    if (ones.empty()) return;
    auto& list = asn1::present(out);
    for (const auto& one : ones) put(asn1::append(list), one);
}

template <class One, class List>
Read<std::vector<One>> get_ones(const List& in) {
    std::vector<One> ones;
    ones.reserve(asn1::items(in).size());
    for (const auto* item : asn1::items(in)) {
        auto one = get(*item);
        if (!one) return one.error();
        ones.push_back(std::move(*one));
    }
    return ones;
}
template <class One, class Parts, class List, class Key, class Cells>
Read<bool> get_parts(Parts& out, const List* in, Key key, Cells cells) {
    if (in == nullptr) return true;
    for (const auto* item : asn1::items(*in)) {
        auto place = get((*item).*key);
        if (!place) return place.error();
        auto ones = get_ones<One>((*item).*cells);
        if (!ones) return ones.error();
        out.push_back({*place, std::move(*ones)});
    }
    return true;
}
template <class One, class List>
Read<bool> get_cells(std::vector<One>& out, const List* in) {
    if (in == nullptr) return true;
    auto ones = get_ones<One>(*in);
    if (!ones) return ones.error();
    out = std::move(*ones);
    return true;
}

}  // namespace

void put(SBCAP_TAI_t& out, const Tai& tai) {
    put_plmn(out.pLMNidentity, tai.plmn);
    put_number(out.tAC, tai.tac, 2);
}
void put(SBCAP_List_of_TAIs_Item_t& out, const Tai& tai) { put(out.tai, tai); }
void put(SBCAP_List_of_TAIs_Restart_Item_t& out, const Tai& tai) { put(out.tai, tai); }
void put(SBCAP_TAI_5GS_t& out, const Tai5gs& tai) {
    put_plmn(out.pLMNidentity, tai.plmn);
    put_number(out.tAC_5GS, tai.tac, 3);
}
void put(SBCAP_EUTRAN_CGI_t& out, const Ecgi& cell) {
    put_plmn(out.pLMNidentity, cell.plmn);
    asn1::assign(out.cell_ID, cell.cell, kEcgiBits);
}
void put(SBCAP_NR_CGI_t& out, const Ncgi& cell) {
    put_plmn(out.pLMNidentity, cell.plmn);
    asn1::assign(out.nRCellIdentity, cell.cell, kNcgiBits);
}
void put(OCTET_STRING_t& out, const EmergencyArea& area) { asn1::assign(out, area.octets); }
void put(SBCAP_Global_ENB_ID_t& out, const EnbId& node) {
    put_plmn(out.pLMNidentity, node.plmn);
    put_node(out.eNB_ID, node.value, node.bits);
}
void put(SBCAP_Global_GNB_ID_t& out, const GnbId& node) {
    put_plmn(out.pLMNidentity, node.plmn);
    out.gNB_ID.present = SBCAP_GNB_ID_PR_gNB_ID;
    asn1::assign(out.gNB_ID.choice.gNB_ID, node.value, node.bits);
}
void put(SBCAP_Global_RAN_Node_ID_t& out, const RanNode& node) {
    if (const auto* gnb = std::get_if<GnbId>(&node)) {
        out.present = SBCAP_Global_RAN_Node_ID_PR_global_GNB_ID;
        return put(out.choice.global_GNB_ID, *gnb);
    }
    const auto& enb = std::get<NgEnbId>(node);
    out.present = SBCAP_Global_RAN_Node_ID_PR_global_NgENB_ID;
    put_plmn(out.choice.global_NgENB_ID.pLMNidentity, enb.plmn);
    put_node(out.choice.global_NgENB_ID.ngENB_ID, enb.value, enb.bits);
}

void put(SBCAP_Warning_Area_List_t& out, const WarningArea& area) {
    if (const auto* cells = std::get_if<std::vector<Ecgi>>(&area)) {
        out.present = SBCAP_Warning_Area_List_PR_cell_ID_List;
        put_all(out.choice.cell_ID_List, *cells);
    } else if (const auto* tais = std::get_if<std::vector<Tai>>(&area)) {
        out.present = SBCAP_Warning_Area_List_PR_tracking_Area_List_for_Warning;
        put_all(out.choice.tracking_Area_List_for_Warning, *tais);
    } else {
        out.present = SBCAP_Warning_Area_List_PR_emergency_Area_ID_List;
        put_all(out.choice.emergency_Area_ID_List, std::get<std::vector<EmergencyArea>>(area));
    }
}

void put(SBCAP_Warning_Area_List_5GS_t& out, const WarningArea5gs& area) {
    if (const auto* cells = std::get_if<std::vector<Ecgi>>(&area)) {
        out.present = SBCAP_Warning_Area_List_5GS_PR_cell_ID_List;
        put_all(out.choice.cell_ID_List, *cells);
    } else if (const auto* nr = std::get_if<std::vector<Ncgi>>(&area)) {
        out.present = SBCAP_Warning_Area_List_5GS_PR_nR_CGIList;
        put_all(out.choice.nR_CGIList, *nr);
    } else if (const auto* tai = std::get_if<Tai5gs>(&area)) {
        out.present = SBCAP_Warning_Area_List_5GS_PR_tAIList_5GS;
        put(out.choice.tAIList_5GS, *tai);
    } else {
        out.present = SBCAP_Warning_Area_List_5GS_PR_emergencyAreaIDList;
        put_all(out.choice.emergencyAreaIDList, std::get<std::vector<EmergencyArea>>(area));
    }
}

void put(SBCAP_Criticality_Diagnostics_t& out, const CriticalityDiagnostics& diagnostics) {
    if (diagnostics.procedure) asn1::present(out.procedureCode) = *diagnostics.procedure;
    if (diagnostics.trigger) asn1::present(out.triggeringMessage) = *diagnostics.trigger;
    if (diagnostics.criticality)
        asn1::present(out.procedureCriticality) = static_cast<long>(*diagnostics.criticality);
    if (diagnostics.elements.empty()) return;
    auto& list = asn1::present(out.iE_CriticalityDiagnostics);
    for (const auto& one : diagnostics.elements) {
        auto& item = asn1::append(list);
        item.iECriticality = static_cast<long>(one.criticality);
        item.iE_ID = one.id;
        item.typeOfError = static_cast<long>(one.kind);
    }
}

void put(SBCAP_Broadcast_Scheduled_Area_List_t& out, const EpsCells& cells) {
    put_cells(out.cellId_Broadcast_List, cells.cells);
    put_parts(out.tAI_Broadcast_List, cells.by_tracking_area, &SBCAP_TAI_Broadcast_List_Item_t::tAI,
              &SBCAP_TAI_Broadcast_List_Item_t::scheduledCellinTAI);
    put_parts(out.emergencyAreaID_Broadcast_List, cells.by_emergency_area,
              &SBCAP_EmergencyAreaID_Broadcast_List_Item_t::emergencyAreaID,
              &SBCAP_EmergencyAreaID_Broadcast_List_Item_t::scheduledCellinEAI);
}
void put(SBCAP_Broadcast_Cancelled_Area_List_t& out, const EpsCells& cells) {
    put_cells(out.cellID_Cancelled_List, cells.cells);
    put_parts(out.tAI_Cancelled_List, cells.by_tracking_area, &SBCAP_TAI_Cancelled_List_Item_t::tAI,
              &SBCAP_TAI_Cancelled_List_Item_t::cancelledCellinTAI);
    put_parts(out.emergencyAreaID_Cancelled_List, cells.by_emergency_area,
              &SBCAP_EmergencyAreaID_Cancelled_List_Item_t::emergencyAreaID,
              &SBCAP_EmergencyAreaID_Cancelled_List_Item_t::cancelledCellinEAI);
}
void put(SBCAP_Broadcast_Scheduled_Area_List_5GS_t& out, const NrCells& cells) {
    put_cells(out.cellId_Broadcast_List_5GS, cells.cells);
    put_parts(out.tAI_Broadcast_List_5GS, cells.by_tracking_area,
              &SBCAP_TAI_Broadcast_List_Item_5GS_t::tAI_5GS,
              &SBCAP_TAI_Broadcast_List_Item_5GS_t::scheduledCellinTAI_5GS);
    put_parts(out.emergencyAreaID_Broadcast_List_5GS, cells.by_emergency_area,
              &SBCAP_EmergencyAreaID_Broadcast_List_Item_5GS_t::emergencyAreaID,
              &SBCAP_EmergencyAreaID_Broadcast_List_Item_5GS_t::scheduledCellinEAI_5GS);
}
void put(SBCAP_Broadcast_Cancelled_Area_List_5GS_t& out, const NrCells& cells) {
    put_cells(out.cellID_Cancelled_List_5GS, cells.cells);
    put_parts(out.tAI_Cancelled_List_5GS, cells.by_tracking_area,
              &SBCAP_TAI_Cancelled_List_Item_5GS_t::tAI_5GS,
              &SBCAP_TAI_Cancelled_List_Item_5GS_t::cancelledCellinTAI_5GS);
    put_parts(out.emergencyAreaID_Cancelled_List_5GS, cells.by_emergency_area,
              &SBCAP_EmergencyAreaID_Cancelled_List_Item_5GS_t::emergencyAreaID,
              &SBCAP_EmergencyAreaID_Cancelled_List_Item_5GS_t::cancelledCellinEAI_5GS);
}

Read<Tai> get(const SBCAP_TAI_t& in) {
    const auto plmn = get_plmn(in.pLMNidentity);
    if (!plmn) return plmn.error();
    return Tai{*plmn, static_cast<uint16_t>(get_number(in.tAC))};
}
Read<Tai> get(const SBCAP_List_of_TAIs_Item_t& in) { return get(in.tai); }
Read<Tai> get(const SBCAP_List_of_TAIs_Restart_Item_t& in) { return get(in.tai); }
Read<Tai5gs> get(const SBCAP_TAI_5GS_t& in) {
    const auto plmn = get_plmn(in.pLMNidentity);
    if (!plmn) return plmn.error();
    return Tai5gs{*plmn, get_number(in.tAC_5GS)};
}
Read<Ecgi> get(const SBCAP_EUTRAN_CGI_t& in) {
    const auto plmn = get_plmn(in.pLMNidentity);
    if (!plmn) return plmn.error();
    return Ecgi{*plmn, static_cast<uint32_t>(asn1::bits_of(in.cell_ID))};
}
Read<Ncgi> get(const SBCAP_NR_CGI_t& in) {
    const auto plmn = get_plmn(in.pLMNidentity);
    if (!plmn) return plmn.error();
    return Ncgi{*plmn, asn1::bits_of(in.nRCellIdentity)};
}
Read<EmergencyArea> get(const OCTET_STRING_t& in) {
    const auto octets = asn1::octets_of(in);
    if (octets.size() != 3) return makes_no_sense("emergencyAreaID");
    return EmergencyArea{{octets[0], octets[1], octets[2]}};
}
Read<EnbId> get(const SBCAP_Global_ENB_ID_t& in) {
    return get_node<EnbId>(in.pLMNidentity, node_bits(in.eNB_ID), "eNB-ID");
}
Read<GnbId> get(const SBCAP_Global_GNB_ID_t& in) {
    const auto* bits = in.gNB_ID.present == SBCAP_GNB_ID_PR_gNB_ID ? &in.gNB_ID.choice.gNB_ID : nullptr;
    return get_node<GnbId>(in.pLMNidentity, bits, "gNB-ID");
}
Read<RanNode> get(const SBCAP_Global_RAN_Node_ID_t& in) {
    if (in.present == SBCAP_Global_RAN_Node_ID_PR_global_GNB_ID) {
        const auto gnb = get(in.choice.global_GNB_ID);
        if (!gnb) return gnb.error();
        return RanNode{*gnb};
    }
    if (in.present != SBCAP_Global_RAN_Node_ID_PR_global_NgENB_ID)
        return makes_no_sense("Global-RAN-Node-ID");
    const auto& other = in.choice.global_NgENB_ID;
    const auto enb = get_node<NgEnbId>(other.pLMNidentity, node_bits(other.ngENB_ID), "ngENB-ID");
    if (!enb) return enb.error();
    return RanNode{*enb};
}

namespace {
template <class Area, class T>
Read<Area> as_area(Read<T> value) {
    if (!value) return value.error();
    return Area{std::move(*value)};
}
}  // namespace

Read<WarningArea> get(const SBCAP_Warning_Area_List_t& in) {
    switch (in.present) {
        case SBCAP_Warning_Area_List_PR_cell_ID_List:
            return as_area<WarningArea>(get_all<Ecgi>(in.choice.cell_ID_List));
        case SBCAP_Warning_Area_List_PR_tracking_Area_List_for_Warning:
            return as_area<WarningArea>(get_all<Tai>(in.choice.tracking_Area_List_for_Warning));
        case SBCAP_Warning_Area_List_PR_emergency_Area_ID_List:
            return as_area<WarningArea>(get_all<EmergencyArea>(in.choice.emergency_Area_ID_List));
        case SBCAP_Warning_Area_List_PR_NOTHING:
            break;
    }
    return makes_no_sense("Warning-Area-List");
}

Read<WarningArea5gs> get(const SBCAP_Warning_Area_List_5GS_t& in) {
    switch (in.present) {
        case SBCAP_Warning_Area_List_5GS_PR_cell_ID_List:
            return as_area<WarningArea5gs>(get_all<Ecgi>(in.choice.cell_ID_List));
        case SBCAP_Warning_Area_List_5GS_PR_nR_CGIList:
            return as_area<WarningArea5gs>(get_all<Ncgi>(in.choice.nR_CGIList));
        case SBCAP_Warning_Area_List_5GS_PR_tAIList_5GS:
            return as_area<WarningArea5gs>(get(in.choice.tAIList_5GS));
        case SBCAP_Warning_Area_List_5GS_PR_emergencyAreaIDList:
            return as_area<WarningArea5gs>(get_all<EmergencyArea>(in.choice.emergencyAreaIDList));
        case SBCAP_Warning_Area_List_5GS_PR_NOTHING:
            break;
    }
    return makes_no_sense("Warning-Area-List-5GS");
}

Read<CriticalityDiagnostics> get(const SBCAP_Criticality_Diagnostics_t& in) {
    CriticalityDiagnostics out;
    if (in.procedureCode != nullptr) out.procedure = static_cast<uint8_t>(*in.procedureCode);
    if (in.triggeringMessage != nullptr) out.trigger = static_cast<uint8_t>(*in.triggeringMessage);
    if (in.procedureCriticality != nullptr)
        out.criticality = static_cast<wire::Criticality>(*in.procedureCriticality);
    if (in.iE_CriticalityDiagnostics == nullptr) return out;
    for (const auto* item : asn1::items(*in.iE_CriticalityDiagnostics))
        out.elements.push_back({static_cast<wire::Criticality>(item->iECriticality),
                                static_cast<uint16_t>(item->iE_ID),
                                static_cast<wire::Diagnostic::Kind>(item->typeOfError)});
    return out;
}

Read<EpsCells> get(const SBCAP_Broadcast_Scheduled_Area_List_t& in) {
    EpsCells out;
    using One = EpsCells::One;
    if (auto read = get_cells<One>(out.cells, in.cellId_Broadcast_List); !read) return read.error();
    if (auto read =
            get_parts<One>(out.by_tracking_area, in.tAI_Broadcast_List, &SBCAP_TAI_Broadcast_List_Item_t::tAI,
                           &SBCAP_TAI_Broadcast_List_Item_t::scheduledCellinTAI);
        !read)
        return read.error();
    if (auto read = get_parts<One>(out.by_emergency_area, in.emergencyAreaID_Broadcast_List,
                                   &SBCAP_EmergencyAreaID_Broadcast_List_Item_t::emergencyAreaID,
                                   &SBCAP_EmergencyAreaID_Broadcast_List_Item_t::scheduledCellinEAI);
        !read)
        return read.error();
    return out;
}
Read<EpsCells> get(const SBCAP_Broadcast_Cancelled_Area_List_t& in) {
    EpsCells out;
    using One = EpsCells::One;
    if (auto read = get_cells<One>(out.cells, in.cellID_Cancelled_List); !read) return read.error();
    if (auto read =
            get_parts<One>(out.by_tracking_area, in.tAI_Cancelled_List, &SBCAP_TAI_Cancelled_List_Item_t::tAI,
                           &SBCAP_TAI_Cancelled_List_Item_t::cancelledCellinTAI);
        !read)
        return read.error();
    if (auto read = get_parts<One>(out.by_emergency_area, in.emergencyAreaID_Cancelled_List,
                                   &SBCAP_EmergencyAreaID_Cancelled_List_Item_t::emergencyAreaID,
                                   &SBCAP_EmergencyAreaID_Cancelled_List_Item_t::cancelledCellinEAI);
        !read)
        return read.error();
    return out;
}
Read<NrCells> get(const SBCAP_Broadcast_Scheduled_Area_List_5GS_t& in) {
    NrCells out;
    using One = NrCells::One;
    if (auto read = get_cells<One>(out.cells, in.cellId_Broadcast_List_5GS); !read) return read.error();
    if (auto read = get_parts<One>(out.by_tracking_area, in.tAI_Broadcast_List_5GS,
                                   &SBCAP_TAI_Broadcast_List_Item_5GS_t::tAI_5GS,
                                   &SBCAP_TAI_Broadcast_List_Item_5GS_t::scheduledCellinTAI_5GS);
        !read)
        return read.error();
    if (auto read = get_parts<One>(out.by_emergency_area, in.emergencyAreaID_Broadcast_List_5GS,
                                   &SBCAP_EmergencyAreaID_Broadcast_List_Item_5GS_t::emergencyAreaID,
                                   &SBCAP_EmergencyAreaID_Broadcast_List_Item_5GS_t::scheduledCellinEAI_5GS);
        !read)
        return read.error();
    return out;
}
Read<NrCells> get(const SBCAP_Broadcast_Cancelled_Area_List_5GS_t& in) {
    NrCells out;
    using One = NrCells::One;
    if (auto read = get_cells<One>(out.cells, in.cellID_Cancelled_List_5GS); !read) return read.error();
    if (auto read = get_parts<One>(out.by_tracking_area, in.tAI_Cancelled_List_5GS,
                                   &SBCAP_TAI_Cancelled_List_Item_5GS_t::tAI_5GS,
                                   &SBCAP_TAI_Cancelled_List_Item_5GS_t::cancelledCellinTAI_5GS);
        !read)
        return read.error();
    if (auto read = get_parts<One>(out.by_emergency_area, in.emergencyAreaID_Cancelled_List_5GS,
                                   &SBCAP_EmergencyAreaID_Cancelled_List_Item_5GS_t::emergencyAreaID,
                                   &SBCAP_EmergencyAreaID_Cancelled_List_Item_5GS_t::cancelledCellinEAI_5GS);
        !read)
        return read.error();
    return out;
}

}  // namespace cbc::sbcap
