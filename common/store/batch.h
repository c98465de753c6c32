// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One batch: some changes inside one LMDB transaction, and one commit for all of them.
//
// A change that says no before it wrote anything is simply refused. One that is at fault (an error after a
// write, an exception, a key or a value that is too long, a table that may not grow now) must leave no trace:
// the transaction is aborted and the others run again without it. So a change may run more than once. A put
// that LMDB itself refuses (disk or map full) ends the whole batch: nothing of it happened, and all in it are
// told so.
#pragma once

#include <functional>
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
    WriteSet writes;                  // committed; empty when nothing was
};

// At least one change is answered, always.
BatchResult run_batch(LmdbEnv& env, std::span<const Change> changes, uint64_t batch_id,
                      const BatchLimits& limits);

}  // namespace store
