// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/sbcap_values.h"

#include "cbc/wire/value_parts.h"

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
using wire::get_number;
using wire::get_plmn;
using wire::makes_no_sense;
using wire::put_number;
using wire::put_plmn;

constexpr int kEcgiBits = 28;
constexpr int kNcgiBits = 36;

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
void Values::put(SBCAP_ScheduledCell_Item_t& out, const EpsCells::One& one) { put(out.eCGI, one.cell); }
void Values::put(SBCAP_ScheduledCell_Item_5GS_t& out, const NrCells::One& one) { put(out.nR_CGI, one.cell); }
void Values::put(SBCAP_CancelledCell_Item_t& out, const EpsCells::One& one) {
    put(out.eCGI, one.cell);
    out.numberOfBroadcasts = one.broadcasts.value_or(0);
}
void Values::put(SBCAP_CancelledCell_Item_5GS_t& out, const NrCells::One& one) {
    put(out.nR_CGI, one.cell);
    out.numberOfBroadcasts = one.broadcasts.value_or(0);
}

template <class One, class Cgi>
Read<One> get_one(const Cgi& cgi, std::optional<uint16_t> broadcasts) {
    auto cell = Values::get(cgi);
    if (!cell) return cell.error();
    return One{*cell, broadcasts};
}
Read<EpsCells::One> Values::get(const SBCAP_ScheduledCell_Item_t& in) {
    return get_one<EpsCells::One>(in.eCGI, std::nullopt);
}
Read<NrCells::One> Values::get(const SBCAP_ScheduledCell_Item_5GS_t& in) {
    return get_one<NrCells::One>(in.nR_CGI, std::nullopt);
}
Read<EpsCells::One> Values::get(const SBCAP_CancelledCell_Item_t& in) {
    return get_one<EpsCells::One>(in.eCGI, static_cast<uint16_t>(in.numberOfBroadcasts));
}
Read<NrCells::One> Values::get(const SBCAP_CancelledCell_Item_5GS_t& in) {
    return get_one<NrCells::One>(in.nR_CGI, static_cast<uint16_t>(in.numberOfBroadcasts));
}

namespace {

// The lists of a broadcast area are optional here: what has no entries is not there.
template <class List, class Parts, class Key, class Cells>
void put_parts(List*& out, const Parts& parts, Key key, Cells cells) {
    if (!parts.empty()) wire::put_parts<Values>(asn1::present(out), parts, key, cells);
}
template <class List, class Ones>
void put_cells(List*& out, const Ones& ones) {
    if (!ones.empty()) wire::put_all<Values>(asn1::present(out), ones);
}
template <class Parts, class List, class Key, class Cells>
Read<bool> get_parts(Parts& out, const List* in, Key key, Cells cells) {
    return in == nullptr ? Read<bool>(true) : wire::get_parts<Values>(out, *in, key, cells);
}
template <class One, class List>
Read<bool> get_cells(std::vector<One>& out, const List* in) {
    if (in == nullptr) return true;
    return wire::get_into<Values>(out, *in);
}

}  // namespace

void Values::put(SBCAP_TAI_t& out, const Tai& tai) {
    put_plmn(out.pLMNidentity, tai.plmn);
    put_number(out.tAC, tai.tac, 2);
}
void Values::put(SBCAP_List_of_TAIs_Item_t& out, const Tai& tai) { put(out.tai, tai); }
void Values::put(SBCAP_List_of_TAIs_Restart_Item_t& out, const Tai& tai) { put(out.tai, tai); }
void Values::put(SBCAP_TAI_5GS_t& out, const Tai5gs& tai) {
    put_plmn(out.pLMNidentity, tai.plmn);
    put_number(out.tAC_5GS, tai.tac, 3);
}
void Values::put(SBCAP_EUTRAN_CGI_t& out, const Ecgi& cell) {
    put_plmn(out.pLMNidentity, cell.plmn);
    asn1::assign(out.cell_ID, cell.cell, kEcgiBits);
}
void Values::put(SBCAP_NR_CGI_t& out, const Ncgi& cell) {
    put_plmn(out.pLMNidentity, cell.plmn);
    asn1::assign(out.nRCellIdentity, cell.cell, kNcgiBits);
}
void Values::put(OCTET_STRING_t& out, const EmergencyArea& area) { asn1::assign(out, area.octets); }
void Values::put(SBCAP_Global_ENB_ID_t& out, const EnbId& node) {
    put_plmn(out.pLMNidentity, node.plmn);
    put_node(out.eNB_ID, node.value, node.bits);
}
void Values::put(SBCAP_Global_GNB_ID_t& out, const GnbId& node) {
    put_plmn(out.pLMNidentity, node.plmn);
    out.gNB_ID.present = SBCAP_GNB_ID_PR_gNB_ID;
    asn1::assign(out.gNB_ID.choice.gNB_ID, node.value, node.bits);
}
void Values::put(SBCAP_Global_RAN_Node_ID_t& out, const RanNode& node) {
    if (const auto* gnb = std::get_if<GnbId>(&node)) {
        out.present = SBCAP_Global_RAN_Node_ID_PR_global_GNB_ID;
        return put(out.choice.global_GNB_ID, *gnb);
    }
    const auto& enb = std::get<NgEnbId>(node);
    out.present = SBCAP_Global_RAN_Node_ID_PR_global_NgENB_ID;
    put_plmn(out.choice.global_NgENB_ID.pLMNidentity, enb.plmn);
    put_node(out.choice.global_NgENB_ID.ngENB_ID, enb.value, enb.bits);
}

void Values::put(SBCAP_Warning_Area_List_t& out, const WarningArea& area) {
    if (const auto* cells = std::get_if<std::vector<Ecgi>>(&area)) {
        out.present = SBCAP_Warning_Area_List_PR_cell_ID_List;
        wire::put_all<Values>(out.choice.cell_ID_List, *cells);
    } else if (const auto* tais = std::get_if<std::vector<Tai>>(&area)) {
        out.present = SBCAP_Warning_Area_List_PR_tracking_Area_List_for_Warning;
        wire::put_all<Values>(out.choice.tracking_Area_List_for_Warning, *tais);
    } else {
        out.present = SBCAP_Warning_Area_List_PR_emergency_Area_ID_List;
        wire::put_all<Values>(out.choice.emergency_Area_ID_List, std::get<std::vector<EmergencyArea>>(area));
    }
}

void Values::put(SBCAP_Warning_Area_List_5GS_t& out, const WarningArea5gs& area) {
    if (const auto* cells = std::get_if<std::vector<Ecgi>>(&area)) {
        out.present = SBCAP_Warning_Area_List_5GS_PR_cell_ID_List;
        wire::put_all<Values>(out.choice.cell_ID_List, *cells);
    } else if (const auto* nr = std::get_if<std::vector<Ncgi>>(&area)) {
        out.present = SBCAP_Warning_Area_List_5GS_PR_nR_CGIList;
        wire::put_all<Values>(out.choice.nR_CGIList, *nr);
    } else if (const auto* tai = std::get_if<Tai5gs>(&area)) {
        out.present = SBCAP_Warning_Area_List_5GS_PR_tAIList_5GS;
        put(out.choice.tAIList_5GS, *tai);
    } else {
        out.present = SBCAP_Warning_Area_List_5GS_PR_emergencyAreaIDList;
        wire::put_all<Values>(out.choice.emergencyAreaIDList, std::get<std::vector<EmergencyArea>>(area));
    }
}

void Values::put(SBCAP_Criticality_Diagnostics_t& out, const CriticalityDiagnostics& diagnostics) {
    wire::put_diagnostics(out, &SBCAP_Criticality_Diagnostics_t::iE_CriticalityDiagnostics, diagnostics);
}

void Values::put(SBCAP_Broadcast_Scheduled_Area_List_t& out, const EpsCells& cells) {
    put_cells(out.cellId_Broadcast_List, cells.cells);
    put_parts(out.tAI_Broadcast_List, cells.by_tracking_area, &SBCAP_TAI_Broadcast_List_Item_t::tAI,
              &SBCAP_TAI_Broadcast_List_Item_t::scheduledCellinTAI);
    put_parts(out.emergencyAreaID_Broadcast_List, cells.by_emergency_area,
              &SBCAP_EmergencyAreaID_Broadcast_List_Item_t::emergencyAreaID,
              &SBCAP_EmergencyAreaID_Broadcast_List_Item_t::scheduledCellinEAI);
}
void Values::put(SBCAP_Broadcast_Cancelled_Area_List_t& out, const EpsCells& cells) {
    put_cells(out.cellID_Cancelled_List, cells.cells);
    put_parts(out.tAI_Cancelled_List, cells.by_tracking_area, &SBCAP_TAI_Cancelled_List_Item_t::tAI,
              &SBCAP_TAI_Cancelled_List_Item_t::cancelledCellinTAI);
    put_parts(out.emergencyAreaID_Cancelled_List, cells.by_emergency_area,
              &SBCAP_EmergencyAreaID_Cancelled_List_Item_t::emergencyAreaID,
              &SBCAP_EmergencyAreaID_Cancelled_List_Item_t::cancelledCellinEAI);
}
void Values::put(SBCAP_Broadcast_Scheduled_Area_List_5GS_t& out, const NrCells& cells) {
    put_cells(out.cellId_Broadcast_List_5GS, cells.cells);
    put_parts(out.tAI_Broadcast_List_5GS, cells.by_tracking_area,
              &SBCAP_TAI_Broadcast_List_Item_5GS_t::tAI_5GS,
              &SBCAP_TAI_Broadcast_List_Item_5GS_t::scheduledCellinTAI_5GS);
    put_parts(out.emergencyAreaID_Broadcast_List_5GS, cells.by_emergency_area,
              &SBCAP_EmergencyAreaID_Broadcast_List_Item_5GS_t::emergencyAreaID,
              &SBCAP_EmergencyAreaID_Broadcast_List_Item_5GS_t::scheduledCellinEAI_5GS);
}
void Values::put(SBCAP_Broadcast_Cancelled_Area_List_5GS_t& out, const NrCells& cells) {
    put_cells(out.cellID_Cancelled_List_5GS, cells.cells);
    put_parts(out.tAI_Cancelled_List_5GS, cells.by_tracking_area,
              &SBCAP_TAI_Cancelled_List_Item_5GS_t::tAI_5GS,
              &SBCAP_TAI_Cancelled_List_Item_5GS_t::cancelledCellinTAI_5GS);
    put_parts(out.emergencyAreaID_Cancelled_List_5GS, cells.by_emergency_area,
              &SBCAP_EmergencyAreaID_Cancelled_List_Item_5GS_t::emergencyAreaID,
              &SBCAP_EmergencyAreaID_Cancelled_List_Item_5GS_t::cancelledCellinEAI_5GS);
}

Read<Tai> Values::get(const SBCAP_TAI_t& in) {
    const auto plmn = get_plmn(in.pLMNidentity);
    if (!plmn) return plmn.error();
    return Tai{*plmn, static_cast<uint16_t>(get_number(in.tAC))};
}
Read<Tai> Values::get(const SBCAP_List_of_TAIs_Item_t& in) { return get(in.tai); }
Read<Tai> Values::get(const SBCAP_List_of_TAIs_Restart_Item_t& in) { return get(in.tai); }
Read<Tai5gs> Values::get(const SBCAP_TAI_5GS_t& in) {
    const auto plmn = get_plmn(in.pLMNidentity);
    if (!plmn) return plmn.error();
    return Tai5gs{*plmn, get_number(in.tAC_5GS)};
}
Read<Ecgi> Values::get(const SBCAP_EUTRAN_CGI_t& in) {
    const auto plmn = get_plmn(in.pLMNidentity);
    if (!plmn) return plmn.error();
    return Ecgi{*plmn, static_cast<uint32_t>(asn1::bits_of(in.cell_ID))};
}
Read<Ncgi> Values::get(const SBCAP_NR_CGI_t& in) {
    const auto plmn = get_plmn(in.pLMNidentity);
    if (!plmn) return plmn.error();
    return Ncgi{*plmn, asn1::bits_of(in.nRCellIdentity)};
}
Read<EmergencyArea> Values::get(const OCTET_STRING_t& in) {
    const auto octets = asn1::octets_of(in);
    if (octets.size() != 3) return makes_no_sense("emergencyAreaID");
    return EmergencyArea{{octets[0], octets[1], octets[2]}};
}
Read<EnbId> Values::get(const SBCAP_Global_ENB_ID_t& in) {
    return get_node<EnbId>(in.pLMNidentity, node_bits(in.eNB_ID), "eNB-ID");
}
Read<GnbId> Values::get(const SBCAP_Global_GNB_ID_t& in) {
    const auto* bits = in.gNB_ID.present == SBCAP_GNB_ID_PR_gNB_ID ? &in.gNB_ID.choice.gNB_ID : nullptr;
    return get_node<GnbId>(in.pLMNidentity, bits, "gNB-ID");
}
Read<RanNode> Values::get(const SBCAP_Global_RAN_Node_ID_t& in) {
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

Read<WarningArea> Values::get(const SBCAP_Warning_Area_List_t& in) {
    switch (in.present) {
        case SBCAP_Warning_Area_List_PR_cell_ID_List:
            return wire::as<WarningArea>(wire::get_all<Values, Ecgi>(in.choice.cell_ID_List));
        case SBCAP_Warning_Area_List_PR_tracking_Area_List_for_Warning:
            return wire::as<WarningArea>(
                wire::get_all<Values, Tai>(in.choice.tracking_Area_List_for_Warning));
        case SBCAP_Warning_Area_List_PR_emergency_Area_ID_List:
            return wire::as<WarningArea>(
                wire::get_all<Values, EmergencyArea>(in.choice.emergency_Area_ID_List));
        case SBCAP_Warning_Area_List_PR_NOTHING:
            break;
    }
    return makes_no_sense("Warning-Area-List");
}

Read<WarningArea5gs> Values::get(const SBCAP_Warning_Area_List_5GS_t& in) {
    switch (in.present) {
        case SBCAP_Warning_Area_List_5GS_PR_cell_ID_List:
            return wire::as<WarningArea5gs>(wire::get_all<Values, Ecgi>(in.choice.cell_ID_List));
        case SBCAP_Warning_Area_List_5GS_PR_nR_CGIList:
            return wire::as<WarningArea5gs>(wire::get_all<Values, Ncgi>(in.choice.nR_CGIList));
        case SBCAP_Warning_Area_List_5GS_PR_tAIList_5GS:
            return wire::as<WarningArea5gs>(get(in.choice.tAIList_5GS));
        case SBCAP_Warning_Area_List_5GS_PR_emergencyAreaIDList:
            return wire::as<WarningArea5gs>(
                wire::get_all<Values, EmergencyArea>(in.choice.emergencyAreaIDList));
        case SBCAP_Warning_Area_List_5GS_PR_NOTHING:
            break;
    }
    return makes_no_sense("Warning-Area-List-5GS");
}

Read<CriticalityDiagnostics> Values::get(const SBCAP_Criticality_Diagnostics_t& in) {
    return wire::get_diagnostics(in, &SBCAP_Criticality_Diagnostics_t::iE_CriticalityDiagnostics);
}

Read<EpsCells> Values::get(const SBCAP_Broadcast_Scheduled_Area_List_t& in) {
    EpsCells out;
    if (auto read = get_cells(out.cells, in.cellId_Broadcast_List); !read) return read.error();
    if (auto read =
            get_parts(out.by_tracking_area, in.tAI_Broadcast_List, &SBCAP_TAI_Broadcast_List_Item_t::tAI,
                      &SBCAP_TAI_Broadcast_List_Item_t::scheduledCellinTAI);
        !read)
        return read.error();
    if (auto read = get_parts(out.by_emergency_area, in.emergencyAreaID_Broadcast_List,
                              &SBCAP_EmergencyAreaID_Broadcast_List_Item_t::emergencyAreaID,
                              &SBCAP_EmergencyAreaID_Broadcast_List_Item_t::scheduledCellinEAI);
        !read)
        return read.error();
    return out;
}
Read<EpsCells> Values::get(const SBCAP_Broadcast_Cancelled_Area_List_t& in) {
    EpsCells out;
    if (auto read = get_cells(out.cells, in.cellID_Cancelled_List); !read) return read.error();
    if (auto read =
            get_parts(out.by_tracking_area, in.tAI_Cancelled_List, &SBCAP_TAI_Cancelled_List_Item_t::tAI,
                      &SBCAP_TAI_Cancelled_List_Item_t::cancelledCellinTAI);
        !read)
        return read.error();
    if (auto read = get_parts(out.by_emergency_area, in.emergencyAreaID_Cancelled_List,
                              &SBCAP_EmergencyAreaID_Cancelled_List_Item_t::emergencyAreaID,
                              &SBCAP_EmergencyAreaID_Cancelled_List_Item_t::cancelledCellinEAI);
        !read)
        return read.error();
    return out;
}
Read<NrCells> Values::get(const SBCAP_Broadcast_Scheduled_Area_List_5GS_t& in) {
    NrCells out;
    if (auto read = get_cells(out.cells, in.cellId_Broadcast_List_5GS); !read) return read.error();
    if (auto read = get_parts(out.by_tracking_area, in.tAI_Broadcast_List_5GS,
                              &SBCAP_TAI_Broadcast_List_Item_5GS_t::tAI_5GS,
                              &SBCAP_TAI_Broadcast_List_Item_5GS_t::scheduledCellinTAI_5GS);
        !read)
        return read.error();
    if (auto read = get_parts(out.by_emergency_area, in.emergencyAreaID_Broadcast_List_5GS,
                              &SBCAP_EmergencyAreaID_Broadcast_List_Item_5GS_t::emergencyAreaID,
                              &SBCAP_EmergencyAreaID_Broadcast_List_Item_5GS_t::scheduledCellinEAI_5GS);
        !read)
        return read.error();
    return out;
}
Read<NrCells> Values::get(const SBCAP_Broadcast_Cancelled_Area_List_5GS_t& in) {
    NrCells out;
    if (auto read = get_cells(out.cells, in.cellID_Cancelled_List_5GS); !read) return read.error();
    if (auto read = get_parts(out.by_tracking_area, in.tAI_Cancelled_List_5GS,
                              &SBCAP_TAI_Cancelled_List_Item_5GS_t::tAI_5GS,
                              &SBCAP_TAI_Cancelled_List_Item_5GS_t::cancelledCellinTAI_5GS);
        !read)
        return read.error();
    if (auto read = get_parts(out.by_emergency_area, in.emergencyAreaID_Cancelled_List_5GS,
                              &SBCAP_EmergencyAreaID_Cancelled_List_Item_5GS_t::emergencyAreaID,
                              &SBCAP_EmergencyAreaID_Cancelled_List_Item_5GS_t::cancelledCellinEAI_5GS);
        !read)
        return read.error();
    return out;
}

}  // namespace cbc::sbcap
