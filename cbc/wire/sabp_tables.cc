// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/sabp_tables.h"

#include <array>

#include "cbc/wire/element_tables.h"

namespace cbc::sabp {
namespace {

using namespace wire::table;
using wire::MessageRule;
using wire::Trigger;

constexpr std::array kWriteReplace{
    row(kIdMessageIdentifier, kReject, kMandatory, "Message-Identifier"),
    row(kIdNewSerialNumber, kReject, kMandatory, "New-Serial-Number"),
    row(kIdOldSerialNumber, kIgnore, kOptional, "Old-Serial-Number"),
    row(kIdServiceAreasList, kReject, kMandatory, "Service-Areas-List"),
    row(kIdCategory, kIgnore, kOptional, "Category"),
    row(kIdRepetitionPeriod, kReject, kMandatory, "Repetition-Period"),
    row(kIdNumberOfBroadcastsRequested, kReject, kMandatory, "Number-of-Broadcasts-Requested"),
    row(kIdDataCodingScheme, kReject, kMandatory, "Data-Coding-Scheme"),
    row(kIdBroadcastMessageContent, kReject, kMandatory, "Broadcast-Message-Content"),
    row(kIdWarningSecurityInfo, kIgnore, kExtension, "WarningSecurityInfo"),
    row(kIdPagingEtwsIndicator, kIgnore, kExtension, "Paging-ETWS-Indicator"),
    row(kIdWarningType, kIgnore, kExtension, "Warning-Type"),
    row(kIdBroadcastMessageContentValidityIndicator, kIgnore, kExtension,
        "Broadcast-Message-Content-Validity-Indicator"),
};
constexpr std::array kWriteReplaceComplete{
    row(kIdMessageIdentifier, kReject, kMandatory, "Message-Identifier"),
    row(kIdNewSerialNumber, kReject, kMandatory, "New-Serial-Number"),
    row(kIdNumberOfBroadcastsCompletedList, kReject, kMandatory, "Number-of-Broadcasts-Completed-List"),
    row(kIdCriticalityDiagnostics, kIgnore, kOptional, "Criticality-Diagnostics"),
};
constexpr std::array kWriteReplaceFailure{
    row(kIdMessageIdentifier, kReject, kMandatory, "Message-Identifier"),
    row(kIdNewSerialNumber, kReject, kMandatory, "New-Serial-Number"),
    row(kIdFailureList, kReject, kMandatory, "Failure-List"),
    row(kIdNumberOfBroadcastsCompletedList, kIgnore, kOptional, "Number-of-Broadcasts-Completed-List"),
    row(kIdCriticalityDiagnostics, kIgnore, kOptional, "Criticality-Diagnostics"),
};
// Kill and Message-Status-Query.
constexpr std::array kKillOrQuery{
    row(kIdMessageIdentifier, kReject, kMandatory, "Message-Identifier"),
    row(kIdOldSerialNumber, kReject, kMandatory, "Old-Serial-Number"),
    row(kIdServiceAreasList, kReject, kMandatory, "Service-Areas-List"),
};
constexpr std::array kKillOrQueryComplete{
    row(kIdMessageIdentifier, kReject, kMandatory, "Message-Identifier"),
    row(kIdOldSerialNumber, kReject, kMandatory, "Old-Serial-Number"),
    row(kIdNumberOfBroadcastsCompletedList, kReject, kMandatory, "Number-of-Broadcasts-Completed-List"),
    row(kIdCriticalityDiagnostics, kIgnore, kOptional, "Criticality-Diagnostics"),
};
constexpr std::array kKillFailure{
    row(kIdMessageIdentifier, kReject, kMandatory, "Message-Identifier"),
    row(kIdOldSerialNumber, kReject, kMandatory, "Old-Serial-Number"),
    row(kIdFailureList, kReject, kMandatory, "Failure-List"),
    row(kIdNumberOfBroadcastsCompletedList, kIgnore, kOptional, "Number-of-Broadcasts-Completed-List"),
    row(kIdCriticalityDiagnostics, kIgnore, kOptional, "Criticality-Diagnostics"),
};
constexpr std::array kMessageStatusQueryFailure{
    row(kIdMessageIdentifier, kReject, kMandatory, "Message-Identifier"),
    row(kIdFailureList, kReject, kMandatory, "Failure-List"),
    row(kIdOldSerialNumber, kReject, kMandatory, "Old-Serial-Number"),
    row(kIdNumberOfBroadcastsCompletedList, kIgnore, kOptional, "Number-of-Broadcasts-Completed-List"),
    row(kIdCriticalityDiagnostics, kIgnore, kOptional, "Criticality-Diagnostics"),
};
// Load-Query and Reset.
constexpr std::array kAreas{
    row(kIdServiceAreasList, kReject, kMandatory, "Service-Areas-List"),
};
constexpr std::array kLoadQueryComplete{
    row(kIdRadioResourceLoadingList, kReject, kMandatory, "Radio-Resource-Loading-List"),
    row(kIdCriticalityDiagnostics, kIgnore, kOptional, "Criticality-Diagnostics"),
};
constexpr std::array kLoadQueryFailure{
    row(kIdFailureList, kReject, kMandatory, "Failure-List"),
    row(kIdRadioResourceLoadingList, kIgnore, kOptional, "Radio-Resource-Loading-List"),
    row(kIdCriticalityDiagnostics, kIgnore, kOptional, "Criticality-Diagnostics"),
};
constexpr std::array kResetComplete{
    row(kIdServiceAreasList, kReject, kMandatory, "Service-Areas-List"),
    row(kIdCriticalityDiagnostics, kIgnore, kOptional, "Criticality-Diagnostics"),
};
constexpr std::array kResetFailure{
    row(kIdFailureList, kReject, kMandatory, "Failure-List"),
    row(kIdServiceAreasList, kReject, kOptional, "Service-Areas-List"),
    row(kIdCriticalityDiagnostics, kIgnore, kOptional, "Criticality-Diagnostics"),
};
constexpr std::array kRestart{
    row(kIdServiceAreasList, kIgnore, kMandatory, "Service-Areas-List"),
    row(kIdRecoveryIndication, kIgnore, kOptional, "Recovery-Indication"),
};
constexpr std::array kFailure{
    row(kIdServiceAreasList, kIgnore, kMandatory, "Service-Areas-List"),
};
constexpr std::array kErrorIndication{
    row(kIdMessageIdentifier, kIgnore, kOptional, "Message-Identifier"),
    row(kIdSerialNumber, kIgnore, kOptional, "Serial-Number"),
    row(kIdCause, kIgnore, kOptional, "Cause"),
    row(kIdCriticalityDiagnostics, kIgnore, kOptional, "Criticality-Diagnostics"),
};

constexpr auto kRequest = Trigger::kInitiatingMessage;
constexpr auto kComplete = Trigger::kSuccessfulOutcome;
constexpr auto kFailed = Trigger::kUnsuccessfulOutcome;

// In the order of the variant Message.
constexpr std::array kMessages{
    message(0, kRequest, kReject, "Write-Replace", kWriteReplace),
    message(0, kComplete, kReject, "Write-Replace-Complete", kWriteReplaceComplete),
    message(0, kFailed, kReject, "Write-Replace-Failure", kWriteReplaceFailure),
    message(1, kRequest, kReject, "Kill", kKillOrQuery),
    message(1, kComplete, kReject, "Kill-Complete", kKillOrQueryComplete),
    message(1, kFailed, kReject, "Kill-Failure", kKillFailure),
    message(2, kRequest, kReject, "Load-Query", kAreas),
    message(2, kComplete, kReject, "Load-Query-Complete", kLoadQueryComplete),
    message(2, kFailed, kReject, "Load-Query-Failure", kLoadQueryFailure),
    message(3, kRequest, kReject, "Message-Status-Query", kKillOrQuery),
    message(3, kComplete, kReject, "Message-Status-Query-Complete", kKillOrQueryComplete),
    message(3, kFailed, kReject, "Message-Status-Query-Failure", kMessageStatusQueryFailure),
    message(5, kRequest, kReject, "Reset", kAreas),
    message(5, kComplete, kReject, "Reset-Complete", kResetComplete),
    message(5, kFailed, kReject, "Reset-Failure", kResetFailure),
    message(4, kRequest, kIgnore, "Restart", kRestart),
    message(6, kRequest, kIgnore, "Failure", kFailure),
    message(7, kRequest, kIgnore, "Error-Indication", kErrorIndication),
};
static_assert(kMessages.size() == std::variant_size_v<Message>);

}  // namespace

const MessageRule* rule_of(uint8_t procedure, Trigger trigger) { return find(kMessages, procedure, trigger); }

const MessageRule& rule_of(const Message& message) { return kMessages[message.index()]; }

std::span<const MessageRule> all_rules() { return kMessages; }

std::string_view name_of(const Message& message) { return rule_of(message).name; }

}  // namespace cbc::sabp
