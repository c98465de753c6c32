// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One batch: some changes inside one LMDB transaction, and one commit for all of them.
//
// A change that says no before it wrote anything is simply refused. One that is at fault (an error after a
// write, an exception, a key or a value that is too long, a table that may not grow now) must leave no trace:
// the transaction is aborted and the others run again without it. So a change may run more than once. A put
// that LMDB itself refuses (disk or map full) ends the whole batch: nothing of it happened, and all in it are
// told so.
//
// Alone, a batch is run and committed at once. Replicated, its transaction is held open until the journal has
// said what became of its entry.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "common/store/lmdb_env.h"
#include "common/store/quota.h"
#include "common/store/store.h"
#include "common/store/write_set.h"

namespace store {

struct BatchLimits {
    size_t entry_bytes;           // a write set, and so a single change, is never larger
    const Quota* quota;           // outlives the run
    std::function<bool()> yield;  // asked between changes: end the batch here?
};

struct BatchResult {
    std::vector<Done> answers;  // for the first changes; the rest was not run and goes into the next batch
    std::vector<std::string> faults;  // our own mistakes, for the log
    WriteSet writes;                  // empty when nothing was written
};

// A batch that has run and is not yet committed.
struct HeldBatch {
    BatchResult result;          // as it will be told when it is committed
    std::optional<LmdbTxn> txn;  // none: it wrote nothing
    bool is_refused = false;     // the store could not take it: the result stands, whoever leads
};
// At least one change is answered, always.
HeldBatch hold_batch(LmdbEnv& env, std::span<const Change> changes, uint64_t batch_id,
                     const BatchLimits& limits);

// What goes into the transaction with the rows.
struct BatchMarks {
    uint64_t batch_id;
    std::optional<uint64_t> journal_index = {};  // replicated: of its entry
};
// Nothing: it is committed. kUnknown: LMDB takes nothing more until the process is started again.
std::optional<Done> commit_batch(LmdbEnv& env, LmdbTxn txn, const BatchMarks& marks);

// Both, for a store that asks nobody.
BatchResult run_batch(LmdbEnv& env, std::span<const Change> changes, uint64_t batch_id,
                      const BatchLimits& limits);

}  // namespace store
