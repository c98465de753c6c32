// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What twins tell each other, as JSON: a page of changes with what each of them has at its peers, and whole
// alerts.
//
// Alerts are in the words of the CBEs' contract, so that two versions of cbcd understand each other as a CBE
// and a CBC do. Records of deliveries are the store's own; who cannot read one goes without it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cbc/domain/leases.h"
#include "cbc/domain/twin_merge.h"
#include "cbc/domain/warning.h"

namespace cbc {

struct TwinRecord {
    DeliveryKey key;
    std::string octets;  // store/delivery_rows.h has their form
    friend bool operator==(const TwinRecord&, const TwinRecord&) = default;
};

struct TwinPage {
    std::string instance;                // of the process; another one counts anew
    uint64_t last = 0;                   // up to which change this page goes
    bool more = false;                   // there are later ones already
    uint64_t state = 0;                  // version of `sides`
    std::chrono::milliseconds lease{0};  // how long they are good for
    LeaseSides sides;
    std::vector<TwinOffer> offers;
    std::vector<TwinRecord> records;
    friend bool operator==(const TwinPage&, const TwinPage&) = default;
};
std::string to_text(const TwinPage& page);
base::Result<TwinPage> read_twin_page(std::string_view text);

// With the stop that ended it, if any.
struct TwinAlert {
    AlertRevision revision;
    std::optional<Tombstone> stop;
    friend bool operator==(const TwinAlert&, const TwinAlert&) = default;
};
// One member of the list that alerts_text() puts together.
std::string to_text(const AlertRevision& revision, const Tombstone* stop);
std::string alerts_text(const std::vector<std::string>& members);
// One that cannot be read is left out, and why is told: the others are no worse for it.
struct TwinAlerts {
    std::vector<TwinAlert> good;
    std::vector<std::string> unreadable;
};
base::Result<TwinAlerts> read_twin_alerts(std::string_view text);

inline constexpr size_t kTwinOffersMax = 1000;               // of a page
inline constexpr size_t kTwinRecordOctetsMax = 1024 * 1024;  // of a page, unless one record alone is larger
inline constexpr size_t kTwinAlertsMax = 100;                // of an answer
inline constexpr size_t kTwinAlertOctetsMax = 4 * 1024 * 1024;  // of an answer, likewise
inline constexpr std::chrono::milliseconds kTwinLeaseMin{500};
inline constexpr std::chrono::milliseconds kTwinLeaseMax{60'000};

}  // namespace cbc
