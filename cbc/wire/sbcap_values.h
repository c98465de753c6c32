// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The values of single elements of SBc-AP to and from the C structures of asn1c. For sbcap_codec.cc alone.
#pragma once

#include <span>
#include <vector>

#include "asn1/structures.h"
#include "cbc/wire/element_io.h"
#include "cbc/wire/sbcap_message.h"

extern "C" {
#include <SBCAP-Broadcast-Cancelled-Area-List-5GS.h>
#include <SBCAP-Broadcast-Cancelled-Area-List.h>
#include <SBCAP-Broadcast-Scheduled-Area-List-5GS.h>
#include <SBCAP-Broadcast-Scheduled-Area-List.h>
#include <SBCAP-CancelledCell-Item-5GS.h>
#include <SBCAP-CancelledCell-Item.h>
#include <SBCAP-Criticality-Diagnostics.h>
#include <SBCAP-Global-ENB-ID.h>
#include <SBCAP-Global-GNB-ID.h>
#include <SBCAP-Global-RAN-Node-ID.h>
#include <SBCAP-List-of-TAIs-Item.h>
#include <SBCAP-List-of-TAIs-Restart-Item.h>
#include <SBCAP-ScheduledCell-Item-5GS.h>
#include <SBCAP-ScheduledCell-Item.h>
#include <SBCAP-TAI-5GS.h>
#include <SBCAP-Warning-Area-List-5GS.h>
#include <SBCAP-Warning-Area-List.h>
}

namespace cbc::sbcap {

using wire::Read;

struct Values {
    static void put(SBCAP_TAI_t& out, const Tai& tai);
    static void put(SBCAP_List_of_TAIs_Item_t& out, const Tai& tai);
    static void put(SBCAP_List_of_TAIs_Restart_Item_t& out, const Tai& tai);
    static void put(SBCAP_TAI_5GS_t& out, const Tai5gs& tai);
    static void put(SBCAP_EUTRAN_CGI_t& out, const Ecgi& cell);
    static void put(SBCAP_NR_CGI_t& out, const Ncgi& cell);
    static void put(OCTET_STRING_t& out, const EmergencyArea& area);
    static void put(SBCAP_Global_ENB_ID_t& out, const EnbId& node);
    static void put(SBCAP_Global_GNB_ID_t& out, const GnbId& node);
    static void put(SBCAP_Global_RAN_Node_ID_t& out, const RanNode& node);
    static void put(SBCAP_Warning_Area_List_t& out, const WarningArea& area);
    static void put(SBCAP_Warning_Area_List_5GS_t& out, const WarningArea5gs& area);
    static void put(SBCAP_Criticality_Diagnostics_t& out, const CriticalityDiagnostics& diagnostics);
    static void put(SBCAP_Broadcast_Scheduled_Area_List_t& out, const EpsCells& cells);
    static void put(SBCAP_Broadcast_Cancelled_Area_List_t& out, const EpsCells& cells);
    static void put(SBCAP_Broadcast_Scheduled_Area_List_5GS_t& out, const NrCells& cells);
    static void put(SBCAP_Broadcast_Cancelled_Area_List_5GS_t& out, const NrCells& cells);

    static Read<Tai> get(const SBCAP_TAI_t& in);
    static Read<Tai> get(const SBCAP_List_of_TAIs_Item_t& in);
    static Read<Tai> get(const SBCAP_List_of_TAIs_Restart_Item_t& in);
    static Read<Tai5gs> get(const SBCAP_TAI_5GS_t& in);
    static Read<Ecgi> get(const SBCAP_EUTRAN_CGI_t& in);
    static Read<Ncgi> get(const SBCAP_NR_CGI_t& in);
    static Read<EmergencyArea> get(const OCTET_STRING_t& in);
    static Read<EnbId> get(const SBCAP_Global_ENB_ID_t& in);
    static Read<GnbId> get(const SBCAP_Global_GNB_ID_t& in);
    static Read<RanNode> get(const SBCAP_Global_RAN_Node_ID_t& in);
    static Read<WarningArea> get(const SBCAP_Warning_Area_List_t& in);
    static Read<WarningArea5gs> get(const SBCAP_Warning_Area_List_5GS_t& in);
    static Read<CriticalityDiagnostics> get(const SBCAP_Criticality_Diagnostics_t& in);
    static Read<EpsCells> get(const SBCAP_Broadcast_Scheduled_Area_List_t& in);
    static Read<EpsCells> get(const SBCAP_Broadcast_Cancelled_Area_List_t& in);
    static Read<NrCells> get(const SBCAP_Broadcast_Scheduled_Area_List_5GS_t& in);
    static Read<NrCells> get(const SBCAP_Broadcast_Cancelled_Area_List_5GS_t& in);

    // Cells as they stand in the lists of broadcast areas.
    static void put(SBCAP_ScheduledCell_Item_t& out, const EpsCells::One& one);
    static void put(SBCAP_ScheduledCell_Item_5GS_t& out, const NrCells::One& one);
    static void put(SBCAP_CancelledCell_Item_t& out, const EpsCells::One& one);
    static void put(SBCAP_CancelledCell_Item_5GS_t& out, const NrCells::One& one);
    static Read<EpsCells::One> get(const SBCAP_ScheduledCell_Item_t& in);
    static Read<NrCells::One> get(const SBCAP_ScheduledCell_Item_5GS_t& in);
    static Read<EpsCells::One> get(const SBCAP_CancelledCell_Item_t& in);
    static Read<NrCells::One> get(const SBCAP_CancelledCell_Item_5GS_t& in);
};

}  // namespace cbc::sbcap
