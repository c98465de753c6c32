// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How much a store may still write.
//
// The room is the smaller of two: what the configured quota leaves, and what the disk leaves (free blocks,
// plus pages of the file that will be written again). The last `reserve` bytes of it are for essential tables
// only: alerts and the audit log must still be written when everything else has filled up. Erasing is always
// allowed, for that is how room is made.
//
// When there is none at all, a change may still put that was marked with Transaction::may_take_last_room():
// the file has blocks behind its end for it (LmdbEnv::keep_room).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/store/lmdb_env.h"

namespace store {

enum class Room {
    kPlenty,     // everything may be written
    kEssential,  // only essential tables
    kNone,       // nothing but by a change that may take the last of it; rows may be erased
};

struct Quota {
    uint64_t bytes = uint64_t{64} << 30;
    uint64_t reserve = uint64_t{1} << 30;
    // Below this much room a batch is not begun: it covers what one batch can add at most, so that a full
    // disk is normally met here, with a sentence, and not in the middle of a commit.
    uint64_t batch_margin = uint64_t{4} << 20;
    std::vector<std::string> essential_tables;  // "*": every table

    Room room(const Space& space) const;
    bool is_essential(std::string_view table) const;
};

}  // namespace store
