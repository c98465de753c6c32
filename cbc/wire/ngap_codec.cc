// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/ngap_codec.h"

#include "cbc/wire/message_codec.h"
#include "cbc/wire/ngap_tables.h"
#include "cbc/wire/ngap_values.h"

extern "C" {
#include <NGAP-CancelAllWarningMessages.h>
#include <NGAP-ConcurrentWarningMessageInd.h>
#include <NGAP-DataCodingScheme.h>
#include <NGAP-EmergencyAreaIDListForRestart.h>
#include <NGAP-MessageIdentifier.h>
#include <NGAP-NumberOfBroadcastsRequested.h>
#include <NGAP-RepetitionPeriod.h>
#include <NGAP-SerialNumber.h>
#include <NGAP-TAIListForRestart.h>
#include <NGAP-WarningAreaCoordinates.h>
#include <NGAP-WarningMessageContents.h>
#include <NGAP-WarningSecurityInfo.h>
#include <NGAP-WarningType.h>
}

namespace cbc::ngap {
namespace {

using base::DecodeError;
using wire::Pdu;
using Writer = wire::ElementWriter<Values>;
using Reader = wire::ElementReader<Values>;

template <class M>
void write_reference(Writer& out, const M& message) {
    out.add_bits(kIdMessageIdentifier, asn_DEF_NGAP_MessageIdentifier, message.message_identifier.value(),
                 16);
    out.add_bits(kIdSerialNumber, asn_DEF_NGAP_SerialNumber, message.serial.value(), 16);
}

void write(Writer& out, const WriteReplaceWarningRequest& message) {
    write_reference(out, message);
    out.add<NGAP_WarningAreaList_t>(kIdWarningAreaList, asn_DEF_NGAP_WarningAreaList, message.area);
    out.add_number(kIdRepetitionPeriod, asn_DEF_NGAP_RepetitionPeriod, message.repetition_period);
    out.add_number(kIdNumberOfBroadcastsRequested, asn_DEF_NGAP_NumberOfBroadcastsRequested,
                   message.number_of_broadcasts);
    out.add_warning_type(kIdWarningType, asn_DEF_NGAP_WarningType, message.warning_type);
    out.add_octets(kIdWarningSecurityInfo, asn_DEF_NGAP_WarningSecurityInfo, message.security);
    if (message.coding)
        out.add_bits(kIdDataCodingScheme, asn_DEF_NGAP_DataCodingScheme, message.coding->value(), 8);
    out.add_octets(kIdWarningMessageContents, asn_DEF_NGAP_WarningMessageContents, message.contents);
    if (message.concurrent)
        out.add_number(kIdConcurrentWarningMessageInd, asn_DEF_NGAP_ConcurrentWarningMessageInd, 0);
    out.add_octets(kIdWarningAreaCoordinates, asn_DEF_NGAP_WarningAreaCoordinates, message.coordinates);
}

void write(Writer& out, const WriteReplaceWarningResponse& message) {
    write_reference(out, message);
    out.add<NGAP_BroadcastCompletedAreaList_t>(kIdBroadcastCompletedAreaList,
                                               asn_DEF_NGAP_BroadcastCompletedAreaList, message.completed);
    out.add<NGAP_CriticalityDiagnostics_t>(kIdCriticalityDiagnostics, asn_DEF_NGAP_CriticalityDiagnostics,
                                           message.diagnostics);
}

void write(Writer& out, const PwsCancelRequest& message) {
    write_reference(out, message);
    out.add<NGAP_WarningAreaList_t>(kIdWarningAreaList, asn_DEF_NGAP_WarningAreaList, message.area);
    if (message.cancel_all)
        out.add_number(kIdCancelAllWarningMessages, asn_DEF_NGAP_CancelAllWarningMessages, 0);
}

void write(Writer& out, const PwsCancelResponse& message) {
    write_reference(out, message);
    out.add<NGAP_BroadcastCancelledAreaList_t>(kIdBroadcastCancelledAreaList,
                                               asn_DEF_NGAP_BroadcastCancelledAreaList, message.cancelled);
    out.add<NGAP_CriticalityDiagnostics_t>(kIdCriticalityDiagnostics, asn_DEF_NGAP_CriticalityDiagnostics,
                                           message.diagnostics);
}

void write(Writer& out, const PwsRestartIndication& message) {
    out.add<NGAP_CellIDListForRestart_t>(kIdCellIdListForRestart, asn_DEF_NGAP_CellIDListForRestart,
                                         message.cells);
    out.add<NGAP_GlobalRANNodeID_t>(kIdGlobalRanNodeId, asn_DEF_NGAP_GlobalRANNodeID, message.node);
    out.add_list<NGAP_TAIListForRestart_t>(kIdTaiListForRestart, asn_DEF_NGAP_TAIListForRestart,
                                           message.tais);
    out.add_list<NGAP_EmergencyAreaIDListForRestart_t>(kIdEmergencyAreaIdListForRestart,
                                                       asn_DEF_NGAP_EmergencyAreaIDListForRestart,
                                                       message.emergency_areas);
}

void write(Writer& out, const PwsFailureIndication& message) {
    out.add<NGAP_PWSFailedCellIDList_t>(kIdPwsFailedCellIdList, asn_DEF_NGAP_PWSFailedCellIDList,
                                        message.cells);
    out.add<NGAP_GlobalRANNodeID_t>(kIdGlobalRanNodeId, asn_DEF_NGAP_GlobalRANNodeID, message.node);
}

template <class M>
void read_reference(Reader& in, M& message) {
    const auto identifier = in.bits(kIdMessageIdentifier, asn_DEF_NGAP_MessageIdentifier);
    const auto serial = in.bits(kIdSerialNumber, asn_DEF_NGAP_SerialNumber);
    message.message_identifier = cbs::MessageIdentifier(static_cast<uint16_t>(identifier.value_or(0)));
    message.serial = cbs::SerialNumber(static_cast<uint16_t>(serial.value_or(0)));
}

Message read_write_request(Reader& in) {
    WriteReplaceWarningRequest message;
    read_reference(in, message);
    in.read<NGAP_WarningAreaList_t>(kIdWarningAreaList, asn_DEF_NGAP_WarningAreaList, message.area);
    message.repetition_period =
        static_cast<uint32_t>(in.number(kIdRepetitionPeriod, asn_DEF_NGAP_RepetitionPeriod).value_or(0));
    message.number_of_broadcasts = static_cast<uint16_t>(
        in.number(kIdNumberOfBroadcastsRequested, asn_DEF_NGAP_NumberOfBroadcastsRequested).value_or(0));
    message.warning_type = in.warning_type(kIdWarningType, asn_DEF_NGAP_WarningType);
    message.security = in.octets(kIdWarningSecurityInfo, asn_DEF_NGAP_WarningSecurityInfo);
    if (const auto coding = in.bits(kIdDataCodingScheme, asn_DEF_NGAP_DataCodingScheme))
        message.coding = cbs::DataCoding(static_cast<uint8_t>(*coding));
    message.contents = in.octets(kIdWarningMessageContents, asn_DEF_NGAP_WarningMessageContents);
    message.concurrent =
        in.number(kIdConcurrentWarningMessageInd, asn_DEF_NGAP_ConcurrentWarningMessageInd).has_value();
    message.coordinates = in.octets(kIdWarningAreaCoordinates, asn_DEF_NGAP_WarningAreaCoordinates);
    return message;
}

Message read_write_response(Reader& in) {
    WriteReplaceWarningResponse message;
    read_reference(in, message);
    in.read<NGAP_BroadcastCompletedAreaList_t>(kIdBroadcastCompletedAreaList,
                                               asn_DEF_NGAP_BroadcastCompletedAreaList, message.completed);
    in.read<NGAP_CriticalityDiagnostics_t>(kIdCriticalityDiagnostics, asn_DEF_NGAP_CriticalityDiagnostics,
                                           message.diagnostics);
    return message;
}

Message read_cancel_request(Reader& in) {
    PwsCancelRequest message;
    read_reference(in, message);
    in.read<NGAP_WarningAreaList_t>(kIdWarningAreaList, asn_DEF_NGAP_WarningAreaList, message.area);
    message.cancel_all =
        in.number(kIdCancelAllWarningMessages, asn_DEF_NGAP_CancelAllWarningMessages).has_value();
    return message;
}

Message read_cancel_response(Reader& in) {
    PwsCancelResponse message;
    read_reference(in, message);
    in.read<NGAP_BroadcastCancelledAreaList_t>(kIdBroadcastCancelledAreaList,
                                               asn_DEF_NGAP_BroadcastCancelledAreaList, message.cancelled);
    in.read<NGAP_CriticalityDiagnostics_t>(kIdCriticalityDiagnostics, asn_DEF_NGAP_CriticalityDiagnostics,
                                           message.diagnostics);
    return message;
}

// A node has no empty value, so an indication is made when its node is there.
std::optional<Message> read_restart(Reader& in) {
    CellIds cells;
    std::optional<RanNode> node;
    in.read<NGAP_CellIDListForRestart_t>(kIdCellIdListForRestart, asn_DEF_NGAP_CellIDListForRestart, cells);
    in.read<NGAP_GlobalRANNodeID_t>(kIdGlobalRanNodeId, asn_DEF_NGAP_GlobalRANNodeID, node);
    if (!node) return std::nullopt;
    PwsRestartIndication message{std::move(cells), *node};
    in.read_list<NGAP_TAIListForRestart_t>(kIdTaiListForRestart, asn_DEF_NGAP_TAIListForRestart,
                                           message.tais);
    in.read_list<NGAP_EmergencyAreaIDListForRestart_t>(kIdEmergencyAreaIdListForRestart,
                                                       asn_DEF_NGAP_EmergencyAreaIDListForRestart,
                                                       message.emergency_areas);
    return message;
}

std::optional<Message> read_failure(Reader& in) {
    CellIds cells;
    std::optional<RanNode> node;
    in.read<NGAP_PWSFailedCellIDList_t>(kIdPwsFailedCellIdList, asn_DEF_NGAP_PWSFailedCellIDList, cells);
    in.read<NGAP_GlobalRANNodeID_t>(kIdGlobalRanNodeId, asn_DEF_NGAP_GlobalRANNodeID, node);
    if (!node) return std::nullopt;
    return PwsFailureIndication{std::move(cells), *node};
}

std::optional<Message> read_message(const Pdu& pdu, Reader& in) {
    const bool is_response = pdu.trigger == wire::Trigger::kSuccessfulOutcome;
    switch (static_cast<Procedure>(pdu.procedure)) {
        case Procedure::kWriteReplaceWarning:
            return is_response ? read_write_response(in) : read_write_request(in);
        case Procedure::kPwsCancel:
            return is_response ? read_cancel_response(in) : read_cancel_request(in);
        case Procedure::kPwsRestartIndication:
            return read_restart(in);
        case Procedure::kPwsFailureIndication:
            return read_failure(in);
    }
    return std::nullopt;
}

wire::Extensions has_extensions(uint8_t) { return wire::Extensions::kNone; }

constexpr wire::Protocol kProtocol{.octets_max = kMessageOctetsMax,
                                   .has_extensions = has_extensions,
                                   .rule_of = rule_of,
                                   .error_indication = std::nullopt};

}  // namespace

base::Result<base::Bytes> encode(const Message& message) {
    return wire::encode_message<Values>(rule_of(message), wire::Extensions::kNone, [&](Writer& out) {
        std::visit([&](const auto& one) { write(out, one); }, message);
    });
}

base::Result<Message, DecodeError> decode(base::ByteView in) {
    auto decoded = wire::decode_message<Values, Message>(in, kProtocol, read_message);
    if (!decoded) return decoded.error().error;
    return std::move(decoded->message);
}

}  // namespace cbc::ngap
