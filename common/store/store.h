// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The store: all durable state of a daemon, in one LMDB environment, behind one asynchronous interface.
//
// A store thread owns every write transaction. Changes submitted from the loop gather, run one after another
// inside ONE transaction, and are answered together after it is durable: one fsync a batch, however many
// changes (group commit). A change decides before its first put. The write set of a batch (table, key, value)
// is recorded while it runs, which is what a replicated store sends to its followers.
//
// Four outcomes, all to be handled by every caller from the first day:
//     kOk         durable
//     kRefused    the change itself said no (its Error says why); nothing was written
//     kNotLeader  another node owns the writes; nothing was written
//     kUnknown    the leadership or the disk was lost on the way: it may or may not have happened; ask again
//     with the
//                 same idempotency key
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace store {

enum class Outcome { kOk, kRefused, kNotLeader, kUnknown };
std::string_view to_string(Outcome outcome);

struct Done {
    Outcome outcome;
    base::Error error;  // meaningful unless kOk; kind kLimit: quota or disk full (HTTP 507/503), else the
                        // change's own
};

class BlobId;

// A consistent view. Values are copied out. On the loop: short reads only; a long one goes in slices, a new
// Reader each.
class Reader {
 public:
    virtual ~Reader() = default;
    virtual std::optional<std::string> get(std::string_view table, std::string_view key) const = 0;
    // Calls `each` for keys >= `from` in byte order while they begin with `prefix`, until it returns false.
    virtual void scan(
        std::string_view table, std::string_view prefix, std::string_view from,
        const std::function<bool(std::string_view key, std::string_view value)>& each) const = 0;
};

// What a change sees: its own writes and those of changes before it in the batch.
class Transaction : public Reader {
 public:
    virtual void put(std::string_view table, std::string_view key, std::string_view value) = 0;
    virtual void erase(std::string_view table, std::string_view key) = 0;
    // A row that this change puts names the blob: a replicated store has other nodes fetch it before they
    // acknowledge the change. The file is here already (blobs.h).
    virtual void needs_blob(const BlobId& id);
    // What this change puts from here on may take the last of the room, where every other is refused
    // (quota.h): for small changes that end something, as a stop does.
    virtual void may_take_last_room();
};

// Runs on the store thread. It gets time and identifiers as captured values, never from a clock. Returning an
// error means kRefused and is only allowed before the first put or erase (else the whole batch is aborted as
// our mistake).
using Change = std::function<base::Result<void>(Transaction&)>;
using OnDone = std::function<void(const Done&)>;

// kUrgent never waits behind kBulk: bulk changes run in slices of at most 5 ms.
enum class Urgency { kUrgent, kBulk };

class Store {
 public:
    virtual ~Store() = default;

    // Loop thread. `on_done` is called later on the loop's thread, once, after the batch is durable or
    // refused. When the queue is full it is called with kRefused and kind kUnavailable.
    virtual void submit(Change change, OnDone on_done, Urgency urgency = Urgency::kUrgent) = 0;

    // A snapshot of what is committed.
    virtual std::unique_ptr<Reader> read() const = 0;

    // Called on the loop's thread for each row of each committed batch, in order; no value: the row was
    // erased. Before the on_done calls of the same batch. For indexes, caches and event streams.
    using Applied = std::function<void(std::string_view key, const std::optional<std::string>& value)>;
    virtual void on_applied(std::string_view table, Applied applied) = 0;

    // Everything was replaced at once (by a copy of another node's state): on_applied() was not called for
    // it, and whatever was derived from rows must be built anew. Called on the loop's thread, in order with
    // the others.
    virtual void on_reset(std::function<void()> reset);

    // Whether changes may succeed here: always, unless the store is replicated and another node leads. The
    // callback is called on the loop's thread at each change of it, in order with the others.
    virtual bool leads() const { return true; }
    virtual void on_leads(std::function<void(bool leads)> changed);

    // Sequence number of the last batch committed here; the same on all nodes of a cluster.
    virtual uint64_t applied_index() const = 0;
};

}  // namespace store
