// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/peer.h"

namespace cbc {

std::string_view to_string(Protocol protocol) {
    switch (protocol) {
        case Protocol::kCbsp:
            return "cbsp";
        case Protocol::kSabp:
            return "sabp";
        case Protocol::kSbcap:
            return "sbcap";
        case Protocol::kN50:
            return "n50";
    }
    return "";
}

std::optional<Protocol> protocol_of(std::string_view word) {
    for (const Protocol protocol : kAllProtocols)
        if (word == to_string(protocol)) return protocol;
    return std::nullopt;
}

bool serves(Protocol protocol, Technology technology) {
    switch (protocol) {
        case Protocol::kCbsp:
            return technology == Technology::kGsm;
        case Protocol::kSabp:
            return technology == Technology::kUmts;
        // An MME may serve NR cells (TS 29.168 §4.3.3A), an AMF LTE cells of ng-eNBs (TS 38.413).
        case Protocol::kSbcap:
        case Protocol::kN50:
            return technology == Technology::kLte || technology == Technology::kNr;
    }
    return false;
}

PeerTraits traits_of(Protocol protocol) {
    switch (protocol) {
        case Protocol::kCbsp:
            return {.replaces = true,
                    .answers_status = true,
                    .reports = false,
                    .kills_emergency_first = true,
                    .emergency_most = std::chrono::hours{1},  // Warning Period, TS 48.049 §8.2.25
                    .emergency_text = false};
        case Protocol::kSabp:
            return {.replaces = true, .answers_status = true, .reports = false};
        case Protocol::kSbcap:
        case Protocol::kN50:
            return {.replaces = false, .answers_status = false, .reports = true};
    }
    return {};
}

}  // namespace cbc
