// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which elements each message of SBc-AP has, as data. TS 29.168 §4.3.4, §5.3.2.
#pragma once

#include "cbc/wire/elements.h"
#include "cbc/wire/sbcap_message.h"

namespace cbc::sbcap {

enum Id : uint16_t {
    kIdCause = 1,
    kIdCriticalityDiagnostics = 2,
    kIdDataCodingScheme = 3,
    kIdMessageIdentifier = 5,
    kIdNumberOfBroadcastsRequested = 7,
    kIdRepetitionPeriod = 10,
    kIdSerialNumber = 11,
    kIdListOfTais = 14,
    kIdWarningAreaList = 15,
    kIdWarningMessageContent = 16,
    kIdWarningSecurityInformation = 17,
    kIdWarningType = 18,
    kIdOmcId = 19,
    kIdConcurrentWarningMessageIndicator = 20,
    kIdExtendedRepetitionPeriod = 21,
    kIdUnknownTrackingAreaList = 22,
    kIdBroadcastScheduledAreaList = 23,
    kIdSendWriteReplaceWarningIndication = 24,
    kIdBroadcastCancelledAreaList = 25,
    kIdSendStopWarningIndication = 26,
    kIdStopAllIndicator = 27,
    kIdGlobalEnbId = 28,
    kIdBroadcastEmptyAreaList = 29,
    kIdRestartedCellList = 30,
    kIdListOfTaisRestart = 31,
    kIdListOfEaisRestart = 32,
    kIdFailedCellList = 33,
    kIdListOf5gsTais = 34,
    kIdWarningAreaList5gs = 35,
    kIdGlobalRanNodeId = 36,
    kIdGlobalGnbId = 37,
    kIdRatSelector5gs = 38,
    kIdUnknown5gsTrackingAreaList = 39,
    kIdBroadcastScheduledAreaList5gs = 40,
    kIdBroadcastCancelledAreaList5gs = 41,
    kIdBroadcastEmptyAreaList5gs = 42,
    kIdRestartedCellListNr = 43,
    kIdFailedCellListNr = 44,
    kIdListOf5gsTaiForRestart = 45,
    kIdWarningAreaCoordinates = 46,
};

// Null pointer: the standard has no such message.
const wire::MessageRule* rule_of(uint8_t procedure, wire::Trigger trigger);
// In the order of the variant `Message`.
const wire::MessageRule& rule_of(const Message& message);
std::span<const wire::MessageRule> all_rules();

wire::Extensions has_extensions(uint8_t procedure);  // every message but Error-Indication

}  // namespace cbc::sbcap
