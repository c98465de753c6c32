// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/peer_request.h"

#include <array>
#include <cstdio>

namespace cbc {
namespace {

// TS 48.049 §8.2.14.
constexpr std::array<std::string_view, 16> kCauses{"parameter not recognised",
                                                   "parameter value invalid",
                                                   "message reference not identified",
                                                   "cell identity not valid",
                                                   "unrecognised message",
                                                   "missing mandatory element",
                                                   "BSC capacity exceeded",
                                                   "cell memory exceeded",
                                                   "BSC memory exceeded",
                                                   "cell broadcast not supported",
                                                   "cell broadcast not operational",
                                                   "incompatible DRX parameter",
                                                   "extended channel not supported",
                                                   "message reference already used",
                                                   "unspecified error",
                                                   "LAI or LAC not valid"};

}  // namespace

std::string text_of(Cause cause) {
    if (cause == kCauseNotNamed) return "the peer's answer does not name the cell";
    if (cause == kCauseReportedDown) return "the peer reports that the cell cannot broadcast";
    if (cause == kCauseNoPeer) return "no peer serves the cell's location area";
    char code[16];
    std::snprintf(code, sizeof code, " (0x%02x)", cause.value());
    const std::string_view words = cause.value() < kCauses.size() ? kCauses[cause.value()] : "unknown cause";
    return std::string(words) + code;
}

}  // namespace cbc
