// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/ngap_tables.h"

#include <array>

#include "cbc/wire/element_tables.h"

namespace cbc::ngap {
namespace {

using namespace wire::table;
using wire::MessageRule;
using wire::Trigger;

constexpr std::array kWriteReplaceWarningRequest{
    row(kIdMessageIdentifier, kReject, kMandatory, "MessageIdentifier"),
    row(kIdSerialNumber, kReject, kMandatory, "SerialNumber"),
    row(kIdWarningAreaList, kIgnore, kOptional, "WarningAreaList"),
    row(kIdRepetitionPeriod, kReject, kMandatory, "RepetitionPeriod"),
    row(kIdNumberOfBroadcastsRequested, kReject, kMandatory, "NumberOfBroadcastsRequested"),
    row(kIdWarningType, kIgnore, kOptional, "WarningType"),
    row(kIdWarningSecurityInfo, kIgnore, kOptional, "WarningSecurityInfo"),
    row(kIdDataCodingScheme, kIgnore, kOptional, "DataCodingScheme"),
    row(kIdWarningMessageContents, kIgnore, kOptional, "WarningMessageContents"),
    row(kIdConcurrentWarningMessageInd, kReject, kOptional, "ConcurrentWarningMessageInd"),
    row(kIdWarningAreaCoordinates, kIgnore, kOptional, "WarningAreaCoordinates"),
};
constexpr std::array kWriteReplaceWarningResponse{
    row(kIdMessageIdentifier, kReject, kMandatory, "MessageIdentifier"),
    row(kIdSerialNumber, kReject, kMandatory, "SerialNumber"),
    row(kIdBroadcastCompletedAreaList, kIgnore, kOptional, "BroadcastCompletedAreaList"),
    row(kIdCriticalityDiagnostics, kIgnore, kOptional, "CriticalityDiagnostics"),
};
constexpr std::array kPwsCancelRequest{
    row(kIdMessageIdentifier, kReject, kMandatory, "MessageIdentifier"),
    row(kIdSerialNumber, kReject, kMandatory, "SerialNumber"),
    row(kIdWarningAreaList, kIgnore, kOptional, "WarningAreaList"),
    row(kIdCancelAllWarningMessages, kReject, kOptional, "CancelAllWarningMessages"),
};
constexpr std::array kPwsCancelResponse{
    row(kIdMessageIdentifier, kReject, kMandatory, "MessageIdentifier"),
    row(kIdSerialNumber, kReject, kMandatory, "SerialNumber"),
    row(kIdBroadcastCancelledAreaList, kIgnore, kOptional, "BroadcastCancelledAreaList"),
    row(kIdCriticalityDiagnostics, kIgnore, kOptional, "CriticalityDiagnostics"),
};
constexpr std::array kPwsRestartIndication{
    row(kIdCellIdListForRestart, kReject, kMandatory, "CellIDListForRestart"),
    row(kIdGlobalRanNodeId, kReject, kMandatory, "GlobalRANNodeID"),
    row(kIdTaiListForRestart, kReject, kMandatory, "TAIListForRestart"),
    row(kIdEmergencyAreaIdListForRestart, kReject, kOptional, "EmergencyAreaIDListForRestart"),
};
constexpr std::array kPwsFailureIndication{
    row(kIdPwsFailedCellIdList, kReject, kMandatory, "PWSFailedCellIDList"),
    row(kIdGlobalRanNodeId, kReject, kMandatory, "GlobalRANNodeID"),
};

// In the order of the variant Message.
constexpr std::array kMessages{
    message(51, Trigger::kInitiatingMessage, kReject, "WriteReplaceWarningRequest",
            kWriteReplaceWarningRequest),
    message(51, Trigger::kSuccessfulOutcome, kReject, "WriteReplaceWarningResponse",
            kWriteReplaceWarningResponse),
    message(32, Trigger::kInitiatingMessage, kReject, "PWSCancelRequest", kPwsCancelRequest),
    message(32, Trigger::kSuccessfulOutcome, kReject, "PWSCancelResponse", kPwsCancelResponse),
    message(34, Trigger::kInitiatingMessage, kIgnore, "PWSRestartIndication", kPwsRestartIndication),
    message(33, Trigger::kInitiatingMessage, kIgnore, "PWSFailureIndication", kPwsFailureIndication),
};
static_assert(kMessages.size() == std::variant_size_v<Message>);

}  // namespace

const MessageRule* rule_of(uint8_t procedure, Trigger trigger) {
    return wire::table::find(kMessages, procedure, trigger);
}

const MessageRule& rule_of(const Message& message) { return kMessages[message.index()]; }

std::span<const MessageRule> all_rules() { return kMessages; }

std::string_view name_of(const Message& message) { return rule_of(message).name; }

}  // namespace cbc::ngap
