// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/ngap_tables.h"

#include <algorithm>
#include <array>

namespace cbc::ngap {
namespace {

using wire::Criticality;
using wire::ElementRule;
using wire::MessageRule;
using wire::Presence;
using wire::Trigger;

constexpr auto kReject = Criticality::kReject;
constexpr auto kIgnore = Criticality::kIgnore;
constexpr auto kMandatory = Presence::kMandatory;
constexpr auto kOptional = Presence::kOptional;

constexpr ElementRule row(Id id, Criticality criticality, Presence presence, std::string_view name) {
    return {id, criticality, presence, wire::Where::kElement, name};
}

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
    MessageRule{51, Trigger::kInitiatingMessage, kReject, "WriteReplaceWarningRequest",
                kWriteReplaceWarningRequest},
    MessageRule{51, Trigger::kSuccessfulOutcome, kReject, "WriteReplaceWarningResponse",
                kWriteReplaceWarningResponse},
    MessageRule{32, Trigger::kInitiatingMessage, kReject, "PWSCancelRequest", kPwsCancelRequest},
    MessageRule{32, Trigger::kSuccessfulOutcome, kReject, "PWSCancelResponse", kPwsCancelResponse},
    MessageRule{34, Trigger::kInitiatingMessage, kIgnore, "PWSRestartIndication", kPwsRestartIndication},
    MessageRule{33, Trigger::kInitiatingMessage, kIgnore, "PWSFailureIndication", kPwsFailureIndication},
};
static_assert(kMessages.size() == std::variant_size_v<Message>);

}  // namespace

const MessageRule* rule_of(uint8_t procedure, Trigger trigger) {
    const auto found = std::ranges::find_if(kMessages, [&](const MessageRule& rule) {
        return rule.procedure == procedure && rule.trigger == trigger;
    });
    return found == kMessages.end() ? nullptr : &*found;
}

const MessageRule& rule_of(const Message& message) { return kMessages[message.index()]; }

std::span<const MessageRule> all_rules() { return kMessages; }

std::string_view name_of(const Message& message) { return rule_of(message).name; }

}  // namespace cbc::ngap
