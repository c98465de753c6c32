// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Copies of a whole environment, for a node that is too far behind the log.
//
// A copy is made inside one long read transaction and streamed through a pipe: nothing of it gathers in
// memory. While it runs LMDB cannot use freed pages again, so the file grows by what is written meanwhile.
#pragma once

#include <cstdint>
#include <filesystem>

#include "common/store/journal.h"
#include "common/store/lmdb_env.h"
#include "common/store/meta.h"

namespace store {

// Any thread. Ends with the first error of `take`.
base::Result<void> copy_environment(const LmdbEnv& env, const JournalSink::Take& take);

struct CopyFacts {
    Meta meta;
    uint64_t rows;
};

// Opens the file of a copy read-only, as no environment of its own, and reads every row of it. kCorrupt when
// it is not a whole environment of ours. Leaves nothing beside the file. Takes as long as reading it does.
base::Result<CopyFacts> inspect_copy(const std::filesystem::path& data);
// What it says of itself alone.
base::Result<Meta> read_copy_meta(const std::filesystem::path& data);

}  // namespace store
