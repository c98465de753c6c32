// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a store says about itself, in the table `meta`: the layout of the file, the level of the records in
// it, and the number of the last batch.
//
// The level is the daemon's: it grows when a record gets a new version. A binary refuses a store of a higher
// level than it knows, and leaves a lower one as it is until an operator raises it (`farolctl upgrade
// commit`), so that an older binary can be put back meanwhile.
#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/result.h"
#include "common/store/lmdb_env.h"
#include "common/store/store.h"

namespace store {

constexpr std::string_view kMetaTable = "meta";

struct Meta {
    uint32_t schema_level;
    uint64_t last_batch;
};

// Reads it, or writes it at `newest_level` when the store is new.
base::Result<Meta> open_meta(LmdbEnv& env, uint32_t newest_level);
int put_last_batch(LmdbTxn& txn, uint64_t batch_id);

// The level that records are to be written at.
base::Result<uint32_t> schema_level(const Reader& reader);
// A change may raise it; lowering it is refused.
base::Result<void> raise_schema_level(Transaction& txn, uint32_t level);

}  // namespace store
