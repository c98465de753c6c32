// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Gives copies of the environment to nodes that are too far behind the log.
//
//     snapshot/open  ──▶ a copy that is young enough?  its manifest
//                        being made?                   how far it is
//                        neither?                      one is begun, on a thread of its own
//     snapshot/chunk ──▶ read from the disk, checked again, sent
//
// One copy is kept, in `directory`: until a younger one is there, or nobody has asked for it for a while. It
// survives a restart, so that who was fetching it goes on. Making one takes disk (as much as the store uses)
// and a long read transaction; when it fails, the next try waits, and the reason is answered meanwhile.
//
// Lives on the links' loop: made before the first connection, destroyed there (or after it has ended); that
// stops a copy that is being made. The store's sink, the calls and the loop outlive it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "common/log/log.h"
#include "common/loop/loop.h"
#include "common/net/backoff.h"
#include "common/replica/calls.h"
#include "common/replica/copy_maker.h"
#include "common/store/journal.h"
#include "common/time/clock.h"

namespace replica {

// What those who live on the links' loop stand on. `timers` is the loop itself, but for tests.
struct LinksSide {
    Calls& calls;
    loop::Loop& loop;
    loop::Timers& timers;
    const base::Clock& clock;
    logs::Log log;
};

struct SnapshotSourceConfig {
    CopyOrder order;  // its directory is made if it is not there
    std::chrono::seconds unused_max{600};
    net::BackoffPolicy again{std::chrono::seconds{10}, std::chrono::minutes{5}};
};

class SnapshotSource {
 public:
    static base::Result<std::unique_ptr<SnapshotSource>> open(const SnapshotSourceConfig& config,
                                                              store::JournalSink& sink, LinksSide side);
    ~SnapshotSource();

    struct Status {
        std::optional<uint64_t> index;        // of the copy that is there
        std::optional<uint64_t> made_octets;  // of the one that is being made
        std::string problem;                  // why the last one failed; empty: it did not
    };
    Status status() const;

    // Any thread. Somebody is fetching: while this holds the log should be cut as little as it can, or the
    // copy will be too old when it has arrived.
    bool in_use() const;

 private:
    struct State;
    explicit SnapshotSource(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;  // shared with calls and workers under way, which find it gone
};

}  // namespace replica
