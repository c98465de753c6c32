// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/socket_error.h"

#include <cerrno>

namespace net {

CloseReason reason_of(int error_number) {
    switch (error_number) {
        case ECONNREFUSED:
            return CloseReason::kRefused;
        case ECONNRESET:
        case ECONNABORTED:
        case EPIPE:
            return CloseReason::kReset;
        case ENETUNREACH:
        case EHOSTUNREACH:
            return CloseReason::kUnreachable;
        case ETIMEDOUT:
            return CloseReason::kTimedOut;
        default:
            return CloseReason::kError;
    }
}

}  // namespace net
