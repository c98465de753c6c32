// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A copy that arrives, on the disk: `<id>.part`, chunk by chunk in any order, until it is whole and gets its
// name. What was there before a restart is known by its digests, not by a note about it. Blocks: one worker
// thread at a time, but for missing(), which is the loop's after open().
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>

#include "common/base/fd.h"
#include "common/replica/copy_file.h"

namespace replica {

class SnapshotPart {
 public:
    // Removes everything else in the directory. kLimit when the rest of the copy would not fit.
    static base::Result<std::shared_ptr<SnapshotPart>> open(const std::filesystem::path& directory,
                                                            CopyManifest manifest, uint64_t keep_free,
                                                            CopyTask& task);

    const CopyManifest& manifest() const { return manifest_; }
    const CopyId& id() const { return id_; }
    // Numbers of the chunks that were not there when it was opened, in order.
    std::deque<uint32_t>& missing() { return missing_; }

    // kCorrupt: these are not the octets of that chunk.
    base::Result<void> store(uint32_t number, base::ByteView octets);
    // Synced, read back, opened as an environment of that cluster, and named: the file.
    base::Result<std::filesystem::path> finish(const Inspect& inspect, CopyTask& task);

 private:
    SnapshotPart(std::filesystem::path directory, CopyManifest manifest)
        : directory_(std::move(directory)), manifest_(std::move(manifest)), id_(manifest_.id()) {}
    base::Result<void> look_what_is_there(CopyTask& task);

    std::filesystem::path directory_;
    CopyManifest manifest_;
    CopyId id_;
    base::Fd file_;
    std::deque<uint32_t> missing_;
};

}  // namespace replica
