// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the broadcast centres are told, as effects of the transaction that decides it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cbe/domain/alert.h"
#include "cbe/store/delivery_record.h"
#include "common/base/result.h"
#include "common/store/store.h"

namespace cbe {

// Kinds of the effects that approving and stopping put into the outbox, and their key.
inline constexpr std::string_view kSendEffect = "cbc.send";
inline constexpr std::string_view kStopEffect = "cbc.stop";
struct EffectTarget {
    AlertId alert;  // the record, not the chain
    uint16_t revision = 1;
    std::string cbc;

    std::string key() const;
    static base::Result<EffectTarget> parse(std::string_view key);
};

void send_to(store::Transaction& txn, const std::vector<std::string>& cbcs, const Alert& alert);

// Sends of this revision that no centre has taken yet are given up: a later one takes their place.
void give_up_sends(store::Transaction& txn, const Alert& alert);

// Every centre has taken it.
bool taken_everywhere(const store::Reader& reader, const Alert& alert);

struct Stopping {
    Decision decision;
    UserId by;  // for the history; empty: the system
    std::string reason;
};
struct Stopped {
    Alert before;
    Alert after;
};
// Stops all revisions of a chain that are approved or live, at the centres `cbcs`. The caller writes what
// comes back. Empty: nothing was live.
std::vector<Stopped> stop_chain(store::Transaction& txn, const std::vector<std::string>& cbcs,
                                const AlertId& chain, const Stopping& stopping);

// Once more, by the decision that was taken: for a stop that somebody has not confirmed.
void tell_stop(store::Transaction& txn, const std::vector<std::string>& cbcs, const Alert& stopped);

}  // namespace cbe
