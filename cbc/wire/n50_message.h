// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The bodies of N50, between a CBCF and an AMF, as values: what we send and what we are told. The NGAP
// message stands beside them, as a part of its own (ngap_message.h). TS 29.518 §6.1.6; TS 29.571 for common
// types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cbc/wire/radio_places.h"
#include "common/cbs/message_identifier.h"
#include "common/cbs/serial_number.h"

namespace cbc::n50 {

// TS 29.518 §6.1.6.3.3, those that concern public warning.
enum class InformationClass : uint8_t {
    kPws,                 // requests of ours
    kBroadcastAreas,      // PWS-BCAL: where it was completed or cancelled
    kRestartsAndFailures  // PWS-RF
};
enum class Rat : uint8_t { kEutra, kNr };
std::string_view to_string(InformationClass information);  // "PWS", "PWS-BCAL", "PWS-RF"
std::string_view to_string(Rat rat);                       // "E-UTRA", "NR"

// N2InformationTransferReqData.
struct TransferRequest {
    std::vector<Tai5gs> tais{};    // none: everywhere
    std::optional<Rat> rat{};      // none: both
    std::vector<RanNode> nodes{};  // none: all
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber serial;
    uint8_t ngap_procedure = 0;  // of the part that `content_id` names
    std::string content_id{};
    bool send_ran_response = false;  // to tell later where it is broadcast
    std::string omc_id{};            // empty: none
    std::string nf_id{};             // ours; empty: none
};

// N2InformationTransferRspData, as far as it says anything.
struct TransferAnswer {
    std::vector<Tai5gs> unknown_tais{};
    bool subscription_missing = false;  // it has no subscription of ours: subscribe again
    friend bool operator==(const TransferAnswer&, const TransferAnswer&) = default;
};

// What a refusal says: N2InformationTransferError, or ProblemDetails alone (RFC 9457).
struct Refusal {
    std::string cause{};   // a word of TS 29.500 §5.2.7.2 or of the service; empty: none
    std::string detail{};  // a sentence; empty: none
    std::optional<uint16_t> namf_cause{};
    friend bool operator==(const Refusal&, const Refusal&) = default;
};

// NonUeN2InfoSubscriptionCreateData.
struct Subscription {
    InformationClass information;
    std::string callback;       // where the AMF posts its notifications
    std::string correlation{};  // it gives this back in each; empty: none
    std::string nf_id{};
};

// N2InformationNotification.
struct Notification {
    std::string subscription;
    std::optional<InformationClass> information{};
    std::string correlation{};
    std::string content_id{};            // of the NGAP message; empty: none
    std::vector<RanNode> empty_areas{};  // nodes where nothing was broadcast
    std::optional<uint16_t> message_identifier{};
    std::optional<uint16_t> serial{};
    friend bool operator==(const Notification&, const Notification&) = default;
};

}  // namespace cbc::n50
