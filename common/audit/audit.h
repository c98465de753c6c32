// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The audit log: who did what to which object, append-only, each record with the hash of the one before.
//
// append() belongs into the very transaction that makes the change it speaks of: neither is ever durable
// without the other. A record that is altered, removed or put in between breaks the chain, and verify() says
// where. Records are never dropped and never rate-limited; their table is essential under the store's quota.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/store/store.h"
#include "common/time/clock.h"

namespace audit {

struct Entry {
    base::Instant time;
    std::string actor;   // "ana", "farol://town/cbe/a", "unix:0"
    std::string action;  // "alert.approve", "log.level.set"
    std::string object;  // "alert/0190…"
    std::string before;  // JSON or a word; empty when there was nothing
    std::string after;
    std::string request_id;
};

struct Record {
    uint64_t sequence = 0;  // from 1, without gaps
    Entry entry;
    std::string previous;  // SHA-256 of the record before, 64 hexadecimal digits; zeros for the first
    std::string hash;      // of this record
};

inline constexpr std::string_view kTable = "audit";
inline constexpr std::string_view kHeadTable = "audit_head";

// Any number in one transaction. The sequence number that it got.
uint64_t append(store::Transaction& txn, const Entry& entry);

// Calls `each` for records after `after`, oldest first, until it returns false. An unreadable record ends it
// with kCorrupt.
base::Result<void> read(const store::Reader& reader, uint64_t after,
                        const std::function<bool(const Record&)>& each);
uint64_t last_sequence(const store::Reader& reader);

// One record as a line of JSON, for export.
std::string json_line(const Record& record);

// Walks the chain in slices, so that the loop is not held: call step() with a new Reader each until done().
class Verification {
 public:
    // Looks at up to `most` records.
    void step(const store::Reader& reader, size_t most);
    bool done() const { return done_; }
    bool valid() const { return done_ && broken_.empty(); }
    uint64_t checked() const { return checked_; }
    const std::string& broken() const { return broken_; }  // where and how; empty: it holds

 private:
    void fail(std::string how);
    uint64_t checked_ = 0;
    std::string last_hash_;
    bool done_ = false;
    std::string broken_;
};

}  // namespace audit
