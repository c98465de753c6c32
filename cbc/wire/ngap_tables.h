// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which elements each message of public warning has in NGAP, as data. TS 38.413 §9.2.8, §9.4.4.
#pragma once

#include "cbc/wire/elements.h"
#include "cbc/wire/ngap_message.h"

namespace cbc::ngap {

enum Id : uint16_t {
    kIdBroadcastCancelledAreaList = 12,
    kIdBroadcastCompletedAreaList = 13,
    kIdCancelAllWarningMessages = 14,
    kIdCellIdListForRestart = 16,
    kIdConcurrentWarningMessageInd = 17,
    kIdCriticalityDiagnostics = 19,
    kIdDataCodingScheme = 20,
    kIdEmergencyAreaIdListForRestart = 23,
    kIdGlobalRanNodeId = 27,
    kIdMessageIdentifier = 35,
    kIdNumberOfBroadcastsRequested = 47,
    kIdPwsFailedCellIdList = 81,
    kIdRepetitionPeriod = 87,
    kIdSerialNumber = 95,
    kIdTaiListForRestart = 104,
    kIdWarningAreaList = 122,
    kIdWarningMessageContents = 123,
    kIdWarningSecurityInfo = 124,
    kIdWarningType = 125,
    kIdWarningAreaCoordinates = 141,
};

// Null pointer: none of public warning's.
const wire::MessageRule* rule_of(uint8_t procedure, wire::Trigger trigger);
// In the order of the variant `Message`.
const wire::MessageRule& rule_of(const Message& message);
std::span<const wire::MessageRule> all_rules();

}  // namespace cbc::ngap
