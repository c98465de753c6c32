// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Makes a copy of the environment that other nodes may fetch: written at a pace, hashed on the way, synced,
// read back from the disk and opened as what it shall be, and only then named. A thread of its own; minutes.
// Memory: one chunk. On any error nothing is left of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "common/replica/copy_file.h"
#include "common/store/journal.h"

namespace replica {

struct CopyOrder {
    std::filesystem::path directory;
    uint32_t chunk_octets = CopyManifest::kChunkOctets;
    uint64_t octets_per_second = 100'000'000;  // 0: as fast as it goes
    uint64_t keep_free = kKeepFree;
    Inspect inspect = store::inspect_copy;
};

// kLimit: no room. kCorrupt: the disk does not give back what was written. kUnavailable: told to stop.
base::Result<CopyManifest> make_copy(store::JournalSink& sink, const CopyOrder& order, CopyTask& task);

}  // namespace replica
