// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the log needs from other nodes that does not travel in it: the blobs that an entry names, and copies
// of the environment for a node that is too far behind. The log asks; whoever implements this fetches beside
// it.
//
// All of it is called on the raft thread, several times a second while something is missing: it never blocks
// (looking whether a file is there is fine) and starts what it fetches on threads of its own. Nothing has to
// be announced when something has arrived: an entry or a snapshot that was not taken is offered again within
// a second.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "common/base/bytes.h"
#include "common/replica/calls.h"

namespace replica {

// All that a snapshot of the log is: which state it stands for, not the state itself. A copy of the
// environment of that cluster serves when it has entry `index` or a later one.
struct Manifest {
    std::string cluster;
    uint64_t index = 0;
    friend bool operator==(const Manifest&, const Manifest&) = default;
};

class Arrivals {
 public:
    virtual ~Arrivals() = default;

    // Whether every blob that the entry (common/store/entry.h) names is here. When not, they are fetched,
    // from `from` or whoever has them; the entry is acknowledged only when this says true.
    virtual bool has_blobs(base::ByteView entry, const NodeName& from) = 0;

    // A verified copy that serves for `wanted`, in a file on the store's file system, which is given away:
    // the store moves it. nullopt: it is being fetched.
    virtual std::optional<std::filesystem::path> snapshot(const Manifest& wanted, const NodeName& from) = 0;
    // Nothing is wanted any more, a copy that is half fetched can go: the store has what was asked for.
    virtual void snapshot_done() = 0;
};

}  // namespace replica
