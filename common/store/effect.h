// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An effect on the world outside (a message to a peer, an HTTP call, a mail), as a row.
//
// It is put by the change that decides it, in the same transaction, and so happens if and only if the
// decision was stored. Its identity says what it is (this alert, this revision, written to this peer), never
// when it was asked for: putting it twice is one effect. The Outbox (outbox.h) performs it.
#pragma once

#include <string>
#include <string_view>

#include "common/store/store.h"

namespace store {

constexpr std::string_view kOutboxTable = "outbox";

struct EffectId {
    std::string kind;  // who performs it: "cbsp.write"
    std::string key;   // octets of a store::Key

    // Stable over retries and restarts: what the other side recognises a repeat by.
    std::string idempotency_key() const;
    std::string row_key() const;
    static base::Result<EffectId> from_row_key(std::string_view octets);
    friend auto operator<=>(const EffectId&, const EffectId&) = default;
};

struct Effect {
    EffectId id;
    std::string payload;  // UTF-8: what the performer needs
    unsigned attempts;    // that failed so far
    uint64_t generation;  // tells a row that was put again from the one that was read
};

// Inside a change. An effect of the same identity starts over with the new payload.
void put_effect(Transaction& txn, const EffectId& id, std::string_view payload);
// The effect may be under way already; its result is then ignored.
void cancel_effect(Transaction& txn, const EffectId& id);

// For the Outbox.
std::string encode_effect(const Effect& effect);
base::Result<Effect> decode_effect(std::string_view row_key, std::string_view row);

}  // namespace store
