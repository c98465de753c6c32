// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the two files of IoGuard share and its header does not show. Included by .cc files only.
#pragma once

#include "common/replica/io_guard.h"
#include "common/replica/raft_c.h"

namespace replica {

struct IoGuard::Io {
    raft_io outer{};
    raft_io inner{};
    IoGuard* guard = nullptr;
    raft_io_close_cb closed = nullptr;
    raft_io_tick_cb tick = nullptr;
    raft_io_recv_cb receive = nullptr;
};

// A result that waits; the sender's address is only lent to us.
struct IoGuard::HeldResult {
    raft_message message{};
    std::string address;
};

}  // namespace replica
