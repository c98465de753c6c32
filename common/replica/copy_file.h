// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Copies on the disk: `<id>.mdb` beside `<id>.manifest`. A copy is there when its manifest is: the file was
// synced, read back and named before. Everything else in such a directory is left over from something that
// was interrupted. The functions block: worker threads only, but for list_copies() at start.
#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/replica/copy_manifest.h"
#include "common/replica/copy_task.h"
#include "common/store/environment_copy.h"

namespace replica {

inline constexpr uint64_t kKeepFree = uint64_t{1} << 30;

// store::inspect_copy, or a test's.
using Inspect = std::function<base::Result<store::CopyFacts>(const std::filesystem::path&)>;

std::filesystem::path copy_path(const std::filesystem::path& directory, const CopyId& id);
std::filesystem::path part_path(const std::filesystem::path& directory, const CopyId& id);

// What is there whole, oldest entry first.
std::vector<CopyManifest> list_copies(const std::filesystem::path& directory);
// Removes every other file of ours in it.
void remove_copies_but(const std::filesystem::path& directory, const std::set<CopyId>& keep);

// kLimit with a sentence when less than `octets` and `keep_free` is left on that file system.
base::Result<void> room_for(const std::filesystem::path& directory, uint64_t octets, uint64_t keep_free);

// A chunk as it is on the disk. kCorrupt when it is not what the manifest says, or not there.
base::Result<base::Bytes> read_chunk(int fd, const CopyManifest& manifest, uint32_t number);
// The whole file, read from the disk and not from memory: every chunk and the whole.
base::Result<void> read_back(int fd, const CopyManifest& manifest, CopyTask& task);
// Gives the file its name and then its manifest.
base::Result<void> name_copy(const std::filesystem::path& directory, const std::filesystem::path& part,
                             const CopyManifest& manifest);

}  // namespace replica
