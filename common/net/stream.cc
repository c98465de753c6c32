// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/stream.h"

namespace net {

std::string_view to_string(CloseReason reason) {
    switch (reason) {
        case CloseReason::kPeerClosed:
            return "closed by the peer";
        case CloseReason::kShutDown:
            return "shut down by us";
        case CloseReason::kReset:
            return "connection reset";
        case CloseReason::kRefused:
            return "connection refused";
        case CloseReason::kUnreachable:
            return "no route to the peer";
        case CloseReason::kTimedOut:
            return "timed out";
        case CloseReason::kSendQueueFull:
            return "the peer does not read";
        case CloseReason::kHandshake:
            return "TLS handshake failed";
        case CloseReason::kError:
            return "error";
    }
    return "unknown";
}

std::string describe(CloseReason reason, const std::string& detail) {
    std::string text(to_string(reason));
    return detail.empty() ? text : text + ": " + detail;
}

}  // namespace net
