// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which elements each message of SABP has, as data. TS 25.419 §9.1, §9.3.3.
#pragma once

#include "cbc/wire/elements.h"
#include "cbc/wire/sabp_message.h"

namespace cbc::sabp {

enum Id : uint16_t {
    kIdBroadcastMessageContent = 0,
    kIdCategory = 1,
    kIdCause = 2,
    kIdCriticalityDiagnostics = 3,
    kIdDataCodingScheme = 4,
    kIdFailureList = 5,
    kIdMessageIdentifier = 6,
    kIdNewSerialNumber = 7,
    kIdNumberOfBroadcastsCompletedList = 8,
    kIdNumberOfBroadcastsRequested = 9,
    kIdOldSerialNumber = 10,
    kIdRadioResourceLoadingList = 11,
    kIdRecoveryIndication = 12,
    kIdRepetitionPeriod = 13,
    kIdSerialNumber = 14,
    kIdServiceAreasList = 15,
    kIdTypeOfError = 17,
    kIdPagingEtwsIndicator = 18,
    kIdWarningType = 19,
    kIdWarningSecurityInfo = 20,
    kIdBroadcastMessageContentValidityIndicator = 21,
};

// Null pointer: the standard has no such message.
const wire::MessageRule* rule_of(uint8_t procedure, wire::Trigger trigger);
// In the order of the variant `Message`.
const wire::MessageRule& rule_of(const Message& message);
std::span<const wire::MessageRule> all_rules();

}  // namespace cbc::sabp
