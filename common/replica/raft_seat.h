// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What makes a node part of a cluster, on its disk: `seat.json` in the replica's directory, and the log
// beside it in `log/`. Without the file the node stands alone.
#pragma once

#include <filesystem>
#include <optional>

#include "common/base/result.h"
#include "common/replica/raft_node.h"

namespace replica {

class SeatFile {
 public:
    explicit SeatFile(std::filesystem::path directory) : directory_(std::move(directory)) {}

    struct Held {
        Seat seat;
        bool founding = false;  // the log has not been begun for sure: it is begun anew
        bool begun = false;     // the log has held something: an empty one has been lost
    };
    // Makes the directory if it is not there. An error when the file is there and cannot be understood.
    base::Result<std::optional<Held>> read() const;
    // Synced, replaced in one step.
    base::Result<void> write(const Held& held) const;
    // The log, and with it nothing else. It is there afterwards, and empty.
    base::Result<void> empty_log() const;
    // The node stands alone again.
    base::Result<void> remove() const;

    std::filesystem::path log() const { return directory_ / "log"; }

 private:
    std::filesystem::path file() const { return directory_ / "seat.json"; }
    std::filesystem::path directory_;
};

// Random and not 0; 63 bits, so that no JSON reader rounds or refuses it for its sign.
uint64_t new_raft_id();
std::string new_cluster_name();

}  // namespace replica
