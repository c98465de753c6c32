// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the two files of RaftNode share and its header does not show. Included by .cc files only.
#pragma once

#include <string>

#include "common/replica/raft_c.h"
#include "common/replica/raft_node.h"
#include "common/replica/voter.h"

namespace replica {

struct RaftNode::Transfer {
    struct raft_transfer request {};
    Answer answer;
    bool over = false;
};

struct RaftNode::Change {
    struct raft_change request {};
    RaftNode* node = nullptr;
    Answer answer;

    // libraft says what became of it; the answer may ask for the next change at once.
    static void over(struct raft_change* request, int status);
};

}  // namespace replica
