// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a store says about itself, in the table `meta`: the layout of the file, the level of the records in
// it, and the number of the last batch. Of one that belongs to a cluster also which, and the number of the
// last entry of the journal that is in it.
//
// The level is the daemon's: it grows when a record gets a new version. A binary refuses a store of a higher
// level than it knows, and leaves a lower one as it is until an operator raises it (`farolctl upgrade
// commit`), so that an older binary can be put back meanwhile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/store/lmdb_env.h"
#include "common/store/store.h"

namespace store {

constexpr std::string_view kMetaTable = "meta";

struct Meta {
    uint32_t schema_level;
    uint64_t last_batch;
    uint64_t journal_index = 0;
    std::string cluster = {};  // empty: none
};

// Reads it, or writes it at `newest_level` when the store is new.
base::Result<Meta> open_meta(LmdbEnv& env, uint32_t newest_level);
// kCorrupt when it has none.
base::Result<Meta> read_meta(const LmdbTxn& txn);
base::Result<Meta> read_meta(const LmdbEnv& env);
// LMDB's code.
int put_last_batch(LmdbTxn& txn, uint64_t batch_id);
int put_journal_index(LmdbTxn& txn, uint64_t index);
// With an index of 0; an empty name takes both away.
int put_cluster(LmdbTxn& txn, std::string_view cluster);

// The level that records are to be written at.
base::Result<uint32_t> schema_level(const Reader& reader);
// A change may raise it; lowering it is refused.
base::Result<void> raise_schema_level(Transaction& txn, uint32_t level);

}  // namespace store
