// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/cbsp_procedures.h"

namespace cbc::cbsp {

namespace {

Sender other_side(Sender sender) {
    switch (sender) {
        case Sender::kCbc:
            return Sender::kBsc;
        case Sender::kBsc:
            return Sender::kCbc;
        case Sender::kBoth:
            break;
    }
    return Sender::kBoth;
}

}  // namespace

Sender sender_of(MessageType type) {
    for (const Procedure& procedure : kProcedures) {
        if (procedure.request == type) return procedure.sender;
        if (procedure.complete == type || procedure.failure == type) return other_side(procedure.sender);
    }
    return Sender::kBoth;
}

std::optional<MessageType> request_of(MessageType answer) {
    for (const Procedure& procedure : kProcedures)
        if (procedure.complete == answer || procedure.failure == answer) return procedure.request;
    return std::nullopt;
}

}  // namespace cbc::cbsp
