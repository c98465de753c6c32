// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/raft_heap.h"

#include <cstdint>

#include "common/replica/raft_c.h"
#include "tests/support/test.h"

namespace {

void a_piece_beyond_the_bound_is_refused() {
    replica::bound_raft_heap();
    CHECK(raft_malloc(replica::kRaftPieceMax + 1) == nullptr);
    CHECK(raft_malloc(SIZE_MAX) == nullptr);
    CHECK(raft_calloc(2, replica::kRaftPieceMax / 2 + 1) == nullptr);
    CHECK(raft_calloc(SIZE_MAX, SIZE_MAX) == nullptr);
    CHECK(raft_aligned_alloc(4096, 2 * replica::kRaftPieceMax) == nullptr);
    void* piece = raft_malloc(16);
    CHECK(piece != nullptr);
    CHECK(raft_realloc(piece, replica::kRaftPieceMax + 1) == nullptr);
    raft_free(piece);
}

}  // namespace

GROUP(raft_heap, CASE(a_piece_beyond_the_bound_is_refused))
