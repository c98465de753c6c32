// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/message_codec.h"
#include "cbc/wire/sbcap_codec.h"
#include "cbc/wire/sbcap_elements.h"
#include "cbc/wire/sbcap_tables.h"
#include "cbc/wire/sbcap_values.h"

namespace cbc::sbcap {
namespace {

using Elements = wire::ElementWriter<Values>;

// An ENUMERATED of one value.
void add_flag(Elements& out, Id id, bool flag) {
    if (flag) out.add_number(id, asn_DEF_SBCAP_Concurrent_Warning_Message_Indicator, 0);
}

template <class Message>
void write_reference(Elements& out, const Message& message) {
    out.add_bits(kIdMessageIdentifier, asn_DEF_SBCAP_Message_Identifier, message.message_identifier.value(),
                 16);
    out.add_bits(kIdSerialNumber, asn_DEF_SBCAP_Serial_Number, message.serial.value(), 16);
}

void write_5gs(Elements& out, const Request5gs& nr) {
    out.add_list<SBCAP_List_of_5GS_TAIs_t>(kIdListOf5gsTais, asn_DEF_SBCAP_List_of_5GS_TAIs, nr.tais);
    out.add<SBCAP_Warning_Area_List_5GS_t>(kIdWarningAreaList5gs, asn_DEF_SBCAP_Warning_Area_List_5GS,
                                           nr.area);
}

void write(Elements& out, const WriteReplaceWarningRequest& message) {
    write_reference(out, message);
    out.add_list<SBCAP_List_of_TAIs_t>(kIdListOfTais, asn_DEF_SBCAP_List_of_TAIs, message.tais);
    out.add<SBCAP_Warning_Area_List_t>(kIdWarningAreaList, asn_DEF_SBCAP_Warning_Area_List, message.area);
    const bool is_long = message.repetition_period > kPlainRepetitionPeriodMax;
    out.add_number(kIdRepetitionPeriod, asn_DEF_SBCAP_Repetition_Period,
                   is_long ? kPlainRepetitionPeriodMax : message.repetition_period);
    if (is_long)
        out.add_number(kIdExtendedRepetitionPeriod, asn_DEF_SBCAP_Extended_Repetition_Period,
                       message.repetition_period);
    out.add_number(kIdNumberOfBroadcastsRequested, asn_DEF_SBCAP_Number_of_Broadcasts_Requested,
                   message.number_of_broadcasts);
    out.add_warning_type(kIdWarningType, asn_DEF_SBCAP_Warning_Type, message.warning_type);
    out.add_octets(kIdWarningSecurityInformation, asn_DEF_SBCAP_Warning_Security_Information,
                   message.security);
    if (message.coding)
        out.add_bits(kIdDataCodingScheme, asn_DEF_SBCAP_Data_Coding_Scheme, message.coding->value(), 8);
    out.add_octets(kIdWarningMessageContent, asn_DEF_SBCAP_Warning_Message_Content, message.contents);
    out.add_octets(kIdOmcId, asn_DEF_SBCAP_Omc_Id, message.omc_id);
    add_flag(out, kIdConcurrentWarningMessageIndicator, message.concurrent);
    add_flag(out, kIdSendWriteReplaceWarningIndication, message.send_indication);
    out.add<SBCAP_Global_ENB_ID_t>(kIdGlobalEnbId, asn_DEF_SBCAP_Global_ENB_ID, message.enb);
    out.add_octets(kIdWarningAreaCoordinates, asn_DEF_SBCAP_Warning_Area_Coordinates, message.coordinates);
    write_5gs(out, message.nr);
    out.add<SBCAP_Global_RAN_Node_ID_t>(kIdGlobalRanNodeId, asn_DEF_SBCAP_Global_RAN_Node_ID,
                                        message.nr.node);
    add_flag(out, kIdRatSelector5gs, message.nr.rat_selector);
}

void write(Elements& out, const StopWarningRequest& message) {
    write_reference(out, message);
    out.add_list<SBCAP_List_of_TAIs_t>(kIdListOfTais, asn_DEF_SBCAP_List_of_TAIs, message.tais);
    out.add<SBCAP_Warning_Area_List_t>(kIdWarningAreaList, asn_DEF_SBCAP_Warning_Area_List, message.area);
    out.add_octets(kIdOmcId, asn_DEF_SBCAP_Omc_Id, message.omc_id);
    add_flag(out, kIdSendStopWarningIndication, message.send_indication);
    add_flag(out, kIdStopAllIndicator, message.stop_all);
    write_5gs(out, message.nr);
    add_flag(out, kIdRatSelector5gs, message.nr.rat_selector);
}

void write(Elements& out, const WarningResponse& message) {
    write_reference(out, message);
    out.add_number(kIdCause, asn_DEF_SBCAP_Cause, static_cast<long>(message.cause));
    out.add<SBCAP_Criticality_Diagnostics_t>(kIdCriticalityDiagnostics, asn_DEF_SBCAP_Criticality_Diagnostics,
                                             message.diagnostics);
    out.add_list<SBCAP_List_of_TAIs_t>(kIdUnknownTrackingAreaList, asn_DEF_SBCAP_List_of_TAIs,
                                       message.unknown_tais);
    out.add_list<SBCAP_List_of_5GS_TAIs_t>(kIdUnknown5gsTrackingAreaList, asn_DEF_SBCAP_List_of_5GS_TAIs,
                                           message.unknown_tais_5gs);
}

void write(Elements& out, const ErrorIndication& message) {
    if (message.cause) out.add_number(kIdCause, asn_DEF_SBCAP_Cause, static_cast<long>(*message.cause));
    out.add<SBCAP_Criticality_Diagnostics_t>(kIdCriticalityDiagnostics, asn_DEF_SBCAP_Criticality_Diagnostics,
                                             message.diagnostics);
}

void write(Elements& out, const WriteReplaceWarningIndication& message) {
    write_reference(out, message);
    out.add<SBCAP_Broadcast_Scheduled_Area_List_t>(
        kIdBroadcastScheduledAreaList, asn_DEF_SBCAP_Broadcast_Scheduled_Area_List, message.scheduled);
    out.add<SBCAP_Broadcast_Scheduled_Area_List_5GS_t>(kIdBroadcastScheduledAreaList5gs,
                                                       asn_DEF_SBCAP_Broadcast_Scheduled_Area_List_5GS,
                                                       message.scheduled_nr);
}

void write(Elements& out, const StopWarningIndication& message) {
    write_reference(out, message);
    out.add<SBCAP_Broadcast_Cancelled_Area_List_t>(
        kIdBroadcastCancelledAreaList, asn_DEF_SBCAP_Broadcast_Cancelled_Area_List, message.cancelled);
    out.add_list<SBCAP_Broadcast_Empty_Area_List_t>(kIdBroadcastEmptyAreaList,
                                                    asn_DEF_SBCAP_Broadcast_Empty_Area_List, message.empty);
    out.add<SBCAP_Broadcast_Cancelled_Area_List_5GS_t>(kIdBroadcastCancelledAreaList5gs,
                                                       asn_DEF_SBCAP_Broadcast_Cancelled_Area_List_5GS,
                                                       message.cancelled_nr);
    out.add_list<SBCAP_Broadcast_Empty_Area_List_5GS_t>(
        kIdBroadcastEmptyAreaList5gs, asn_DEF_SBCAP_Broadcast_Empty_Area_List_5GS, message.empty_nr);
}

void write(Elements& out, const PwsRestartIndication& message) {
    out.add_list<SBCAP_Restarted_Cell_List_t>(kIdRestartedCellList, asn_DEF_SBCAP_Restarted_Cell_List,
                                              message.cells);
    out.add<SBCAP_Global_ENB_ID_t>(kIdGlobalEnbId, asn_DEF_SBCAP_Global_ENB_ID, message.enb);
    out.add_list<SBCAP_List_of_TAIs_Restart_t>(kIdListOfTaisRestart, asn_DEF_SBCAP_List_of_TAIs_Restart,
                                               message.tais);
    out.add_list<SBCAP_List_of_EAIs_Restart_t>(kIdListOfEaisRestart, asn_DEF_SBCAP_List_of_EAIs_Restart,
                                               message.emergency_areas);
    out.add_list<SBCAP_Restarted_Cell_List_NR_t>(kIdRestartedCellListNr, asn_DEF_SBCAP_Restarted_Cell_List_NR,
                                                 message.cells_nr);
    out.add_list<SBCAP_List_of_5GS_TAI_for_Restart_t>(
        kIdListOf5gsTaiForRestart, asn_DEF_SBCAP_List_of_5GS_TAI_for_Restart, message.tais_5gs);
    out.add<SBCAP_Global_GNB_ID_t>(kIdGlobalGnbId, asn_DEF_SBCAP_Global_GNB_ID, message.gnb);
}

void write(Elements& out, const PwsFailureIndication& message) {
    out.add_list<SBCAP_Failed_Cell_List_t>(kIdFailedCellList, asn_DEF_SBCAP_Failed_Cell_List, message.cells);
    out.add<SBCAP_Global_ENB_ID_t>(kIdGlobalEnbId, asn_DEF_SBCAP_Global_ENB_ID, message.enb);
    out.add_list<SBCAP_Failed_Cell_List_NR_t>(kIdFailedCellListNr, asn_DEF_SBCAP_Failed_Cell_List_NR,
                                              message.cells_nr);
    out.add<SBCAP_Global_GNB_ID_t>(kIdGlobalGnbId, asn_DEF_SBCAP_Global_GNB_ID, message.gnb);
}

}  // namespace

base::Result<base::Bytes> encode(const Message& message) {
    const auto& rule = rule_of(message);
    return wire::encode_message<Values>(rule, has_extensions(rule.procedure), [&](Elements& out) {
        std::visit([&](const auto& one) { write(out, one); }, message);
    });
}

}  // namespace cbc::sbcap
