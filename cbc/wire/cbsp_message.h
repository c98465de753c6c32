// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The 23 messages of CBSP, between a cell broadcast centre and a BSC, as values. TS 48.049 §8.1.3.
//
// An element that a message must have is a plain member, one that it may have is optional. What tells a
// broadcast message from an emergency message (ETWS) is whether it has a Channel Indicator, so a
// WRITE-REPLACE holds one of two contents, and a KILL and all answers have the indicator or not.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "cbc/wire/cbsp_cells.h"
#include "cbc/wire/cbsp_period.h"
#include "common/cbs/data_coding.h"
#include "common/cbs/message_identifier.h"
#include "common/cbs/page.h"
#include "common/cbs/serial_number.h"
#include "common/cbs/warning_type.h"

namespace cbc::cbsp {

enum class MessageType : uint8_t {
    kWriteReplace = 0x01,
    kWriteReplaceComplete = 0x02,
    kWriteReplaceFailure = 0x03,
    kKill = 0x04,
    kKillComplete = 0x05,
    kKillFailure = 0x06,
    kLoadQuery = 0x07,
    kLoadQueryComplete = 0x08,
    kLoadQueryFailure = 0x09,
    kMessageStatusQuery = 0x0a,
    kMessageStatusQueryComplete = 0x0b,
    kMessageStatusQueryFailure = 0x0c,
    kSetDrx = 0x0d,
    kSetDrxComplete = 0x0e,
    kSetDrxFailure = 0x0f,
    kReset = 0x10,
    kResetComplete = 0x11,
    kResetFailure = 0x12,
    kRestart = 0x13,
    kFailure = 0x14,
    kErrorIndication = 0x15,
    kKeepAlive = 0x16,
    kKeepAliveComplete = 0x17,
};
std::string_view to_string(MessageType type);  // "WRITE-REPLACE COMPLETE"
std::optional<MessageType> message_type_of(uint8_t octet);

enum class ChannelIndicator : uint8_t { kBasic = 0, kExtended = 1 };
enum class Category : uint8_t { kHighPriority = 0, kBackground = 1, kNormal = 2 };
enum class BroadcastMessageType : uint8_t { kBroadcast = 0, kEmergency = 1 };
enum class RecoveryIndication : uint8_t { kDataAvailable = 0, kDataLost = 1 };

struct BroadcastContent {
    ChannelIndicator channel = ChannelIndicator::kBasic;
    Category category = Category::kNormal;
    RepetitionPeriod repetition_period{1};
    uint16_t number_of_broadcasts = 0;  // 0: until killed
    cbs::DataCoding coding;
    std::vector<cbs::Page> pages;  // 1 to 15
    friend bool operator==(const BroadcastContent&, const BroadcastContent&) = default;
};

// Unused in practice: fifty zero octets are sent. TS 23.041 §9.3.25.
using WarningSecurity = std::array<uint8_t, 50>;

struct EmergencyContent {
    uint8_t indicator = 1;  // 1 is ETWS
    cbs::WarningType warning_type;
    WarningSecurity security{};
    // An unlimited one blocks the paging channel of the cell: only by an operator's explicit decision.
    Period warning_period = Period::unlimited();
    friend bool operator==(const EmergencyContent&, const EmergencyContent&) = default;
};

struct WriteReplace {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber new_serial;
    std::optional<cbs::SerialNumber> old_serial;  // present: replace that one
    CellList cells;
    std::variant<BroadcastContent, EmergencyContent> content;
    friend bool operator==(const WriteReplace&, const WriteReplace&) = default;
};
struct WriteReplaceComplete {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber new_serial;
    std::optional<cbs::SerialNumber> old_serial;
    std::optional<CompletedList> completed;  // of the replaced message
    CellList cells;
    std::optional<ChannelIndicator> channel;
    friend bool operator==(const WriteReplaceComplete&, const WriteReplaceComplete&) = default;
};
struct WriteReplaceFailure {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber new_serial;
    std::optional<cbs::SerialNumber> old_serial;
    FailureList failures;
    std::optional<CompletedList> completed;
    std::optional<CellList> cells;  // where it succeeded: a mixed result is normal
    std::optional<ChannelIndicator> channel;
    friend bool operator==(const WriteReplaceFailure&, const WriteReplaceFailure&) = default;
};

struct Kill {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber old_serial;
    CellList cells;
    std::optional<ChannelIndicator> channel;  // absent: an emergency message
    friend bool operator==(const Kill&, const Kill&) = default;
};
struct KillComplete {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber old_serial;
    std::optional<CompletedList> completed;  // broadcast
    std::optional<CellList> cells;           // emergency
    std::optional<ChannelIndicator> channel;
    friend bool operator==(const KillComplete&, const KillComplete&) = default;
};
struct KillFailure {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber old_serial;
    FailureList failures;
    std::optional<CompletedList> completed;
    std::optional<CellList> cells;
    std::optional<ChannelIndicator> channel;
    friend bool operator==(const KillFailure&, const KillFailure&) = default;
};

struct LoadQuery {
    CellList cells;
    ChannelIndicator channel = ChannelIndicator::kBasic;
    friend bool operator==(const LoadQuery&, const LoadQuery&) = default;
};
struct LoadQueryComplete {
    LoadList loads;
    ChannelIndicator channel = ChannelIndicator::kBasic;
    friend bool operator==(const LoadQueryComplete&, const LoadQueryComplete&) = default;
};
struct LoadQueryFailure {
    FailureList failures;
    ChannelIndicator channel = ChannelIndicator::kBasic;
    std::optional<LoadList> loads;
    friend bool operator==(const LoadQueryFailure&, const LoadQueryFailure&) = default;
};

struct MessageStatusQuery {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber old_serial;
    CellList cells;
    ChannelIndicator channel = ChannelIndicator::kBasic;
    friend bool operator==(const MessageStatusQuery&, const MessageStatusQuery&) = default;
};
struct MessageStatusQueryComplete {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber old_serial;
    CompletedList completed;
    ChannelIndicator channel = ChannelIndicator::kBasic;
    friend bool operator==(const MessageStatusQueryComplete&, const MessageStatusQueryComplete&) = default;
};
struct MessageStatusQueryFailure {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber old_serial;
    FailureList failures;
    ChannelIndicator channel = ChannelIndicator::kBasic;
    std::optional<CompletedList> completed;
    friend bool operator==(const MessageStatusQueryFailure&, const MessageStatusQueryFailure&) = default;
};

struct SetDrx {
    CellList cells;
    std::optional<uint8_t> schedule_period;
    std::optional<uint8_t> reserved_slots;
    ChannelIndicator channel = ChannelIndicator::kBasic;
    friend bool operator==(const SetDrx&, const SetDrx&) = default;
};
struct SetDrxComplete {
    CellList cells;
    ChannelIndicator channel = ChannelIndicator::kBasic;
    friend bool operator==(const SetDrxComplete&, const SetDrxComplete&) = default;
};
struct SetDrxFailure {
    FailureList failures;
    std::optional<CellList> cells;
    ChannelIndicator channel = ChannelIndicator::kBasic;
    friend bool operator==(const SetDrxFailure&, const SetDrxFailure&) = default;
};

struct Reset {
    CellList cells;
    friend bool operator==(const Reset&, const Reset&) = default;
};
struct ResetComplete {
    CellList cells;
    friend bool operator==(const ResetComplete&, const ResetComplete&) = default;
};
struct ResetFailure {
    FailureList failures;
    std::optional<CellList> cells;
    friend bool operator==(const ResetFailure&, const ResetFailure&) = default;
};

// Cells are back; whether they still broadcast what they did.
struct Restart {
    CellList cells;
    BroadcastMessageType type = BroadcastMessageType::kBroadcast;
    RecoveryIndication recovery = RecoveryIndication::kDataAvailable;
    friend bool operator==(const Restart&, const Restart&) = default;
};
// Cells cannot broadcast any more.
struct Failure {
    FailureList failures;
    BroadcastMessageType type = BroadcastMessageType::kBroadcast;
    friend bool operator==(const Failure&, const Failure&) = default;
};
struct ErrorIndication {
    Cause cause = Cause::kUnspecifiedError;
    std::optional<cbs::MessageIdentifier> message_identifier;
    std::optional<cbs::SerialNumber> new_serial;
    std::optional<cbs::SerialNumber> old_serial;
    std::optional<ChannelIndicator> channel;
    friend bool operator==(const ErrorIndication&, const ErrorIndication&) = default;
};

struct KeepAlive {
    Period repetition = Period::unlimited();  // at most kMaxKeepAlivePeriod
    friend bool operator==(const KeepAlive&, const KeepAlive&) = default;
};
struct KeepAliveComplete {
    friend bool operator==(const KeepAliveComplete&, const KeepAliveComplete&) = default;
};

using Message = std::variant<WriteReplace, WriteReplaceComplete, WriteReplaceFailure, Kill, KillComplete,
                             KillFailure, LoadQuery, LoadQueryComplete, LoadQueryFailure, MessageStatusQuery,
                             MessageStatusQueryComplete, MessageStatusQueryFailure, SetDrx, SetDrxComplete,
                             SetDrxFailure, Reset, ResetComplete, ResetFailure, Restart, Failure,
                             ErrorIndication, KeepAlive, KeepAliveComplete>;

// The variant's order is the order of the types.
inline MessageType type_of(const Message& message) { return static_cast<MessageType>(message.index() + 1); }

}  // namespace cbc::cbsp
