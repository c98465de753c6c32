// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The information elements of CBSP: their tags, how long they are, and the values of one message collected by
// tag. For cbsp_encode.cc and cbsp_decode.cc. TS 48.049 §8.2.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "cbc/wire/cbsp_message.h"
#include "common/base/bytes.h"

namespace cbc::cbsp {

enum class Element : uint8_t {
    kMessageContent = 0x01,
    kOldSerialNumber = 0x02,
    kNewSerialNumber = 0x03,
    kCellList = 0x04,
    kCategory = 0x05,
    kRepetitionPeriod = 0x06,
    kNumberOfBroadcastsRequested = 0x07,
    kNumberOfBroadcastsCompletedList = 0x08,
    kFailureList = 0x09,
    kRadioResourceLoadingList = 0x0a,
    kCause = 0x0b,
    kDataCodingScheme = 0x0c,
    kRecoveryIndication = 0x0d,
    kMessageIdentifier = 0x0e,
    kEmergencyIndicator = 0x0f,
    kWarningType = 0x10,
    kWarningSecurityInformation = 0x11,
    kChannelIndicator = 0x12,
    kNumberOfPages = 0x13,
    kSchedulePeriod = 0x14,
    kNumberOfReservedSlots = 0x15,
    kBroadcastMessageType = 0x16,
    kWarningPeriod = 0x17,
    kKeepAliveRepetitionPeriod = 0x18,
};

std::string_view name_of(Element element);  // "Cell-List"

// What came in one message.
struct Elements {
    std::vector<cbs::Page> pages;
    std::optional<cbs::SerialNumber> old_serial;
    std::optional<cbs::SerialNumber> new_serial;
    std::optional<CellList> cells;
    std::optional<Category> category;
    std::optional<RepetitionPeriod> repetition_period;
    std::optional<uint16_t> broadcasts_requested;
    std::optional<CompletedList> completed;
    std::optional<FailureList> failures;
    std::optional<LoadList> loads;
    std::optional<Cause> cause;
    std::optional<cbs::DataCoding> coding;
    std::optional<RecoveryIndication> recovery;
    std::optional<cbs::MessageIdentifier> message_identifier;
    std::optional<uint8_t> emergency_indicator;
    std::optional<cbs::WarningType> warning_type;
    std::optional<WarningSecurity> security;
    std::optional<ChannelIndicator> channel;
    std::optional<uint8_t> number_of_pages;
    std::optional<uint8_t> schedule_period;
    std::optional<uint8_t> reserved_slots;
    std::optional<BroadcastMessageType> type;
    std::optional<Period> warning_period;
    std::optional<Period> keep_alive_period;

    std::optional<uint8_t> unknown_tag;  // where reading ended, because nobody knows how long it is
    size_t unknown_at = 0;
};

// `body` is the message without its header, which begins at offset 4. On an error `into` holds what came
// before it.
base::Result<void, base::DecodeError> read_elements(base::ByteView body, Elements& into);

}  // namespace cbc::cbsp
