// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/blob_fetch.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "common/base/uuid.h"
#include "common/loop/work_pool.h"

namespace replica {
namespace {

struct Fetch {
    Fetch(NodeName from, net::BackoffPolicy policy) : first(std::move(from)), again(policy) {}

    NodeName first;
    std::vector<NodeName> nodes;  // of this round, still to be asked; the back is the one that is asked now
    base::Bytes octets;
    uint64_t whole = 0;
    unsigned rounds = 0;
    net::Backoff again;
    loop::HandlePtr timer;  // between two rounds
};

}  // namespace

struct BlobFetch::State : std::enable_shared_from_this<State> {
    State(const BlobFetchConfig& the_config, const store::Blobs& the_blobs, LinksSide the_side)
        : config(the_config), blobs(the_blobs), side(std::move(the_side)) {}

    // Loop thread, all of it. A Fetch is gone before the second answer to the same question could come, and
    // each has one question under way.

    void want(const store::BlobId& id, const NodeName& from) {
        if (fetches.contains(id) || fetches.size() >= config.waiting_max) return;
        fetches.emplace(id, Fetch(from, config.again));
        queue.push_back(id);
        start_next();
    }

    void start_next() {
        while (under_way < config.in_flight && !queue.empty()) {
            const store::BlobId id = queue.front();
            queue.pop_front();
            ++under_way;
            begin_round(id, fetches.at(id));
        }
    }

    void begin_round(const store::BlobId& id, Fetch& fetch) {
        fetch.nodes = config.others();
        std::reverse(fetch.nodes.begin(), fetch.nodes.end());
        std::erase(fetch.nodes, fetch.first);
        if (!fetch.first.empty()) fetch.nodes.push_back(fetch.first);
        ask_first_part(id, fetch);
    }

    void ask_first_part(const store::BlobId& id, Fetch& fetch) {
        fetch.octets.clear();
        fetch.whole = 0;
        if (fetch.nodes.empty()) return end_round(id, fetch, base::not_found("no other node is known"));
        ask(id, fetch);
    }

    void ask(const store::BlobId& id, Fetch& fetch) {
        side.calls.call(fetch.nodes.back(), kBlobPart, encode_blob_request({id, fetch.octets.size()}),
                        config.call_deadline,
                        [weak = weak_from_this(), id](base::Result<base::Bytes> answer) {
                            if (const auto self = weak.lock()) self->answered(id, std::move(answer));
                        });
    }

    void answered(const store::BlobId& id, base::Result<base::Bytes> answer) {
        Fetch& fetch = fetches.at(id);
        if (!answer) return next_node(id, fetch, answer.error());
        auto part = decode_blob_part(*answer);
        if (!part) return next_node(id, fetch, part.error());
        if (auto fits = append(fetch, *part); !fits) return next_node(id, fetch, fits.error());
        if (fetch.octets.size() < fetch.whole) return ask(id, fetch);
        keep(id, fetch);
    }

    // Bounded before anything is kept, and each answer brings it nearer to its end.
    base::Result<void> append(Fetch& fetch, const store::Blobs::Part& part) const {
        const bool first = fetch.octets.empty();
        if (part.whole > blobs.size_max())
            return base::Error{base::ErrorKind::kLimit, "it is longer than a blob may be"};
        if ((!first && part.whole != fetch.whole) || part.octets.size() > part.whole - fetch.octets.size() ||
            (part.octets.empty() && part.whole > fetch.octets.size()))
            return base::Error{base::ErrorKind::kCorrupt, "its parts don't fit together"};
        fetch.whole = part.whole;
        if (first) fetch.octets.reserve(part.whole);
        fetch.octets.insert(fetch.octets.end(), part.octets.begin(), part.octets.end());
        return {};
    }

    void keep(const store::BlobId& id, Fetch& fetch) {
        const bool taken = pool->submit(
            [&into = blobs, id, octets = std::move(fetch.octets)]() -> base::Result<void> {
                if (store::BlobId::of(octets) != id)
                    return base::Error{base::ErrorKind::kCorrupt, "it is not what its name says"};
                const auto written = into.write(octets);
                return written ? base::Result<void>() : written.error();
            },
            [weak = weak_from_this(), id](base::Result<void> kept) {
                if (const auto self = weak.lock()) self->kept(id, kept);
            });
        if (!taken) next_node(id, fetch, {base::ErrorKind::kUnavailable, "too much to write"});
    }

    void kept(const store::BlobId& id, const base::Result<void>& kept) {
        Fetch& fetch = fetches.at(id);
        // Another node does not help a disk that is full.
        if (!kept && kept.error().kind == base::ErrorKind::kCorrupt)
            return next_node(id, fetch, kept.error());
        if (!kept) return end_round(id, fetch, kept.error());
        finish(id);
        config.on_stored(id);
    }

    void next_node(const store::BlobId& id, Fetch& fetch, const base::Error& error) {
        const NodeName asked = fetch.nodes.back();
        fetch.nodes.pop_back();
        if (fetch.nodes.empty()) return end_round(id, fetch, error.within(asked));
        ask_first_part(id, fetch);
    }

    void end_round(const store::BlobId& id, Fetch& fetch, const base::Error& error) {
        side.log.warning("replica.blob.not_fetched",
                         {{"blob", id.hex()}, {"error", error.text}, {"round", fetch.rounds + 1}});
        fetch.octets = {};
        if (++fetch.rounds >= config.rounds_max) return finish(id);
        // It waits at the end of the queue, so that the next ones get their turn.
        --under_way;
        fetch.timer = side.timers.after(fetch.again.next(base::random_number()), [this, id] {
            queue.push_back(id);
            start_next();
        });
        start_next_later();
    }

    // Not at once: a round may end in the same turn, and thousands may wait.
    void start_next_later() {
        side.loop.post([weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->start_next();
        });
    }

    void finish(const store::BlobId& id) {
        fetches.erase(id);
        --under_way;
        start_next_later();
    }

    const BlobFetchConfig config;
    const store::Blobs& blobs;
    LinksSide side;
    std::map<store::BlobId, Fetch> fetches;  // wanted, in whatever state
    std::deque<store::BlobId> queue;         // of these, that wait for their turn
    size_t under_way = 0;
    std::unique_ptr<loop::WorkPool> pool;  // one thread
};

BlobFetch::BlobFetch(const BlobFetchConfig& config, const store::Blobs& blobs, LinksSide side)
    : loop_(side.loop) {
    state_ = std::make_shared<State>(config, blobs, std::move(side));
    state_->pool = std::make_unique<loop::WorkPool>(loop_, 1, config.in_flight);
}

BlobFetch::~BlobFetch() {
    state_->pool.reset();
    state_->fetches.clear();
}

void BlobFetch::want(const store::BlobId& id, const NodeName& from) {
    loop_.post([weak = std::weak_ptr(state_), id, from] {
        if (const auto state = weak.lock()) state->want(id, from);
    });
}

BlobFetch::Status BlobFetch::status() const {
    return {state_->under_way, state_->fetches.size() - state_->under_way};
}

}  // namespace replica
