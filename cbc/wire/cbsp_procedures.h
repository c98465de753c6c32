// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who sends what on CBSP, and what answers it. TS 48.049 §7, §8.1.1. The same table stands in README.md.
#pragma once

#include <array>
#include <optional>

#include "cbc/wire/cbsp_message.h"

namespace cbc::cbsp {

enum class Sender { kCbc, kBsc, kBoth };

struct Procedure {
    MessageType request;
    Sender sender;
    std::optional<MessageType> complete;  // none: nothing answers it
    std::optional<MessageType> failure;
};

inline constexpr std::array kProcedures{
    Procedure{MessageType::kWriteReplace, Sender::kCbc, MessageType::kWriteReplaceComplete,
              MessageType::kWriteReplaceFailure},
    Procedure{MessageType::kKill, Sender::kCbc, MessageType::kKillComplete, MessageType::kKillFailure},
    Procedure{MessageType::kLoadQuery, Sender::kCbc, MessageType::kLoadQueryComplete,
              MessageType::kLoadQueryFailure},
    Procedure{MessageType::kMessageStatusQuery, Sender::kCbc, MessageType::kMessageStatusQueryComplete,
              MessageType::kMessageStatusQueryFailure},
    Procedure{MessageType::kSetDrx, Sender::kCbc, MessageType::kSetDrxComplete, MessageType::kSetDrxFailure},
    Procedure{MessageType::kReset, Sender::kCbc, MessageType::kResetComplete, MessageType::kResetFailure},
    Procedure{MessageType::kRestart, Sender::kBsc, std::nullopt, std::nullopt},
    Procedure{MessageType::kFailure, Sender::kBsc, std::nullopt, std::nullopt},
    Procedure{MessageType::kErrorIndication, Sender::kBoth, std::nullopt, std::nullopt},
    Procedure{MessageType::kKeepAlive, Sender::kCbc, MessageType::kKeepAliveComplete, std::nullopt},
};

// Who may send this type; an answer is sent by the other side of its request.
Sender sender_of(MessageType type);
// The request that this type answers; none for a request and for what is never answered.
std::optional<MessageType> request_of(MessageType answer);

}  // namespace cbc::cbsp
