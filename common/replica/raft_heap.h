// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The memory that libraft asks for, with a bound on each piece: it believes the lengths that a peer or a file
// names. What is refused ends as "out of memory" of that one message or file.
#pragma once

#include <cstddef>

namespace replica {

// More than any message or segment of ours has (LogLimits), less than hurts a machine with 8 GiB.
inline constexpr size_t kRaftPieceMax = size_t{64} << 20;

// For the whole process, before libraft is used. Any thread, as often as one likes.
void bound_raft_heap();

}  // namespace replica
