// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/raft_heap.h"

#include <cstdlib>
#include <mutex>

#include "common/replica/raft_c.h"

namespace replica {
namespace {

void* bounded_malloc(void*, size_t size) { return size > kRaftPieceMax ? nullptr : std::malloc(size); }

void* bounded_calloc(void*, size_t count, size_t size) {
    return size != 0 && count > kRaftPieceMax / size ? nullptr : std::calloc(count, size);
}

void* bounded_realloc(void*, void* old, size_t size) {
    return size > kRaftPieceMax ? nullptr : std::realloc(old, size);
}

void* bounded_aligned(void*, size_t alignment, size_t size) {
    return size > kRaftPieceMax ? nullptr : std::aligned_alloc(alignment, size);
}

}  // namespace

void bound_raft_heap() {
    static std::once_flag once;
    std::call_once(once, [] {
        static raft_heap heap{nullptr,
                              bounded_malloc,
                              [](void*, void* piece) { std::free(piece); },
                              bounded_calloc,
                              bounded_realloc,
                              bounded_aligned,
                              [](void*, size_t, void* piece) { std::free(piece); }};
        raft_heap_set(&heap);
    });
}

}  // namespace replica
