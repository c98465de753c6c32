// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What cbcd keeps: the highest revision of each alert, its tombstone, and what each peer holds of it.
//
//     alert     Key uuid                  the revision, with digest and decisions
//     stop      Key uuid                  the tombstone
//     targets                             the cells that were chosen for it (target_rows.h)
//     delivery, delivery_cells            what each peer holds (delivery_rows.h)
//
// A change decides inside the transaction too: a lower revision never replaces a higher one, and nothing
// replaces what was stopped. Changes are values to be submitted to the store.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cbc/domain/admission.h"
#include "cbc/store/delivery_rows.h"
#include "cbc/store/target_rows.h"

namespace cbc {

inline constexpr std::string_view kAlertTable = "alert";
inline constexpr std::string_view kStopTable = "stop";

store::Change put_alert(const AlertRevision& revision);
// With its cells (encode_targets()). More than fit one change come in changes of their own, to be submitted
// before the last one, which is the alert and refused without them.
std::vector<store::Change> put_alert(const AlertRevision& revision, std::vector<std::string> targets);
// Of a revision that was stored without.
std::vector<store::Change> put_targets(AlertId alert, Revision revision, std::vector<std::string> targets);
// Why put_alert() refused, of its kConflict: something else was stored since admission looked, which happens
// after an outcome that was unknown. None: it is another error.
std::optional<Refusal> refusal_of(const base::Error& error);
store::Change put_stop(const Tombstone& stop);
store::Change forget_alert(AlertId alert);
// An alert that the twin has, with its stop. What is known here already, or better, stays, and so does a
// record that cannot be read: an error says that nothing was taken and nothing was put, so that many can
// share one change.
store::Change put_of_twin(const AlertRevision& revision, const std::optional<Tombstone>& stop);

base::Result<AlertRevision> decode_alert(std::string_view value);
base::Result<Tombstone> decode_stop(std::string_view value);
std::optional<Tombstone> stored_stop(const store::Reader& reader, AlertId alert);

struct StoredAlert {
    AlertRevision revision;
    std::optional<Tombstone> stop;
    DeliveryRecords deliveries;
    std::optional<Targets> targets{};
};
// A record that cannot be read is an error with its key: warnings are never skipped in silence.
base::Result<std::vector<StoredAlert>> load_alerts(const store::Reader& reader);

}  // namespace cbc
