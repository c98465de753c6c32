// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The directory of a store: locked, so that a second process is refused, and with the generations of the
// environment in it.
//
//     <store>/data.mdb, lock.mdb      the first generation, as long as there is no `current`
//     <store>/gen-7/data.mdb ...      one that took the place of another
//     <store>/current                 "gen-7": which one counts; replaced by rename
//
// A new generation is complete and synced before `current` names it, and the old one is removed after: a
// crash at any moment leaves one of the two, and the next start removes what does not count.
#pragma once

#include <cstdint>
#include <filesystem>

#include "common/base/fd.h"
#include "common/base/result.h"

namespace store {

class StoreDirectory {
 public:
    // Makes it (0700) when it is not there; its parent must exist. kConflict: another process has it.
    static base::Result<StoreDirectory> open(const std::filesystem::path& path);

    // Where the environment is that counts.
    std::filesystem::path environment() const;

    // Moves the file `data` into the directory of the next generation, synced; `current` is as before.
    base::Result<std::filesystem::path> prepare(const std::filesystem::path& data);
    // The prepared one counts from now on, durably.
    base::Result<void> switch_over();
    // All generations but the one that counts. What cannot be removed now is by the next start.
    void remove_others() const;

 private:
    StoreDirectory(std::filesystem::path path, base::Fd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
    std::filesystem::path at(uint64_t generation) const;
    base::Result<void> read_current();

    std::filesystem::path path_;
    base::Fd fd_;              // locked
    uint64_t generation_ = 0;  // 0: the directory itself
    uint64_t next_ = 1;
};

}  // namespace store
