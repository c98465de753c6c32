// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/base/error.h"

#include <system_error>

namespace base {

std::string_view to_string(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::kInvalid:
            return "invalid";
        case ErrorKind::kNotFound:
            return "not-found";
        case ErrorKind::kConflict:
            return "conflict";
        case ErrorKind::kRefused:
            return "refused";
        case ErrorKind::kLimit:
            return "limit";
        case ErrorKind::kUnavailable:
            return "unavailable";
        case ErrorKind::kTimeout:
            return "timeout";
        case ErrorKind::kIo:
            return "io";
        case ErrorKind::kCorrupt:
            return "corrupt";
    }
    return "unknown";
}

Error io_error(std::string_view what, int error_number) {
    return {ErrorKind::kIo, std::string(what) + ": " + std::generic_category().message(error_number)};
}

}  // namespace base
