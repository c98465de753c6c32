// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/tables.h"

#include "common/auth/people.h"
#include "common/store/effect.h"

namespace cbe::tables {

std::vector<std::string> essential() {
    std::vector<std::string> all = auth::tables::essential();
    for (const std::string_view table : {kAlerts, kNumbers, kChains, kLive, kDeliveries, kSendings, kCodes,
                                         kIdempotency, kCounters, store::kOutboxTable})
        all.emplace_back(table);
    return all;
}

std::string alert_key(const AlertId& id) {
    std::string key;
    for (const uint8_t octet : id.octets()) key += static_cast<char>(~octet);
    return key;
}

}  // namespace cbe::tables
