// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/cbsp_message.h"

namespace cbc::cbsp {

static_assert(std::variant_size_v<Message> == static_cast<size_t>(MessageType::kKeepAliveComplete));

std::string_view to_string(MessageType type) {
    switch (type) {
        case MessageType::kWriteReplace:
            return "WRITE-REPLACE";
        case MessageType::kWriteReplaceComplete:
            return "WRITE-REPLACE COMPLETE";
        case MessageType::kWriteReplaceFailure:
            return "WRITE-REPLACE FAILURE";
        case MessageType::kKill:
            return "KILL";
        case MessageType::kKillComplete:
            return "KILL COMPLETE";
        case MessageType::kKillFailure:
            return "KILL FAILURE";
        case MessageType::kLoadQuery:
            return "LOAD QUERY";
        case MessageType::kLoadQueryComplete:
            return "LOAD QUERY COMPLETE";
        case MessageType::kLoadQueryFailure:
            return "LOAD QUERY FAILURE";
        case MessageType::kMessageStatusQuery:
            return "MESSAGE STATUS QUERY";
        case MessageType::kMessageStatusQueryComplete:
            return "MESSAGE STATUS QUERY COMPLETE";
        case MessageType::kMessageStatusQueryFailure:
            return "MESSAGE STATUS QUERY FAILURE";
        case MessageType::kSetDrx:
            return "SET-DRX";
        case MessageType::kSetDrxComplete:
            return "SET-DRX COMPLETE";
        case MessageType::kSetDrxFailure:
            return "SET-DRX FAILURE";
        case MessageType::kReset:
            return "RESET";
        case MessageType::kResetComplete:
            return "RESET COMPLETE";
        case MessageType::kResetFailure:
            return "RESET FAILURE";
        case MessageType::kRestart:
            return "RESTART";
        case MessageType::kFailure:
            return "FAILURE";
        case MessageType::kErrorIndication:
            return "ERROR INDICATION";
        case MessageType::kKeepAlive:
            return "KEEP-ALIVE";
        case MessageType::kKeepAliveComplete:
            return "KEEP-ALIVE COMPLETE";
    }
    return "";
}

std::optional<MessageType> message_type_of(uint8_t octet) {
    if (octet == 0 || octet > static_cast<uint8_t>(MessageType::kKeepAliveComplete)) return std::nullopt;
    return static_cast<MessageType>(octet);
}

}  // namespace cbc::cbsp
