// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Fetches a copy of the environment from another node, and keeps it until it is taken.
//
//     kIdle ─want─▶ kAsking ─manifest─▶ kLooking ─what is missing─▶ kFetching ─all─▶ kChecking ──▶ kIdle,
//     ready
//                    ▲  │ being made        │ disk                     │ cut, gone      │ disk        │
//                    │  ▼ again in 1 s      ▼                          ▼                ▼             ▼
//                    └─────────────────── kWaiting, longer each time ◀─┴────────────────┴─── not what it says
//
// A few chunks are under way at once, at a pace; each is checked as it arrives and the whole at the end. A
// fetch that was cut goes on where it was: with the same copy, by its name, whoever offers it and however
// often either side was started anew. Offered another one it begins anew. A chunk that came damaged three
// times gives that copy up: on_given_up, for an alarm.
//
// Lives on the links' loop and is destroyed there (or after it has ended); want(), take(), forget() and
// status() any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/net/backoff.h"
#include "common/replica/arrivals.h"
#include "common/replica/copy_file.h"
#include "common/replica/snapshot_source.h"

namespace replica {

struct SnapshotFetchConfig {
    std::filesystem::path directory;  // made if it is not there; on the store's file system
    uint64_t octets_per_second = 100'000'000;
    unsigned in_flight = 4;  // chunks: as many MiB of memory
    uint64_t keep_free = kKeepFree;
    std::chrono::milliseconds call_deadline{30'000};
    std::chrono::milliseconds ask_again{1'000};  // while the copy is being made
    net::BackoffPolicy again{std::chrono::milliseconds{500}, std::chrono::seconds{30}};
    Inspect inspect = store::inspect_copy;
    std::function<void(const base::Error&)> on_given_up = [](const base::Error&) {};
};

enum class FetchState { kIdle, kAsking, kLooking, kFetching, kChecking, kWaiting };
std::string_view to_string(FetchState state);

struct FetchStatus {
    FetchState state = FetchState::kIdle;
    NodeName from;
    uint64_t index = 0;        // of the copy that is being fetched
    uint64_t octets = 0;       // of all of it; 0: not known yet
    uint64_t octets_here = 0;  // of it, checked
    uint64_t octets_per_second = 0;
    uint64_t being_made = 0;  // octets that the other node has made of it so far
    std::string problem;      // the last one; empty: none since the last chunk
    uint64_t given_up = 0;

    unsigned percent() const;
};

class SnapshotFetch {
 public:
    static base::Result<std::unique_ptr<SnapshotFetch>> open(const SnapshotFetchConfig& config,
                                                             LinksSide side);
    ~SnapshotFetch();

    // Begins to fetch what serves for `wanted`, or goes on. `from` may change from call to call (a new
    // leader): the next question goes there.
    void want(const Manifest& wanted, const NodeName& from);
    // A verified copy that serves for it, which is the caller's to move from now on.
    std::optional<std::filesystem::path> take(const Manifest& wanted);
    // Nothing is wanted any more; what is there goes.
    void forget();
    FetchStatus status() const;

 private:
    struct State;
    struct Shared;
    SnapshotFetch(std::shared_ptr<State> state, std::shared_ptr<Shared> shared, loop::Loop& loop);
    std::shared_ptr<State> state_;    // shared with calls and workers under way, which find it gone
    std::shared_ptr<Shared> shared_;  // what other threads see
    loop::Loop& loop_;                // outlives it
};

}  // namespace replica
