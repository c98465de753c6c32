// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The seam between a replicated store and the log that replicates it (common/replica).
//
//     store thread                                    journal's thread
//     run a batch, hold its transaction
//     propose(batch, entry) ────────────────────────▶ append, send, wait for the quorum
//       ◀────────────────────────── committed(...)    the held transaction commits, all in it are answered
//       kOk ◀────────────────────────── not_appended()    aborted: kNotLeader, nothing of it is in the log
//       ◀────────────────────────── lost()            aborted: kUnknown, it may yet be committed by a later
//       leader
//
// One batch is under way at a time. Each proposal gets exactly one of the three; an entry that is not the
// held one (it came from another leader, or after lost()) is applied as it is. While a batch is held the
// store thread goes on to take what the journal says.
//
// A batch that wrote nothing is proposed too, as an entry without rows: what it answered is only true if this
// node still led. Every node counts its batches alike, so Store::applied_index() means the same everywhere.
//
// An entry that LMDB cannot take (disk or map full, a record of a newer release) is kept and tried again
// until it can: nothing after it is applied, batches are refused, sync() fails, and state() says why.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <string>

#include "common/base/bytes.h"
#include "common/base/result.h"

namespace store {

// Names a batch among all that any node ever proposed: `origin` is drawn at random whenever a store is
// opened.
struct BatchId {
    uint64_t origin = 0;
    uint64_t number = 0;
    friend bool operator==(const BatchId&, const BatchId&) = default;
};

// Octets of one entry at most, with everything in it.
constexpr size_t kEntryOctetsMax = size_t{1} << 20;

// Implemented by common/replica. Called on the store thread; never blocks. One that goes away calls
// JournalSink::detach() before.
class Journal {
 public:
    virtual ~Journal() = default;
    virtual void propose(BatchId batch, base::Bytes entry) = 0;
};

// Implemented by the store. Any one thread at a time (the journal's); calls are taken in order on the store
// thread.
class JournalSink {
 public:
    virtual ~JournalSink() = default;

    // This node leads, and every entry of earlier leaders has been handed over: batches may run.
    virtual void lead() = 0;
    // It does not (any more): what waits and what comes is answered kNotLeader. A held batch stays held until
    // its own outcome comes.
    virtual void follow() = 0;

    // Entry number `index` is in the log for good. In order, without gaps but for numbers that carry no
    // entry; numbers that the store has already (applied_index()) are skipped. Several that wait are applied
    // in one LMDB transaction.
    virtual void committed(uint64_t index, base::Bytes entry) = 0;
    virtual void not_appended(BatchId batch) = 0;
    virtual void lost(BatchId batch) = 0;

    // Fulfilled when everything handed over before has been applied and synced to the disk: the number of the
    // last entry in it. The log may be cut up to there. An error when something could not be applied.
    virtual std::future<base::Result<uint64_t>> sync() = 0;

    // Puts a verified copy of another node's environment in the place of ours; `data` (the file that copy()
    // gave) is moved, on the same file system. Fulfilled when it is durable. Held batch: kUnknown. Readers
    // that are open keep the old one. Refused, and ours stays: a copy of another cluster, or of a newer
    // release, or older than what we have.
    virtual std::future<base::Result<void>> restore(const std::filesystem::path& data) = 0;

    // Writes a compacted copy of the environment, with at least what sync() last said, through `take` in
    // order, at the pace of `take`. Any thread, may take minutes. The number of an entry that is in it, with
    // all before; there may be later ones (inspect_copy() in environment_copy.h tells).
    using Take = std::function<base::Result<void>(base::ByteView octets)>;
    virtual base::Result<uint64_t> copy(const Take& take) = 0;

    // The store belongs to this cluster from now on, and its entries are counted from 0; empty: to none any
    // more, and it can be used alone again. Nothing else in it changes. Fulfilled when it is durable.
    // kConflict when it belongs to another cluster.
    virtual std::future<base::Result<void>> mark(std::string cluster) = 0;

    // Fulfilled when the Journal will not be called any more. A held batch is answered kUnknown. Changes are
    // answered kNotLeader until LmdbStore::replicate() is called again; a store that is not marked runs alone
    // again.
    virtual std::future<void> detach() = 0;

    // Any thread. Number of the last entry applied here (what a power cut may take back of it is in the log
    // still, see sync()); octets handed over that wait.
    virtual uint64_t applied_index() const = 0;
    virtual uint64_t waiting_octets() const = 0;
    // The cluster it is marked with; empty: none.
    virtual std::string cluster() const = 0;
    // An error while entries wait that could not be applied.
    virtual base::Result<void> state() const = 0;
};

}  // namespace store
