// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/asn1_types.h"

extern "C" {
#include <constr_TYPE.h>
// clang-format off
#define FAROL_TYPES(X)                                                                                      \
    X(SBCAP, Broadcast_Cancelled_Area_List) X(SBCAP, Broadcast_Cancelled_Area_List_5GS)                     \
    X(SBCAP, Broadcast_Empty_Area_List) X(SBCAP, Broadcast_Empty_Area_List_5GS)                             \
    X(SBCAP, Broadcast_Scheduled_Area_List) X(SBCAP, Broadcast_Scheduled_Area_List_5GS)                     \
    X(SBCAP, Cause) X(SBCAP, Concurrent_Warning_Message_Indicator) X(SBCAP, Criticality_Diagnostics)        \
    X(SBCAP, Data_Coding_Scheme) X(SBCAP, Extended_Repetition_Period) X(SBCAP, Failed_Cell_List)            \
    X(SBCAP, Failed_Cell_List_NR) X(SBCAP, Global_ENB_ID) X(SBCAP, Global_GNB_ID)                           \
    X(SBCAP, Global_RAN_Node_ID) X(SBCAP, List_of_5GS_TAI_for_Restart) X(SBCAP, List_of_5GS_TAIs)           \
    X(SBCAP, List_of_EAIs_Restart) X(SBCAP, List_of_TAIs) X(SBCAP, List_of_TAIs_Restart)                    \
    X(SBCAP, Message_Identifier) X(SBCAP, Number_of_Broadcasts_Requested) X(SBCAP, Omc_Id)                  \
    X(SBCAP, Repetition_Period) X(SBCAP, Restarted_Cell_List) X(SBCAP, Restarted_Cell_List_NR)              \
    X(SBCAP, Serial_Number) X(SBCAP, Stop_All_Indicator) X(SBCAP, Warning_Area_Coordinates)                 \
    X(SBCAP, Warning_Area_List) X(SBCAP, Warning_Area_List_5GS) X(SBCAP, Warning_Message_Content)           \
    X(SBCAP, Warning_Security_Information) X(SBCAP, Warning_Type)                                           \
    X(NGAP, BroadcastCancelledAreaList) X(NGAP, BroadcastCompletedAreaList)                                 \
    X(NGAP, CancelAllWarningMessages) X(NGAP, CellIDListForRestart)                                         \
    X(NGAP, ConcurrentWarningMessageInd) X(NGAP, CriticalityDiagnostics) X(NGAP, DataCodingScheme)          \
    X(NGAP, EmergencyAreaIDListForRestart) X(NGAP, GlobalRANNodeID) X(NGAP, MessageIdentifier)              \
    X(NGAP, NumberOfBroadcastsRequested) X(NGAP, PWSFailedCellIDList) X(NGAP, RepetitionPeriod)             \
    X(NGAP, SerialNumber) X(NGAP, TAIListForRestart) X(NGAP, WarningAreaCoordinates)                        \
    X(NGAP, WarningAreaList) X(NGAP, WarningMessageContents) X(NGAP, WarningSecurityInfo)                   \
    X(NGAP, WarningType)                                                                                    \
    X(SABP, Broadcast_Message_Content) X(SABP, Broadcast_Message_Content_Validity_Indicator)                \
    X(SABP, Category) X(SABP, Cause) X(SABP, Criticality_Diagnostics) X(SABP, Data_Coding_Scheme)           \
    X(SABP, Failure_List) X(SABP, Message_Identifier) X(SABP, Number_of_Broadcasts_Completed_List)          \
    X(SABP, Number_of_Broadcasts_Requested) X(SABP, Paging_ETWS_Indicator)                                  \
    X(SABP, Radio_Resource_Loading_List) X(SABP, Recovery_Indication) X(SABP, Repetition_Period)            \
    X(SABP, Serial_Number) X(SABP, Service_Areas_List) X(SABP, TypeOfError) X(SABP, Warning_Type)           \
    X(SABP, WarningSecurityInfo)
// clang-format on
#define DECLARE(protocol, type) extern asn_TYPE_descriptor_t asn_DEF_##protocol##_##type;
FAROL_TYPES(DECLARE)
}

namespace test {

const std::map<std::string, const asn1::Type*>& asn1_types() {
    static const std::map<std::string, const asn1::Type*> types{
#define ADD(protocol, kind) {asn_DEF_##protocol##_##kind.name, &asn_DEF_##protocol##_##kind},
        FAROL_TYPES(ADD)};
    return types;
}

}  // namespace test
