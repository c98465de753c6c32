// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/snapshot_fetch.h"

#include <map>
#include <utility>

#include "common/base/guarded.h"
#include "common/base/uuid.h"
#include "common/loop/work_pool.h"
#include "common/replica/copy_calls.h"
#include "common/replica/pace.h"
#include "common/replica/snapshot_part.h"
#include "common/store/file.h"

namespace replica {
namespace {

constexpr unsigned kDamagedMax = 3;

}  // namespace

std::string_view to_string(FetchState state) {
    switch (state) {
        case FetchState::kIdle:
            return "idle";
        case FetchState::kAsking:
            return "asking";
        case FetchState::kLooking:
            return "looking at what is here";
        case FetchState::kFetching:
            return "fetching";
        case FetchState::kChecking:
            return "checking";
        case FetchState::kWaiting:
            return "waiting";
    }
    return "unknown";
}

unsigned FetchStatus::percent() const {
    if (octets == 0) return 0;
    return static_cast<unsigned>(octets_here * 100 / octets);  // rounded down: 100 is all of it
}

struct SnapshotFetch::Shared {
    base::Guarded<FetchStatus> status;
    base::Guarded<std::optional<CopyManifest>> ready;  // verified and on the disk
};

struct SnapshotFetch::State : std::enable_shared_from_this<State> {
    State(const SnapshotFetchConfig& the_config, LinksSide the_side, std::shared_ptr<Shared> the_shared)
        : config(the_config),
          side(std::move(the_side)),
          shared(std::move(the_shared)),
          pace(config.octets_per_second),
          again(config.again) {}

    // Loop thread, all of it. Whatever comes back from a call or a worker belongs to the attempt it was begun
    // in; of an older one it is dropped.

    // A callback that does nothing once this attempt is over, or all of us.
    template <class Body>
    auto mine(Body body) {
        return [weak = weak_from_this(), began = attempt, body = std::move(body)](auto value) mutable {
            const auto self = weak.lock();
            if (self && self->attempt == began) body(std::move(value));
        };
    }

    template <class Work, class Done>
    void work(Work what, Done done) {
        if (pool->submit(std::move(what), mine(std::move(done)))) return;
        pause({base::ErrorKind::kUnavailable, "the disk is too slow for what arrives"});
    }

    void want(const Manifest& manifest, const NodeName& node) {
        wanted = manifest;
        from = node;
        // What is being fetched would be too old when it is here.
        const bool outdated = part && part->manifest().index < manifest.index;
        if (now.state == FetchState::kIdle || (outdated && now.state == FetchState::kFetching)) ask();
    }

    void forget() {
        end_attempt();
        wanted.reset();
        part.reset();
        damaged.clear();
        const uint64_t given_up = now.given_up;
        now = FetchStatus{};
        now.given_up = given_up;
        shared->ready.with([](auto& ready) { ready.reset(); });
        show();
        remove_all();
    }

    void remove_all() {
        (void)pool->submit(
            [directory = config.directory] {
                remove_copies_but(directory, {});
                return 0;
            },
            [](int) {});
    }

    void ask() {
        end_attempt();
        set(FetchState::kAsking);
        now.from = from;
        show();
        side.calls.call(from, kOpenSnapshot, encode_open(wanted->index), config.call_deadline,
                        mine([this](base::Result<base::Bytes> answer) { asked(std::move(answer)); }));
    }

    void asked(base::Result<base::Bytes> answer) {
        if (!answer) return pause(answer.error());
        auto opened = decode_opened(*answer);
        if (!opened) return pause(opened.error());
        if (!opened->manifest) {
            now.being_made = opened->made;
            set(FetchState::kWaiting);
            timer = side.timers.after(config.ask_again, [this] { ask(); });
            return;
        }
        CopyManifest& manifest = *opened->manifest;
        if (manifest.cluster != wanted->cluster || manifest.index < wanted->index) {
            return pause({base::ErrorKind::kCorrupt,
                          from + " offers a snapshot of entry " + std::to_string(manifest.index) +
                              " of cluster \"" + manifest.cluster + "\", which is not what is wanted"});
        }
        now.being_made = 0;
        now.index = manifest.index;
        now.octets = manifest.octets;
        if (part && part->manifest() == manifest) return begin();
        part.reset();
        damaged.clear();
        look(std::move(manifest));
    }

    void look(CopyManifest manifest) {
        set(FetchState::kLooking);
        work([directory = config.directory, manifest = std::move(manifest), keep_free = config.keep_free,
              the_task = task] { return SnapshotPart::open(directory, manifest, keep_free, *the_task); },
             [this](base::Result<std::shared_ptr<SnapshotPart>> opened) {
                 if (!opened) return pause(opened.error());
                 part = std::move(*opened);
                 begin();
             });
    }

    void begin() {
        set(FetchState::kFetching);
        began_at = side.clock.ticks();
        here_at_begin = octets_here();
        fetch_more();
    }

    uint64_t octets_here() const {
        uint64_t absent = 0;
        for (const uint32_t number : part->missing()) absent += part->manifest().size_of(number);
        for (const auto& [number, octets] : under_way) absent += octets;
        return part->manifest().octets - absent;
    }

    void fetch_more() {
        auto& missing = part->missing();
        while (!failed && !missing.empty() && under_way.size() < config.in_flight && timer == nullptr) {
            const uint32_t number = missing.front();
            missing.pop_front();
            const size_t octets = part->manifest().size_of(number);
            under_way[number] = octets;
            side.calls.call(from_of_attempt, kSnapshotChunk, encode_chunk_request({part->id(), number}),
                            config.call_deadline, mine([this, number](base::Result<base::Bytes> chunk) {
                                arrived(number, std::move(chunk));
                            }));
            const auto wait = pace.take(octets, side.clock.ticks());
            if (wait.count() == 0) continue;
            timer = side.timers.after(wait, [this] {
                timer.reset();
                fetch_more();
            });
        }
        if (!under_way.empty()) return;
        if (failed) return pause(base::Error(*failed));
        if (missing.empty()) check();
    }

    // The others that are under way are waited for: they may be here already.
    void not_had(uint32_t number, const base::Error& error) {
        under_way.erase(number);
        part->missing().push_front(number);
        if (!failed) failed = error;
        fetch_more();
    }

    void arrived(uint32_t number, base::Result<base::Bytes> chunk) {
        if (!chunk) return not_had(number, chunk.error());
        work([to = part, number, octets = std::move(*chunk)] { return to->store(number, octets); },
             [this, number](base::Result<void> stored) { kept(number, stored); });
    }

    void kept(uint32_t number, const base::Result<void>& stored) {
        if (!stored && stored.error().kind != base::ErrorKind::kCorrupt)
            return not_had(number, stored.error());
        const size_t octets = under_way[number];
        under_way.erase(number);
        if (!stored) {
            part->missing().push_front(number);
            if (++damaged[number] >= kDamagedMax) return give_up(stored.error());
        } else {
            now.octets_here += octets;
            if (!failed) now.problem.clear();
            again.reset();
        }
        show_rate();
        fetch_more();
    }

    void check() {
        set(FetchState::kChecking);
        work([whole = part, inspect = config.inspect,
              the_task = task] { return whole->finish(inspect, *the_task); },
             [this](base::Result<std::filesystem::path> path) { checked(path); });
    }

    void checked(const base::Result<std::filesystem::path>& path) {
        if (!path && path.error().kind == base::ErrorKind::kCorrupt) return give_up(path.error());
        if (!path) return pause(path.error());
        side.log.notice("replica.snapshot.fetched", {{"snapshot", hex(part->id())},
                                                     {"from", from_of_attempt},
                                                     {"index", part->manifest().index},
                                                     {"octets", part->manifest().octets}});
        shared->ready.with([&](auto& ready) { ready = part->manifest(); });
        end_attempt();
        part.reset();
        damaged.clear();
        wanted.reset();
        now.octets_here = now.octets;
        set(FetchState::kIdle);
    }

    // Not this copy: what is here of it goes, and another one may be had later.
    void give_up(const base::Error& error) {
        ++now.given_up;
        side.log.error("replica.snapshot.given_up",
                       {{"snapshot", hex(part->id())}, {"from", from_of_attempt}, {"error", error.text}});
        config.on_given_up(error);
        part.reset();
        damaged.clear();
        pause_for(config.again.most, error);
        remove_all();
    }

    void pause(const base::Error& error) { pause_for(again.next(base::random_number()), error); }

    void pause_for(std::chrono::milliseconds time, const base::Error& error) {
        if (now.problem != error.text)
            side.log.warning("replica.snapshot.interrupted",
                             {{"from", from_of_attempt}, {"error", error.text}});
        end_attempt();
        now.problem = error.text;
        set(FetchState::kWaiting);
        timer = side.timers.after(time, [this] { ask(); });
    }

    // What is under way is asked for again in the next attempt.
    void end_attempt() {
        ++attempt;
        timer.reset();
        if (task) task->stop();
        task = std::make_shared<CopyTask>();
        from_of_attempt = from;
        if (part) {
            for (auto at = under_way.rbegin(); at != under_way.rend(); ++at)
                part->missing().push_front(at->first);
        }
        under_way.clear();
        failed.reset();
    }

    void set(FetchState state) {
        now.state = state;
        if (part) now.octets_here = octets_here();
        show_rate();
    }
    void show_rate() {
        const auto elapsed = side.clock.ticks() - began_at;
        const bool fetching = now.state == FetchState::kFetching && elapsed.count() > 0;
        now.octets_per_second = !fetching ? 0
                                          : (now.octets_here - std::min(here_at_begin, now.octets_here)) *
                                                1'000'000 / static_cast<uint64_t>(elapsed.count());
        show();
    }
    void show() {
        shared->status.with([&](FetchStatus& status) { status = now; });
    }

    const SnapshotFetchConfig config;
    LinksSide side;
    const std::shared_ptr<Shared> shared;
    std::optional<Manifest> wanted;
    NodeName from;             // to ask next
    NodeName from_of_attempt;  // who gives the chunks
    FetchStatus now;
    std::shared_ptr<SnapshotPart> part;    // shared with the worker
    std::map<uint32_t, size_t> under_way;  // asked for or being stored: number and octets
    std::map<uint32_t, unsigned> damaged;  // how often
    std::shared_ptr<CopyTask> task;        // of this attempt's work
    std::optional<base::Error> failed;     // the first of this attempt: nothing more is asked for
    uint64_t attempt = 0;
    Pace pace;
    net::Backoff again;
    base::Ticks began_at{};
    uint64_t here_at_begin = 0;
    loop::HandlePtr timer;
    std::unique_ptr<loop::WorkPool> pool;  // one thread
};

base::Result<std::unique_ptr<SnapshotFetch>> SnapshotFetch::open(const SnapshotFetchConfig& config,
                                                                 LinksSide side) {
    if (auto made = store::make_directory(config.directory); !made) return made.error().within("snapshots");
    auto shared = std::make_shared<Shared>();
    if (auto whole = list_copies(config.directory); !whole.empty())
        shared->ready.with([&](auto& ready) { ready = std::move(whole.back()); });
    auto& loop = side.loop;
    auto state = std::make_shared<State>(config, std::move(side), shared);
    state->task = std::make_shared<CopyTask>();
    state->pool = std::make_unique<loop::WorkPool>(loop, 1, config.in_flight + 4);
    return std::unique_ptr<SnapshotFetch>(new SnapshotFetch(std::move(state), std::move(shared), loop));
}

SnapshotFetch::SnapshotFetch(std::shared_ptr<State> state, std::shared_ptr<Shared> shared, loop::Loop& loop)
    : state_(std::move(state)), shared_(std::move(shared)), loop_(loop) {}

SnapshotFetch::~SnapshotFetch() {
    state_->task->stop();
    state_->pool.reset();
    state_->timer.reset();
}

void SnapshotFetch::want(const Manifest& wanted, const NodeName& from) {
    loop_.post([weak = std::weak_ptr(state_), wanted, from] {
        if (const auto state = weak.lock()) state->want(wanted, from);
    });
}

std::optional<std::filesystem::path> SnapshotFetch::take(const Manifest& wanted) {
    return shared_->ready.with([&](auto& ready) -> std::optional<std::filesystem::path> {
        if (!ready || ready->cluster != wanted.cluster || ready->index < wanted.index) return std::nullopt;
        auto path = copy_path(state_->config.directory, ready->id());
        std::error_code code;
        if (std::filesystem::exists(path, code)) return path;
        ready.reset();  // it was taken before
        return std::nullopt;
    });
}

void SnapshotFetch::forget() {
    shared_->ready.with([](auto& ready) { ready.reset(); });
    loop_.post([weak = std::weak_ptr(state_)] {
        if (const auto state = weak.lock()) state->forget();
    });
}

FetchStatus SnapshotFetch::status() const {
    return shared_->status.with([](const FetchStatus& status) { return status; });
}

}  // namespace replica
