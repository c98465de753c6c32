// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The tables of cbed and how their keys are made. People, sessions and keys have those of
// common/auth/people.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cbe/domain/ids.h"

namespace cbe::tables {

inline constexpr std::string_view kAlerts = "alerts";            // alert_key → Alert
inline constexpr std::string_view kNumbers = "numbers";          // number → alert id
inline constexpr std::string_view kChains = "chains";            // chain, revision → alert id
inline constexpr std::string_view kLive = "live";                // alert id → "": what is to be watched
inline constexpr std::string_view kDeliveries = "deliveries";    // alert id, cbc → CbcDelivery
inline constexpr std::string_view kSendings = "sendings";        // alert id, cbc, what → Sending
inline constexpr std::string_view kCodes = "codes";              // message code → who holds it, until when
inline constexpr std::string_view kIdempotency = "idempotency";  // user, key → what was done
inline constexpr std::string_view kCounters = "counters";        // name → number

// All of them: a warning must be possible when the quota has filled up.
std::vector<std::string> essential();

// Every bit of the identifier turned round: identifiers grow with time, so a scan forwards is newest first.
std::string alert_key(const AlertId& id);

}  // namespace cbe::tables
