// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/sbcap_tables.h"

#include <array>

#include "cbc/wire/element_tables.h"

namespace cbc::sbcap {
namespace {

using namespace wire::table;
using wire::MessageRule;
using wire::Trigger;

constexpr std::array kWriteReplaceWarningRequest{
    row(kIdMessageIdentifier, kReject, kMandatory, "Message-Identifier"),
    row(kIdSerialNumber, kReject, kMandatory, "Serial-Number"),
    row(kIdListOfTais, kReject, kOptional, "List-of-TAIs"),
    row(kIdWarningAreaList, kIgnore, kOptional, "Warning-Area-List"),
    row(kIdRepetitionPeriod, kReject, kMandatory, "Repetition-Period"),
    row(kIdExtendedRepetitionPeriod, kReject, kOptional, "Extended-Repetition-Period"),
    row(kIdNumberOfBroadcastsRequested, kReject, kMandatory, "Number-of-Broadcasts-Requested"),
    row(kIdWarningType, kIgnore, kOptional, "Warning-Type"),
    row(kIdWarningSecurityInformation, kIgnore, kOptional, "Warning-Security-Information"),
    row(kIdDataCodingScheme, kIgnore, kOptional, "Data-Coding-Scheme"),
    row(kIdWarningMessageContent, kIgnore, kOptional, "Warning-Message-Content"),
    row(kIdOmcId, kIgnore, kOptional, "Omc-Id"),
    row(kIdConcurrentWarningMessageIndicator, kReject, kOptional, "Concurrent-Warning-Message-Indicator"),
    row(kIdSendWriteReplaceWarningIndication, kIgnore, kOptional, "Send-Write-Replace-Warning-Indication"),
    row(kIdGlobalEnbId, kIgnore, kOptional, "Global-ENB-ID"),
    row(kIdWarningAreaCoordinates, kIgnore, kOptional, "Warning-Area-Coordinates"),
    row(kIdListOf5gsTais, kIgnore, kExtension, "List-of-5GS-TAIs"),
    row(kIdWarningAreaList5gs, kIgnore, kExtension, "Warning-Area-List-5GS"),
    row(kIdGlobalRanNodeId, kIgnore, kExtension, "Global-RAN-Node-ID"),
    row(kIdRatSelector5gs, kIgnore, kExtension, "RAT-Selector-5GS"),
};
constexpr std::array kWarningResponse{
    row(kIdMessageIdentifier, kReject, kMandatory, "Message-Identifier"),
    row(kIdSerialNumber, kReject, kMandatory, "Serial-Number"),
    row(kIdCause, kReject, kMandatory, "Cause"),
    row(kIdCriticalityDiagnostics, kIgnore, kOptional, "Criticality-Diagnostics"),
    row(kIdUnknownTrackingAreaList, kIgnore, kOptional, "Unknown-Tracking-Area-List"),
    row(kIdUnknown5gsTrackingAreaList, kIgnore, kExtension, "Unknown-5GS-Tracking-Area-List"),
};
constexpr std::array kStopWarningRequest{
    row(kIdMessageIdentifier, kReject, kMandatory, "Message-Identifier"),
    row(kIdSerialNumber, kReject, kMandatory, "Serial-Number"),
    row(kIdListOfTais, kReject, kOptional, "List-of-TAIs"),
    row(kIdWarningAreaList, kIgnore, kOptional, "Warning-Area-List"),
    row(kIdOmcId, kIgnore, kOptional, "Omc-Id"),
    row(kIdSendStopWarningIndication, kIgnore, kOptional, "Send-Stop-Warning-Indication"),
    row(kIdStopAllIndicator, kReject, kOptional, "Stop-All-Indicator"),
    row(kIdListOf5gsTais, kIgnore, kExtension, "List-of-5GS-TAIs"),
    row(kIdWarningAreaList5gs, kIgnore, kExtension, "Warning-Area-List-5GS"),
    row(kIdRatSelector5gs, kIgnore, kExtension, "RAT-Selector-5GS"),
};
constexpr std::array kErrorIndication{
    row(kIdCause, kIgnore, kOptional, "Cause"),
    row(kIdCriticalityDiagnostics, kIgnore, kOptional, "Criticality-Diagnostics"),
};
constexpr std::array kWriteReplaceWarningIndication{
    row(kIdMessageIdentifier, kReject, kMandatory, "Message-Identifier"),
    row(kIdSerialNumber, kReject, kMandatory, "Serial-Number"),
    row(kIdBroadcastScheduledAreaList, kReject, kOptional, "Broadcast-Scheduled-Area-List"),
    row(kIdBroadcastScheduledAreaList5gs, kIgnore, kExtension, "Broadcast-Scheduled-Area-List-5GS"),
};
constexpr std::array kStopWarningIndication{
    row(kIdMessageIdentifier, kReject, kMandatory, "Message-Identifier"),
    row(kIdSerialNumber, kReject, kMandatory, "Serial-Number"),
    row(kIdBroadcastCancelledAreaList, kReject, kOptional, "Broadcast-Cancelled-Area-List"),
    row(kIdBroadcastEmptyAreaList, kIgnore, kOptional, "Broadcast-Empty-Area-List"),
    row(kIdBroadcastCancelledAreaList5gs, kIgnore, kExtension, "Broadcast-Cancelled-Area-List-5GS"),
    row(kIdBroadcastEmptyAreaList5gs, kIgnore, kExtension, "Broadcast-Empty-Area-List-5GS"),
};
constexpr std::array kPwsRestartIndication{
    row(kIdRestartedCellList, kReject, kMandatory, "Restarted-Cell-List"),
    row(kIdGlobalEnbId, kReject, kMandatory, "Global-ENB-ID"),
    row(kIdListOfTaisRestart, kReject, kMandatory, "List-of-TAIs-Restart"),
    row(kIdListOfEaisRestart, kReject, kOptional, "List-of-EAIs-Restart"),
    row(kIdRestartedCellListNr, kIgnore, kExtension, "Restarted-Cell-List-NR"),
    row(kIdListOf5gsTaiForRestart, kIgnore, kExtension, "List-of-5GS-TAI-for-Restart"),
    row(kIdGlobalGnbId, kIgnore, kExtension, "Global-GNB-ID"),
};
constexpr std::array kPwsFailureIndication{
    row(kIdFailedCellList, kReject, kMandatory, "Failed-Cell-List"),
    row(kIdGlobalEnbId, kReject, kMandatory, "Global-ENB-ID"),
    row(kIdFailedCellListNr, kIgnore, kExtension, "Failed-Cell-List-NR"),
    row(kIdGlobalGnbId, kIgnore, kExtension, "Global-GNB-ID"),
};

// In the order of the variant Message.
constexpr std::array kMessages{
    message(0, Trigger::kInitiatingMessage, kReject, "Write-Replace-Warning-Request",
            kWriteReplaceWarningRequest),
    message(0, Trigger::kSuccessfulOutcome, kReject, "Write-Replace-Warning-Response", kWarningResponse),
    message(1, Trigger::kInitiatingMessage, kReject, "Stop-Warning-Request", kStopWarningRequest),
    message(1, Trigger::kSuccessfulOutcome, kReject, "Stop-Warning-Response", kWarningResponse),
    message(2, Trigger::kInitiatingMessage, kIgnore, "Error-Indication", kErrorIndication),
    message(3, Trigger::kInitiatingMessage, kIgnore, "Write-Replace-Warning-Indication",
            kWriteReplaceWarningIndication),
    message(4, Trigger::kInitiatingMessage, kIgnore, "Stop-Warning-Indication", kStopWarningIndication),
    message(5, Trigger::kInitiatingMessage, kIgnore, "PWS-Restart-Indication", kPwsRestartIndication),
    message(6, Trigger::kInitiatingMessage, kIgnore, "PWS-Failure-Indication", kPwsFailureIndication),
};
static_assert(kMessages.size() == std::variant_size_v<Message>);

}  // namespace

const MessageRule* rule_of(uint8_t procedure, Trigger trigger) {
    return wire::table::find(kMessages, procedure, trigger);
}

const MessageRule& rule_of(const Message& message) { return kMessages[message.index()]; }

std::span<const MessageRule> all_rules() { return kMessages; }

wire::Extensions has_extensions(uint8_t procedure) {
    return procedure == static_cast<uint8_t>(Procedure::kErrorIndication) ? wire::Extensions::kNone
                                                                          : wire::Extensions::kOptional;
}

std::string_view name_of(const Message& message) { return rule_of(message).name; }

std::string to_string(Cause cause) {
    static constexpr std::array kNames{
        "message accepted",
        "parameter not recognised",
        "parameter value invalid",
        "valid message not identified",
        "tracking area not valid",
        "unrecognised message",
        "missing mandatory element",
        "MME capacity exceeded",
        "MME memory exceeded",
        "warning broadcast not supported",
        "warning broadcast not operational",
        "message reference already used",
        "unspecified error",
        "transfer syntax error",
        "semantic error",
        "message not compatible with receiver state",
        "abstract syntax error (reject)",
        "abstract syntax error (ignore and notify)",
        "abstract syntax error (falsely constructed message)",
    };
    const auto code = static_cast<size_t>(cause);
    const std::string name = code < kNames.size() ? kNames[code] : "unassigned cause";
    return name + " (" + std::to_string(code) + ")";
}

}  // namespace cbc::sbcap
