// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The values of single elements of SBc-AP to and from the C structures of asn1c. For sbcap_codec.cc alone.
#pragma once

#include <span>
#include <vector>

#include "asn1/structures.h"
#include "cbc/wire/sbcap_message.h"

extern "C" {
#include <SBCAP-Broadcast-Cancelled-Area-List-5GS.h>
#include <SBCAP-Broadcast-Cancelled-Area-List.h>
#include <SBCAP-Broadcast-Scheduled-Area-List-5GS.h>
#include <SBCAP-Broadcast-Scheduled-Area-List.h>
#include <SBCAP-Criticality-Diagnostics.h>
#include <SBCAP-Global-ENB-ID.h>
#include <SBCAP-Global-GNB-ID.h>
#include <SBCAP-Global-RAN-Node-ID.h>
#include <SBCAP-List-of-TAIs-Item.h>
#include <SBCAP-List-of-TAIs-Restart-Item.h>
#include <SBCAP-TAI-5GS.h>
#include <SBCAP-Warning-Area-List-5GS.h>
#include <SBCAP-Warning-Area-List.h>
}

namespace cbc::sbcap {

// What is well coded and makes no sense all the same: a network identity of other than digits, say.
template <class T>
using Read = base::Result<T, base::DecodeError>;

void put(SBCAP_TAI_t& out, const Tai& tai);
void put(SBCAP_List_of_TAIs_Item_t& out, const Tai& tai);
void put(SBCAP_List_of_TAIs_Restart_Item_t& out, const Tai& tai);
void put(SBCAP_TAI_5GS_t& out, const Tai5gs& tai);
void put(SBCAP_EUTRAN_CGI_t& out, const Ecgi& cell);
void put(SBCAP_NR_CGI_t& out, const Ncgi& cell);
void put(OCTET_STRING_t& out, const EmergencyArea& area);
void put(SBCAP_Global_ENB_ID_t& out, const EnbId& node);
void put(SBCAP_Global_GNB_ID_t& out, const GnbId& node);
void put(SBCAP_Global_RAN_Node_ID_t& out, const RanNode& node);
void put(SBCAP_Warning_Area_List_t& out, const WarningArea& area);
void put(SBCAP_Warning_Area_List_5GS_t& out, const WarningArea5gs& area);
void put(SBCAP_Criticality_Diagnostics_t& out, const CriticalityDiagnostics& diagnostics);
void put(SBCAP_Broadcast_Scheduled_Area_List_t& out, const EpsCells& cells);
void put(SBCAP_Broadcast_Cancelled_Area_List_t& out, const EpsCells& cells);
void put(SBCAP_Broadcast_Scheduled_Area_List_5GS_t& out, const NrCells& cells);
void put(SBCAP_Broadcast_Cancelled_Area_List_5GS_t& out, const NrCells& cells);

Read<Tai> get(const SBCAP_TAI_t& in);
Read<Tai> get(const SBCAP_List_of_TAIs_Item_t& in);
Read<Tai> get(const SBCAP_List_of_TAIs_Restart_Item_t& in);
Read<Tai5gs> get(const SBCAP_TAI_5GS_t& in);
Read<Ecgi> get(const SBCAP_EUTRAN_CGI_t& in);
Read<Ncgi> get(const SBCAP_NR_CGI_t& in);
Read<EmergencyArea> get(const OCTET_STRING_t& in);
Read<EnbId> get(const SBCAP_Global_ENB_ID_t& in);
Read<GnbId> get(const SBCAP_Global_GNB_ID_t& in);
Read<RanNode> get(const SBCAP_Global_RAN_Node_ID_t& in);
Read<WarningArea> get(const SBCAP_Warning_Area_List_t& in);
Read<WarningArea5gs> get(const SBCAP_Warning_Area_List_5GS_t& in);
Read<CriticalityDiagnostics> get(const SBCAP_Criticality_Diagnostics_t& in);
Read<EpsCells> get(const SBCAP_Broadcast_Scheduled_Area_List_t& in);
Read<EpsCells> get(const SBCAP_Broadcast_Cancelled_Area_List_t& in);
Read<NrCells> get(const SBCAP_Broadcast_Scheduled_Area_List_5GS_t& in);
Read<NrCells> get(const SBCAP_Broadcast_Cancelled_Area_List_5GS_t& in);

template <class List, class T>
void put_all(List& out, const std::vector<T>& values) {
    for (const T& value : values) put(asn1::append(out), value);
}

template <class T, class List>
Read<std::vector<T>> get_all(const List& in) {
    std::vector<T> values;
    values.reserve(asn1::items(in).size());
    for (const auto* item : asn1::items(in)) {
        auto value = get(*item);
        if (!value) return value.error();
        values.push_back(std::move(*value));
    }
    return values;
}

}  // namespace cbc::sbcap
