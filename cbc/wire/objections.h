// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What comes out of the decoding of a message in SBc-AP, NGAP or SABP: the message, or why there is none; and
// in both cases perhaps something that its sender is to be told.
#pragma once

#include <optional>
#include <string>

#include "cbc/wire/elements.h"

namespace cbc::wire {

enum class Complaint { kTransferSyntax, kMissingElement, kAbstractSyntaxReject, kAbstractSyntaxNotify };

// What the sender of a message is to be told of it. Each protocol has its own message for that.
struct Objection {
    Complaint complaint;
    std::optional<CriticalityDiagnostics> diagnostics;
};

template <class Message, class Indication>
struct Decoded {
    Message message;
    // Elements that we do not understand and whose sender wants to be told so: it is sent after this.
    std::optional<Indication> notify;
};

// Why a message is not used. When `answer` is there it is to be sent.
template <class Indication>
struct Fault {
    base::DecodeError error;
    std::optional<Indication> answer;

    std::string text() const { return error.text(); }
};

}  // namespace cbc::wire
