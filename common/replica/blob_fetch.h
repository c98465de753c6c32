// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Fetches blobs from other nodes: by their hash, in parts, checked as a whole, and stored.
//
// Any node may have a blob: the one that was named is asked first, then the others in turn. When none has it
// the round is tried again, later each time, and after a while given up; who still needs it asks again. A few
// are fetched at once, each held in memory until it is whole (at most Blobs::size_max() octets); the others
// wait.
//
// Lives on the links' loop and is destroyed there (or after it has ended); want() any thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "common/net/backoff.h"
#include "common/replica/blob_source.h"

namespace replica {

struct BlobFetchConfig {
    size_t in_flight = 2;
    size_t waiting_max = 4096;  // more are not noted: they are asked for again
    std::chrono::milliseconds call_deadline{10'000};
    net::BackoffPolicy again{std::chrono::milliseconds{200}, std::chrono::seconds{10}};
    unsigned rounds_max = 10;
    // The other nodes of the cluster. Loop thread.
    std::function<std::vector<NodeName>()> others = [] { return std::vector<NodeName>(); };
    std::function<void(const store::BlobId&)> on_stored = [](const store::BlobId&) {};  // loop thread
};

class BlobFetch {
 public:
    // `blobs` outlives it.
    BlobFetch(const BlobFetchConfig& config, const store::Blobs& blobs, LinksSide side);
    ~BlobFetch();

    // Nothing happens when it is under way already. `from`: the node that is likely to have it.
    void want(const store::BlobId& id, const NodeName& from);

    struct Status {
        size_t under_way = 0;
        size_t waiting = 0;
    };
    Status status() const;  // loop thread

 private:
    struct State;
    std::shared_ptr<State> state_;  // shared with calls and workers under way, which find it gone
    loop::Loop& loop_;              // outlives it
};

}  // namespace replica
