// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/ngap_values.h"

#include "cbc/wire/value_parts.h"

extern "C" {
#include <NGAP-CriticalityDiagnostics-IE-Item.h>
#include <NGAP-CriticalityDiagnostics-IE-List.h>
#include <NGAP-EmergencyAreaIDBroadcastEUTRA-Item.h>
#include <NGAP-EmergencyAreaIDBroadcastNR-Item.h>
#include <NGAP-EmergencyAreaIDCancelledEUTRA-Item.h>
#include <NGAP-EmergencyAreaIDCancelledNR-Item.h>
#include <NGAP-TAIBroadcastEUTRA-Item.h>
#include <NGAP-TAIBroadcastNR-Item.h>
#include <NGAP-TAICancelledEUTRA-Item.h>
#include <NGAP-TAICancelledNR-Item.h>
}

namespace cbc::ngap {
namespace {

using wire::get_number;
using wire::get_plmn;
using wire::makes_no_sense;
using wire::put_number;
using wire::put_plmn;

constexpr int kEcgiBits = 28;
constexpr int kNcgiBits = 36;
constexpr int kTacOctets = 3;

void put_node(NGAP_NgENB_ID_t& out, const NgEnbId& node) {
    switch (node.bits) {
        case 18:
            out.present = NGAP_NgENB_ID_PR_shortMacroNgENB_ID;
            return asn1::assign(out.choice.shortMacroNgENB_ID, node.value, node.bits);
        case 20:
            out.present = NGAP_NgENB_ID_PR_macroNgENB_ID;
            return asn1::assign(out.choice.macroNgENB_ID, node.value, node.bits);
        case 21:
            out.present = NGAP_NgENB_ID_PR_longMacroNgENB_ID;
            return asn1::assign(out.choice.longMacroNgENB_ID, node.value, node.bits);
        default:
            return;  // no alternative: the encoder says so
    }
}

// Null pointer: an alternative that we do not know.
const BIT_STRING_t* node_bits(const NGAP_NgENB_ID_t& in) {
    switch (in.present) {
        case NGAP_NgENB_ID_PR_macroNgENB_ID:
            return &in.choice.macroNgENB_ID;
        case NGAP_NgENB_ID_PR_shortMacroNgENB_ID:
            return &in.choice.shortMacroNgENB_ID;
        case NGAP_NgENB_ID_PR_longMacroNgENB_ID:
            return &in.choice.longMacroNgENB_ID;
        case NGAP_NgENB_ID_PR_choice_Extensions:
        case NGAP_NgENB_ID_PR_NOTHING:
            break;
    }
    return nullptr;
}

template <class Node>
Read<RanNode> get_node(const OCTET_STRING_t& network, const BIT_STRING_t* bits) {
    const auto plmn = get_plmn(network);
    if (!plmn) return plmn.error();
    if (bits == nullptr) return makes_no_sense("GlobalRANNodeID");
    return RanNode{Node{*plmn, static_cast<uint32_t>(asn1::bits_of(*bits)),
                        static_cast<uint8_t>(asn1::bit_count(*bits))}};
}

template <class One, class Cgi>
Read<One> get_one(const Cgi& cgi, std::optional<uint16_t> broadcasts) {
    auto cell = Values::get(cgi);
    if (!cell) return cell.error();
    return One{*cell, broadcasts};
}

// One of the three lists of a broadcast area, as the area that has nothing else.
template <class Cells, class List>
Read<BroadcastArea> just_cells(const List& in) {
    Cells area;
    if (auto read = wire::get_into<Values>(area.cells, in); !read) return read.error();
    return BroadcastArea{std::move(area)};
}
template <class Cells, class List, class Key, class Items>
Read<BroadcastArea> by_tai(const List& in, Key key, Items cells) {
    Cells area;
    if (auto read = wire::get_parts<Values>(area.by_tracking_area, in, key, cells); !read)
        return read.error();
    return BroadcastArea{std::move(area)};
}
template <class Cells, class List, class Key, class Items>
Read<BroadcastArea> by_eai(const List& in, Key key, Items cells) {
    Cells area;
    if (auto read = wire::get_parts<Values>(area.by_emergency_area, in, key, cells); !read)
        return read.error();
    return BroadcastArea{std::move(area)};
}

}  // namespace

void Values::put(NGAP_TAI_t& out, const Tai5gs& tai) {
    put_plmn(out.pLMNIdentity, tai.plmn);
    put_number(out.tAC, tai.tac, kTacOctets);
}
void Values::put(NGAP_EUTRA_CGI_t& out, const Ecgi& cell) {
    put_plmn(out.pLMNIdentity, cell.plmn);
    asn1::assign(out.eUTRACellIdentity, cell.cell, kEcgiBits);
}
void Values::put(NGAP_NR_CGI_t& out, const Ncgi& cell) {
    put_plmn(out.pLMNIdentity, cell.plmn);
    asn1::assign(out.nRCellIdentity, cell.cell, kNcgiBits);
}
void Values::put(OCTET_STRING_t& out, const EmergencyArea& area) { asn1::assign(out, area.octets); }

void Values::put(NGAP_GlobalRANNodeID_t& out, const RanNode& node) {
    if (const auto* gnb = std::get_if<GnbId>(&node)) {
        out.present = NGAP_GlobalRANNodeID_PR_globalGNB_ID;
        auto& id = out.choice.globalGNB_ID;
        put_plmn(id.pLMNIdentity, gnb->plmn);
        id.gNB_ID.present = NGAP_GNB_ID_PR_gNB_ID;
        return asn1::assign(id.gNB_ID.choice.gNB_ID, gnb->value, gnb->bits);
    }
    const auto& enb = std::get<NgEnbId>(node);
    out.present = NGAP_GlobalRANNodeID_PR_globalNgENB_ID;
    put_plmn(out.choice.globalNgENB_ID.pLMNIdentity, enb.plmn);
    put_node(out.choice.globalNgENB_ID.ngENB_ID, enb);
}

void Values::put(NGAP_WarningAreaList_t& out, const WarningArea& area) {
    if (const auto* eutra = std::get_if<std::vector<Ecgi>>(&area)) {
        out.present = NGAP_WarningAreaList_PR_eUTRA_CGIListForWarning;
        wire::put_all<Values>(out.choice.eUTRA_CGIListForWarning, *eutra);
    } else if (const auto* nr = std::get_if<std::vector<Ncgi>>(&area)) {
        out.present = NGAP_WarningAreaList_PR_nR_CGIListForWarning;
        wire::put_all<Values>(out.choice.nR_CGIListForWarning, *nr);
    } else if (const auto* tais = std::get_if<std::vector<Tai5gs>>(&area)) {
        out.present = NGAP_WarningAreaList_PR_tAIListForWarning;
        wire::put_all<Values>(out.choice.tAIListForWarning, *tais);
    } else {
        out.present = NGAP_WarningAreaList_PR_emergencyAreaIDList;
        wire::put_all<Values>(out.choice.emergencyAreaIDList, std::get<std::vector<EmergencyArea>>(area));
    }
}

void Values::put(NGAP_CellIDListForRestart_t& out, const CellIds& cells) {
    if (const auto* eutra = std::get_if<std::vector<Ecgi>>(&cells)) {
        out.present = NGAP_CellIDListForRestart_PR_eUTRA_CGIListforRestart;
        return wire::put_all<Values>(out.choice.eUTRA_CGIListforRestart, *eutra);
    }
    out.present = NGAP_CellIDListForRestart_PR_nR_CGIListforRestart;
    wire::put_all<Values>(out.choice.nR_CGIListforRestart, std::get<std::vector<Ncgi>>(cells));
}
void Values::put(NGAP_PWSFailedCellIDList_t& out, const CellIds& cells) {
    if (const auto* eutra = std::get_if<std::vector<Ecgi>>(&cells)) {
        out.present = NGAP_PWSFailedCellIDList_PR_eUTRA_CGI_PWSFailedList;
        return wire::put_all<Values>(out.choice.eUTRA_CGI_PWSFailedList, *eutra);
    }
    out.present = NGAP_PWSFailedCellIDList_PR_nR_CGI_PWSFailedList;
    wire::put_all<Values>(out.choice.nR_CGI_PWSFailedList, std::get<std::vector<Ncgi>>(cells));
}

void Values::put(NGAP_CellIDBroadcastEUTRA_Item_t& out, const EutraCells::One& one) {
    put(out.eUTRA_CGI, one.cell);
}
void Values::put(NGAP_CellIDBroadcastNR_Item_t& out, const NrCells::One& one) { put(out.nR_CGI, one.cell); }
void Values::put(NGAP_CellIDCancelledEUTRA_Item_t& out, const EutraCells::One& one) {
    put(out.eUTRA_CGI, one.cell);
    out.numberOfBroadcasts = one.broadcasts.value_or(0);
}
void Values::put(NGAP_CellIDCancelledNR_Item_t& out, const NrCells::One& one) {
    put(out.nR_CGI, one.cell);
    out.numberOfBroadcasts = one.broadcasts.value_or(0);
}

void Values::put(NGAP_BroadcastCompletedAreaList_t& out, const BroadcastArea& area) {
    if (const auto* eutra = std::get_if<EutraCells>(&area)) {
        if (!eutra->by_tracking_area.empty()) {
            out.present = NGAP_BroadcastCompletedAreaList_PR_tAIBroadcastEUTRA;
            return wire::put_parts<Values>(out.choice.tAIBroadcastEUTRA, eutra->by_tracking_area,
                                           &NGAP_TAIBroadcastEUTRA_Item_t::tAI,
                                           &NGAP_TAIBroadcastEUTRA_Item_t::completedCellsInTAI_EUTRA);
        }
        if (!eutra->by_emergency_area.empty()) {
            out.present = NGAP_BroadcastCompletedAreaList_PR_emergencyAreaIDBroadcastEUTRA;
            return wire::put_parts<Values>(
                out.choice.emergencyAreaIDBroadcastEUTRA, eutra->by_emergency_area,
                &NGAP_EmergencyAreaIDBroadcastEUTRA_Item_t::emergencyAreaID,
                &NGAP_EmergencyAreaIDBroadcastEUTRA_Item_t::completedCellsInEAI_EUTRA);
        }
        out.present = NGAP_BroadcastCompletedAreaList_PR_cellIDBroadcastEUTRA;
        return wire::put_all<Values>(out.choice.cellIDBroadcastEUTRA, eutra->cells);
    }
    const auto& nr = std::get<NrCells>(area);
    if (!nr.by_tracking_area.empty()) {
        out.present = NGAP_BroadcastCompletedAreaList_PR_tAIBroadcastNR;
        return wire::put_parts<Values>(out.choice.tAIBroadcastNR, nr.by_tracking_area,
                                       &NGAP_TAIBroadcastNR_Item_t::tAI,
                                       &NGAP_TAIBroadcastNR_Item_t::completedCellsInTAI_NR);
    }
    if (!nr.by_emergency_area.empty()) {
        out.present = NGAP_BroadcastCompletedAreaList_PR_emergencyAreaIDBroadcastNR;
        return wire::put_parts<Values>(out.choice.emergencyAreaIDBroadcastNR, nr.by_emergency_area,
                                       &NGAP_EmergencyAreaIDBroadcastNR_Item_t::emergencyAreaID,
                                       &NGAP_EmergencyAreaIDBroadcastNR_Item_t::completedCellsInEAI_NR);
    }
    out.present = NGAP_BroadcastCompletedAreaList_PR_cellIDBroadcastNR;
    wire::put_all<Values>(out.choice.cellIDBroadcastNR, nr.cells);
}

void Values::put(NGAP_BroadcastCancelledAreaList_t& out, const BroadcastArea& area) {
    if (const auto* eutra = std::get_if<EutraCells>(&area)) {
        if (!eutra->by_tracking_area.empty()) {
            out.present = NGAP_BroadcastCancelledAreaList_PR_tAICancelledEUTRA;
            return wire::put_parts<Values>(out.choice.tAICancelledEUTRA, eutra->by_tracking_area,
                                           &NGAP_TAICancelledEUTRA_Item_t::tAI,
                                           &NGAP_TAICancelledEUTRA_Item_t::cancelledCellsInTAI_EUTRA);
        }
        if (!eutra->by_emergency_area.empty()) {
            out.present = NGAP_BroadcastCancelledAreaList_PR_emergencyAreaIDCancelledEUTRA;
            return wire::put_parts<Values>(
                out.choice.emergencyAreaIDCancelledEUTRA, eutra->by_emergency_area,
                &NGAP_EmergencyAreaIDCancelledEUTRA_Item_t::emergencyAreaID,
                &NGAP_EmergencyAreaIDCancelledEUTRA_Item_t::cancelledCellsInEAI_EUTRA);
        }
        out.present = NGAP_BroadcastCancelledAreaList_PR_cellIDCancelledEUTRA;
        return wire::put_all<Values>(out.choice.cellIDCancelledEUTRA, eutra->cells);
    }
    const auto& nr = std::get<NrCells>(area);
    if (!nr.by_tracking_area.empty()) {
        out.present = NGAP_BroadcastCancelledAreaList_PR_tAICancelledNR;
        return wire::put_parts<Values>(out.choice.tAICancelledNR, nr.by_tracking_area,
                                       &NGAP_TAICancelledNR_Item_t::tAI,
                                       &NGAP_TAICancelledNR_Item_t::cancelledCellsInTAI_NR);
    }
    if (!nr.by_emergency_area.empty()) {
        out.present = NGAP_BroadcastCancelledAreaList_PR_emergencyAreaIDCancelledNR;
        return wire::put_parts<Values>(out.choice.emergencyAreaIDCancelledNR, nr.by_emergency_area,
                                       &NGAP_EmergencyAreaIDCancelledNR_Item_t::emergencyAreaID,
                                       &NGAP_EmergencyAreaIDCancelledNR_Item_t::cancelledCellsInEAI_NR);
    }
    out.present = NGAP_BroadcastCancelledAreaList_PR_cellIDCancelledNR;
    wire::put_all<Values>(out.choice.cellIDCancelledNR, nr.cells);
}

void Values::put(NGAP_CriticalityDiagnostics_t& out, const wire::CriticalityDiagnostics& diagnostics) {
    wire::put_diagnostics(out, &NGAP_CriticalityDiagnostics_t::iEsCriticalityDiagnostics, diagnostics);
}

Read<Tai5gs> Values::get(const NGAP_TAI_t& in) {
    const auto plmn = get_plmn(in.pLMNIdentity);
    if (!plmn) return plmn.error();
    return Tai5gs{*plmn, get_number(in.tAC)};
}
Read<Ecgi> Values::get(const NGAP_EUTRA_CGI_t& in) {
    const auto plmn = get_plmn(in.pLMNIdentity);
    if (!plmn) return plmn.error();
    return Ecgi{*plmn, static_cast<uint32_t>(asn1::bits_of(in.eUTRACellIdentity))};
}
Read<Ncgi> Values::get(const NGAP_NR_CGI_t& in) {
    const auto plmn = get_plmn(in.pLMNIdentity);
    if (!plmn) return plmn.error();
    return Ncgi{*plmn, asn1::bits_of(in.nRCellIdentity)};
}
Read<EmergencyArea> Values::get(const OCTET_STRING_t& in) {
    const auto octets = asn1::octets_of(in);
    if (octets.size() != 3) return makes_no_sense("EmergencyAreaID");
    return EmergencyArea{{octets[0], octets[1], octets[2]}};
}

Read<RanNode> Values::get(const NGAP_GlobalRANNodeID_t& in) {
    if (in.present == NGAP_GlobalRANNodeID_PR_globalGNB_ID) {
        const auto& gnb = in.choice.globalGNB_ID;
        const bool known = gnb.gNB_ID.present == NGAP_GNB_ID_PR_gNB_ID;
        return get_node<GnbId>(gnb.pLMNIdentity, known ? &gnb.gNB_ID.choice.gNB_ID : nullptr);
    }
    // A node for other access (N3IWF) broadcasts nothing.
    if (in.present != NGAP_GlobalRANNodeID_PR_globalNgENB_ID) return makes_no_sense("GlobalRANNodeID");
    const auto& enb = in.choice.globalNgENB_ID;
    return get_node<NgEnbId>(enb.pLMNIdentity, node_bits(enb.ngENB_ID));
}

Read<WarningArea> Values::get(const NGAP_WarningAreaList_t& in) {
    switch (in.present) {
        case NGAP_WarningAreaList_PR_eUTRA_CGIListForWarning:
            return wire::as<WarningArea>(wire::get_all<Values, Ecgi>(in.choice.eUTRA_CGIListForWarning));
        case NGAP_WarningAreaList_PR_nR_CGIListForWarning:
            return wire::as<WarningArea>(wire::get_all<Values, Ncgi>(in.choice.nR_CGIListForWarning));
        case NGAP_WarningAreaList_PR_tAIListForWarning:
            return wire::as<WarningArea>(wire::get_all<Values, Tai5gs>(in.choice.tAIListForWarning));
        case NGAP_WarningAreaList_PR_emergencyAreaIDList:
            return wire::as<WarningArea>(wire::get_all<Values, EmergencyArea>(in.choice.emergencyAreaIDList));
        case NGAP_WarningAreaList_PR_choice_Extensions:
        case NGAP_WarningAreaList_PR_NOTHING:
            break;
    }
    return makes_no_sense("WarningAreaList");
}

Read<CellIds> Values::get(const NGAP_CellIDListForRestart_t& in) {
    if (in.present == NGAP_CellIDListForRestart_PR_eUTRA_CGIListforRestart)
        return wire::as<CellIds>(wire::get_all<Values, Ecgi>(in.choice.eUTRA_CGIListforRestart));
    if (in.present == NGAP_CellIDListForRestart_PR_nR_CGIListforRestart)
        return wire::as<CellIds>(wire::get_all<Values, Ncgi>(in.choice.nR_CGIListforRestart));
    return makes_no_sense("CellIDListForRestart");
}
Read<CellIds> Values::get(const NGAP_PWSFailedCellIDList_t& in) {
    if (in.present == NGAP_PWSFailedCellIDList_PR_eUTRA_CGI_PWSFailedList)
        return wire::as<CellIds>(wire::get_all<Values, Ecgi>(in.choice.eUTRA_CGI_PWSFailedList));
    if (in.present == NGAP_PWSFailedCellIDList_PR_nR_CGI_PWSFailedList)
        return wire::as<CellIds>(wire::get_all<Values, Ncgi>(in.choice.nR_CGI_PWSFailedList));
    return makes_no_sense("PWSFailedCellIDList");
}

Read<EutraCells::One> Values::get(const NGAP_CellIDBroadcastEUTRA_Item_t& in) {
    return get_one<EutraCells::One>(in.eUTRA_CGI, std::nullopt);
}
Read<NrCells::One> Values::get(const NGAP_CellIDBroadcastNR_Item_t& in) {
    return get_one<NrCells::One>(in.nR_CGI, std::nullopt);
}
Read<EutraCells::One> Values::get(const NGAP_CellIDCancelledEUTRA_Item_t& in) {
    return get_one<EutraCells::One>(in.eUTRA_CGI, static_cast<uint16_t>(in.numberOfBroadcasts));
}
Read<NrCells::One> Values::get(const NGAP_CellIDCancelledNR_Item_t& in) {
    return get_one<NrCells::One>(in.nR_CGI, static_cast<uint16_t>(in.numberOfBroadcasts));
}

Read<BroadcastArea> Values::get(const NGAP_BroadcastCompletedAreaList_t& in) {
    switch (in.present) {
        case NGAP_BroadcastCompletedAreaList_PR_cellIDBroadcastEUTRA:
            return just_cells<EutraCells>(in.choice.cellIDBroadcastEUTRA);
        case NGAP_BroadcastCompletedAreaList_PR_tAIBroadcastEUTRA:
            return by_tai<EutraCells>(in.choice.tAIBroadcastEUTRA, &NGAP_TAIBroadcastEUTRA_Item_t::tAI,
                                      &NGAP_TAIBroadcastEUTRA_Item_t::completedCellsInTAI_EUTRA);
        case NGAP_BroadcastCompletedAreaList_PR_emergencyAreaIDBroadcastEUTRA:
            return by_eai<EutraCells>(in.choice.emergencyAreaIDBroadcastEUTRA,
                                      &NGAP_EmergencyAreaIDBroadcastEUTRA_Item_t::emergencyAreaID,
                                      &NGAP_EmergencyAreaIDBroadcastEUTRA_Item_t::completedCellsInEAI_EUTRA);
        case NGAP_BroadcastCompletedAreaList_PR_cellIDBroadcastNR:
            return just_cells<NrCells>(in.choice.cellIDBroadcastNR);
        case NGAP_BroadcastCompletedAreaList_PR_tAIBroadcastNR:
            return by_tai<NrCells>(in.choice.tAIBroadcastNR, &NGAP_TAIBroadcastNR_Item_t::tAI,
                                   &NGAP_TAIBroadcastNR_Item_t::completedCellsInTAI_NR);
        case NGAP_BroadcastCompletedAreaList_PR_emergencyAreaIDBroadcastNR:
            return by_eai<NrCells>(in.choice.emergencyAreaIDBroadcastNR,
                                   &NGAP_EmergencyAreaIDBroadcastNR_Item_t::emergencyAreaID,
                                   &NGAP_EmergencyAreaIDBroadcastNR_Item_t::completedCellsInEAI_NR);
        case NGAP_BroadcastCompletedAreaList_PR_choice_Extensions:
        case NGAP_BroadcastCompletedAreaList_PR_NOTHING:
            break;
    }
    return makes_no_sense("BroadcastCompletedAreaList");
}

Read<BroadcastArea> Values::get(const NGAP_BroadcastCancelledAreaList_t& in) {
    switch (in.present) {
        case NGAP_BroadcastCancelledAreaList_PR_cellIDCancelledEUTRA:
            return just_cells<EutraCells>(in.choice.cellIDCancelledEUTRA);
        case NGAP_BroadcastCancelledAreaList_PR_tAICancelledEUTRA:
            return by_tai<EutraCells>(in.choice.tAICancelledEUTRA, &NGAP_TAICancelledEUTRA_Item_t::tAI,
                                      &NGAP_TAICancelledEUTRA_Item_t::cancelledCellsInTAI_EUTRA);
        case NGAP_BroadcastCancelledAreaList_PR_emergencyAreaIDCancelledEUTRA:
            return by_eai<EutraCells>(in.choice.emergencyAreaIDCancelledEUTRA,
                                      &NGAP_EmergencyAreaIDCancelledEUTRA_Item_t::emergencyAreaID,
                                      &NGAP_EmergencyAreaIDCancelledEUTRA_Item_t::cancelledCellsInEAI_EUTRA);
        case NGAP_BroadcastCancelledAreaList_PR_cellIDCancelledNR:
            return just_cells<NrCells>(in.choice.cellIDCancelledNR);
        case NGAP_BroadcastCancelledAreaList_PR_tAICancelledNR:
            return by_tai<NrCells>(in.choice.tAICancelledNR, &NGAP_TAICancelledNR_Item_t::tAI,
                                   &NGAP_TAICancelledNR_Item_t::cancelledCellsInTAI_NR);
        case NGAP_BroadcastCancelledAreaList_PR_emergencyAreaIDCancelledNR:
            return by_eai<NrCells>(in.choice.emergencyAreaIDCancelledNR,
                                   &NGAP_EmergencyAreaIDCancelledNR_Item_t::emergencyAreaID,
                                   &NGAP_EmergencyAreaIDCancelledNR_Item_t::cancelledCellsInEAI_NR);
        case NGAP_BroadcastCancelledAreaList_PR_choice_Extensions:
        case NGAP_BroadcastCancelledAreaList_PR_NOTHING:
            break;
    }
    return makes_no_sense("BroadcastCancelledAreaList");
}

Read<wire::CriticalityDiagnostics> Values::get(const NGAP_CriticalityDiagnostics_t& in) {
    return wire::get_diagnostics(in, &NGAP_CriticalityDiagnostics_t::iEsCriticalityDiagnostics);
}

}  // namespace cbc::ngap
