// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The values of single elements of NGAP to and from the C structures of asn1c. For the codec alone.
#pragma once

#include "cbc/wire/element_io.h"
#include "cbc/wire/ngap_message.h"

extern "C" {
#include <NGAP-BroadcastCancelledAreaList.h>
#include <NGAP-BroadcastCompletedAreaList.h>
#include <NGAP-CellIDBroadcastEUTRA-Item.h>
#include <NGAP-CellIDBroadcastNR-Item.h>
#include <NGAP-CellIDCancelledEUTRA-Item.h>
#include <NGAP-CellIDCancelledNR-Item.h>
#include <NGAP-CellIDListForRestart.h>
#include <NGAP-CriticalityDiagnostics.h>
#include <NGAP-EUTRA-CGI.h>
#include <NGAP-GlobalRANNodeID.h>
#include <NGAP-NR-CGI.h>
#include <NGAP-PWSFailedCellIDList.h>
#include <NGAP-TAI.h>
#include <NGAP-WarningAreaList.h>
}

namespace cbc::ngap {

using wire::Read;

struct Values {
    static void put(NGAP_TAI_t& out, const Tai5gs& tai);
    static void put(NGAP_EUTRA_CGI_t& out, const Ecgi& cell);
    static void put(NGAP_NR_CGI_t& out, const Ncgi& cell);
    static void put(OCTET_STRING_t& out, const EmergencyArea& area);
    static void put(NGAP_GlobalRANNodeID_t& out, const RanNode& node);
    static void put(NGAP_WarningAreaList_t& out, const WarningArea& area);
    static void put(NGAP_CellIDListForRestart_t& out, const CellIds& cells);
    static void put(NGAP_PWSFailedCellIDList_t& out, const CellIds& cells);
    static void put(NGAP_BroadcastCompletedAreaList_t& out, const BroadcastArea& area);
    static void put(NGAP_BroadcastCancelledAreaList_t& out, const BroadcastArea& area);
    static void put(NGAP_CriticalityDiagnostics_t& out, const wire::CriticalityDiagnostics& diagnostics);

    static Read<Tai5gs> get(const NGAP_TAI_t& in);
    static Read<Ecgi> get(const NGAP_EUTRA_CGI_t& in);
    static Read<Ncgi> get(const NGAP_NR_CGI_t& in);
    static Read<EmergencyArea> get(const OCTET_STRING_t& in);
    static Read<RanNode> get(const NGAP_GlobalRANNodeID_t& in);
    static Read<WarningArea> get(const NGAP_WarningAreaList_t& in);
    static Read<CellIds> get(const NGAP_CellIDListForRestart_t& in);
    static Read<CellIds> get(const NGAP_PWSFailedCellIDList_t& in);
    static Read<BroadcastArea> get(const NGAP_BroadcastCompletedAreaList_t& in);
    static Read<BroadcastArea> get(const NGAP_BroadcastCancelledAreaList_t& in);
    static Read<wire::CriticalityDiagnostics> get(const NGAP_CriticalityDiagnostics_t& in);

    // Cells as they stand in the lists of broadcast areas.
    static void put(NGAP_CellIDBroadcastEUTRA_Item_t& out, const EutraCells::One& one);
    static void put(NGAP_CellIDBroadcastNR_Item_t& out, const NrCells::One& one);
    static void put(NGAP_CellIDCancelledEUTRA_Item_t& out, const EutraCells::One& one);
    static void put(NGAP_CellIDCancelledNR_Item_t& out, const NrCells::One& one);
    static Read<EutraCells::One> get(const NGAP_CellIDBroadcastEUTRA_Item_t& in);
    static Read<NrCells::One> get(const NGAP_CellIDBroadcastNR_Item_t& in);
    static Read<EutraCells::One> get(const NGAP_CellIDCancelledEUTRA_Item_t& in);
    static Read<NrCells::One> get(const NGAP_CellIDCancelledNR_Item_t& in);
};

}  // namespace cbc::ngap
