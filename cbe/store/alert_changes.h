// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What people do to alerts, each inside one store transaction: read, check every rule, and only then write.
//
//     repeat? (idempotency) → who asks, read again → rules → code → write: alert, effects, audit, what was
//     done
//
// The order is the same everywhere. The one-time code comes last, so that a request which is refused anyway
// uses up none. A wrong code is itself written (it counts towards the lock), which is why a refusal for a
// code is committed; every other refusal writes nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cbe/domain/alert.h"
#include "cbe/domain/checklist.h"
#include "cbe/domain/code_pool.h"
#include "cbe/domain/draft_edit.h"
#include "cbe/domain/person.h"
#include "cbe/domain/rules.h"
#include "cbe/store/audit_note.h"
#include "cbe/store/telling.h"
#include "common/auth/totp.h"
#include "common/base/result.h"
#include "common/store/store.h"

namespace cbe {

// An officer is a user of the store and is read again inside the transaction; a machine client is named in
// the configuration and known by its certificate, so it has no codes.
enum class ActorKind { kOfficer, kMachine };

struct Asking {
    Person person;
    ActorKind kind = ActorKind::kOfficer;
    base::Instant now{};
    std::optional<auth::TotpStep>
        step;                     // what the code of the request matched; none: no code, or a wrong one
    std::string idempotency_key;  // empty: none was given
    std::string request_hash;     // tells another request with the same key
    Origin origin;                // for the audit log
    UserId holder = {};           // who answers for the API key of a machine: a contributor as well
};

// As configured now; the same for every change.
struct Terms {
    Mode mode = Mode::kTraining;
    std::shared_ptr<const Reference>
        reference;  // shared with the loop, which replaces it when it is reloaded
    CodeRange codes;
    std::vector<std::string> cbcs;  // names; empty for a training authority
};

using Answer = base::Result<Alert, Refusal>;

Answer create_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                    const DraftEdit& edit);
Answer save_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                  uint32_t version, const DraftEdit& edit);
Answer submit_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                    uint32_t version);
Answer approve_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                     std::string_view digest);
Answer return_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                    std::string_view reason);
Answer reject_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                    std::string_view reason);
Answer withdraw_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id);
Answer stop_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                  std::string_view reason);

// For the compatible interface: one step there is several here.
Answer create_and_submit(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                         const DraftEdit& edit);
Answer edit_and_submit(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                       const DraftEdit& edit);
// Withdraws what waits and discards what is a draft.
Answer discard_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id);

// Takes a discard back, for half a minute.
Answer restore_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id);
// Tells every centre once more to stop an alert whose stop is not confirmed. The decision is the one that was
// taken.
Answer stop_again(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id);

// A refusal that has been written down (a wrong code) and is to be committed.
bool is_written(const Refusal& refusal);

}  // namespace cbe
