// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/message_codec.h"
#include "cbc/wire/sbcap_codec.h"
#include "cbc/wire/sbcap_elements.h"
#include "cbc/wire/sbcap_tables.h"
#include "cbc/wire/sbcap_values.h"

namespace cbc::sbcap {
namespace {

using wire::Pdu;

using Taken = wire::ElementReader<Values>;

// An ENUMERATED of one value.
bool flag(Taken& in, Id id) {
    return in.number(id, asn_DEF_SBCAP_Concurrent_Warning_Message_Indicator).has_value();
}

template <class Message>
void read_reference(Taken& in, Message& message) {
    const auto identifier = in.bits(kIdMessageIdentifier, asn_DEF_SBCAP_Message_Identifier);
    const auto serial = in.bits(kIdSerialNumber, asn_DEF_SBCAP_Serial_Number);
    message.message_identifier = cbs::MessageIdentifier(static_cast<uint16_t>(identifier.value_or(0)));
    message.serial = cbs::SerialNumber(static_cast<uint16_t>(serial.value_or(0)));
}

void read_5gs(Taken& in, Request5gs& nr) {
    in.read_list<SBCAP_List_of_5GS_TAIs_t>(kIdListOf5gsTais, asn_DEF_SBCAP_List_of_5GS_TAIs, nr.tais);
    in.read<SBCAP_Warning_Area_List_5GS_t>(kIdWarningAreaList5gs, asn_DEF_SBCAP_Warning_Area_List_5GS,
                                           nr.area);
    in.read<SBCAP_Global_RAN_Node_ID_t>(kIdGlobalRanNodeId, asn_DEF_SBCAP_Global_RAN_Node_ID, nr.node);
    nr.rat_selector = flag(in, kIdRatSelector5gs);
}

void read(Taken& in, WriteReplaceWarningRequest& message) {
    read_reference(in, message);
    in.read_list<SBCAP_List_of_TAIs_t>(kIdListOfTais, asn_DEF_SBCAP_List_of_TAIs, message.tais);
    in.read<SBCAP_Warning_Area_List_t>(kIdWarningAreaList, asn_DEF_SBCAP_Warning_Area_List, message.area);
    const auto plain = in.number(kIdRepetitionPeriod, asn_DEF_SBCAP_Repetition_Period);
    const auto extended = in.number(kIdExtendedRepetitionPeriod, asn_DEF_SBCAP_Extended_Repetition_Period);
    message.repetition_period = static_cast<uint32_t>(extended ? *extended : plain.value_or(0));
    message.number_of_broadcasts = static_cast<uint16_t>(
        in.number(kIdNumberOfBroadcastsRequested, asn_DEF_SBCAP_Number_of_Broadcasts_Requested).value_or(0));
    message.warning_type = in.warning_type(kIdWarningType, asn_DEF_SBCAP_Warning_Type);
    message.security = in.octets(kIdWarningSecurityInformation, asn_DEF_SBCAP_Warning_Security_Information);
    if (const auto coding = in.bits(kIdDataCodingScheme, asn_DEF_SBCAP_Data_Coding_Scheme))
        message.coding = cbs::DataCoding(static_cast<uint8_t>(*coding));
    message.contents = in.octets(kIdWarningMessageContent, asn_DEF_SBCAP_Warning_Message_Content);
    message.omc_id = in.octets(kIdOmcId, asn_DEF_SBCAP_Omc_Id);
    message.concurrent = flag(in, kIdConcurrentWarningMessageIndicator);
    message.send_indication = flag(in, kIdSendWriteReplaceWarningIndication);
    in.read<SBCAP_Global_ENB_ID_t>(kIdGlobalEnbId, asn_DEF_SBCAP_Global_ENB_ID, message.enb);
    message.coordinates = in.octets(kIdWarningAreaCoordinates, asn_DEF_SBCAP_Warning_Area_Coordinates);
    read_5gs(in, message.nr);
}

void read(Taken& in, StopWarningRequest& message) {
    read_reference(in, message);
    in.read_list<SBCAP_List_of_TAIs_t>(kIdListOfTais, asn_DEF_SBCAP_List_of_TAIs, message.tais);
    in.read<SBCAP_Warning_Area_List_t>(kIdWarningAreaList, asn_DEF_SBCAP_Warning_Area_List, message.area);
    message.omc_id = in.octets(kIdOmcId, asn_DEF_SBCAP_Omc_Id);
    message.send_indication = flag(in, kIdSendStopWarningIndication);
    message.stop_all = flag(in, kIdStopAllIndicator);
    read_5gs(in, message.nr);
}

void read(Taken& in, WarningResponse& message) {
    read_reference(in, message);
    message.cause = static_cast<Cause>(in.number(kIdCause, asn_DEF_SBCAP_Cause).value_or(0));
    in.read<SBCAP_Criticality_Diagnostics_t>(kIdCriticalityDiagnostics, asn_DEF_SBCAP_Criticality_Diagnostics,
                                             message.diagnostics);
    in.read_list<SBCAP_List_of_TAIs_t>(kIdUnknownTrackingAreaList, asn_DEF_SBCAP_List_of_TAIs,
                                       message.unknown_tais);
    in.read_list<SBCAP_List_of_5GS_TAIs_t>(kIdUnknown5gsTrackingAreaList, asn_DEF_SBCAP_List_of_5GS_TAIs,
                                           message.unknown_tais_5gs);
}

void read(Taken& in, ErrorIndication& message) {
    if (const auto cause = in.number(kIdCause, asn_DEF_SBCAP_Cause))
        message.cause = static_cast<Cause>(*cause);
    in.read<SBCAP_Criticality_Diagnostics_t>(kIdCriticalityDiagnostics, asn_DEF_SBCAP_Criticality_Diagnostics,
                                             message.diagnostics);
}

void read(Taken& in, WriteReplaceWarningIndication& message) {
    read_reference(in, message);
    in.read<SBCAP_Broadcast_Scheduled_Area_List_t>(
        kIdBroadcastScheduledAreaList, asn_DEF_SBCAP_Broadcast_Scheduled_Area_List, message.scheduled);
    in.read<SBCAP_Broadcast_Scheduled_Area_List_5GS_t>(kIdBroadcastScheduledAreaList5gs,
                                                       asn_DEF_SBCAP_Broadcast_Scheduled_Area_List_5GS,
                                                       message.scheduled_nr);
}

void read(Taken& in, StopWarningIndication& message) {
    read_reference(in, message);
    in.read<SBCAP_Broadcast_Cancelled_Area_List_t>(
        kIdBroadcastCancelledAreaList, asn_DEF_SBCAP_Broadcast_Cancelled_Area_List, message.cancelled);
    in.read_list<SBCAP_Broadcast_Empty_Area_List_t>(kIdBroadcastEmptyAreaList,
                                                    asn_DEF_SBCAP_Broadcast_Empty_Area_List, message.empty);
    in.read<SBCAP_Broadcast_Cancelled_Area_List_5GS_t>(kIdBroadcastCancelledAreaList5gs,
                                                       asn_DEF_SBCAP_Broadcast_Cancelled_Area_List_5GS,
                                                       message.cancelled_nr);
    in.read_list<SBCAP_Broadcast_Empty_Area_List_5GS_t>(
        kIdBroadcastEmptyAreaList5gs, asn_DEF_SBCAP_Broadcast_Empty_Area_List_5GS, message.empty_nr);
}

// An identity of a node has no empty value, so these two are made when their mandatory element is there.
template <class Indication>
std::optional<Indication> with_node(Taken& in) {
    std::optional<EnbId> enb;
    in.read<SBCAP_Global_ENB_ID_t>(kIdGlobalEnbId, asn_DEF_SBCAP_Global_ENB_ID, enb);
    if (!enb) return std::nullopt;
    return Indication{.cells = {}, .enb = *enb};
}

void read(Taken& in, PwsRestartIndication& message) {
    in.read_list<SBCAP_Restarted_Cell_List_t>(kIdRestartedCellList, asn_DEF_SBCAP_Restarted_Cell_List,
                                              message.cells);
    in.read_list<SBCAP_List_of_TAIs_Restart_t>(kIdListOfTaisRestart, asn_DEF_SBCAP_List_of_TAIs_Restart,
                                               message.tais);
    in.read_list<SBCAP_List_of_EAIs_Restart_t>(kIdListOfEaisRestart, asn_DEF_SBCAP_List_of_EAIs_Restart,
                                               message.emergency_areas);
    in.read_list<SBCAP_Restarted_Cell_List_NR_t>(kIdRestartedCellListNr, asn_DEF_SBCAP_Restarted_Cell_List_NR,
                                                 message.cells_nr);
    in.read_list<SBCAP_List_of_5GS_TAI_for_Restart_t>(
        kIdListOf5gsTaiForRestart, asn_DEF_SBCAP_List_of_5GS_TAI_for_Restart, message.tais_5gs);
    in.read<SBCAP_Global_GNB_ID_t>(kIdGlobalGnbId, asn_DEF_SBCAP_Global_GNB_ID, message.gnb);
}

void read(Taken& in, PwsFailureIndication& message) {
    in.read_list<SBCAP_Failed_Cell_List_t>(kIdFailedCellList, asn_DEF_SBCAP_Failed_Cell_List, message.cells);
    in.read_list<SBCAP_Failed_Cell_List_NR_t>(kIdFailedCellListNr, asn_DEF_SBCAP_Failed_Cell_List_NR,
                                              message.cells_nr);
    in.read<SBCAP_Global_GNB_ID_t>(kIdGlobalGnbId, asn_DEF_SBCAP_Global_GNB_ID, message.gnb);
}

template <class M>
std::optional<Message> read_as(Taken& in) {
    std::optional<M> message;
    if constexpr (std::is_same_v<M, PwsRestartIndication> || std::is_same_v<M, PwsFailureIndication>)
        message = with_node<M>(in);
    else
        message = M{};
    if (message) read(in, *message);
    if (!message || in.bad()) return std::nullopt;
    return Message{std::move(*message)};
}

std::optional<Message> read_message(const Pdu& pdu, Taken& in) {
    const bool is_response = pdu.trigger == wire::Trigger::kSuccessfulOutcome;
    switch (static_cast<Procedure>(pdu.procedure)) {
        case Procedure::kWriteReplaceWarning:
            return is_response ? read_as<WriteReplaceWarningResponse>(in)
                               : read_as<WriteReplaceWarningRequest>(in);
        case Procedure::kStopWarning:
            return is_response ? read_as<StopWarningResponse>(in) : read_as<StopWarningRequest>(in);
        case Procedure::kErrorIndication:
            return read_as<ErrorIndication>(in);
        case Procedure::kWriteReplaceWarningIndication:
            return read_as<WriteReplaceWarningIndication>(in);
        case Procedure::kStopWarningIndication:
            return read_as<StopWarningIndication>(in);
        case Procedure::kPwsRestartIndication:
            return read_as<PwsRestartIndication>(in);
        case Procedure::kPwsFailureIndication:
            return read_as<PwsFailureIndication>(in);
    }
    return std::nullopt;
}

ErrorIndication indication(const wire::Objection& objection) {
    return {wire::cause_of<Cause>(objection.complaint), objection.diagnostics};
}

// Peers are known that leave the list of tracking areas out of a restart (see PwsRestartIndication).
bool forgives(const Pdu& pdu, const wire::Diagnostic& missing) {
    return pdu.procedure == static_cast<uint8_t>(Procedure::kPwsRestartIndication) &&
           missing.id == kIdListOfTaisRestart;
}

constexpr wire::Protocol kProtocol{.octets_max = kMessageOctetsMax,
                                   .has_extensions = has_extensions,
                                   .rule_of = rule_of,
                                   .error_indication = static_cast<uint8_t>(Procedure::kErrorIndication),
                                   .forgives = forgives};

}  // namespace

base::Result<Decoded, Fault> decode(base::ByteView in) {
    return wire::decode_message<Values, Message, ErrorIndication>(in, kProtocol, read_message, indication);
}

}  // namespace cbc::sbcap
