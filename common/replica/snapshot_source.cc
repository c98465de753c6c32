// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/snapshot_source.h"

#include <fcntl.h>

#include <atomic>
#include <cerrno>
#include <utility>

#include "common/base/fd.h"
#include "common/base/uuid.h"
#include "common/loop/work_pool.h"
#include "common/replica/copy_calls.h"
#include "common/store/file.h"

namespace replica {
namespace {

// Chunks that wait to be read from the disk: each answer is 1 MiB.
constexpr size_t kReadsMax = 16;
constexpr std::chrono::seconds kLookForUnused{30};
constexpr std::chrono::seconds kInUse{20};  // after the last question

base::Error gone(const CopyId& id) {
    return base::not_found("snapshot " + hex(id) + " is not here any more; open one again");
}

struct Copy {
    CopyManifest manifest;
    CopyId id;
    base::Fd file;
};

base::Result<std::shared_ptr<const Copy>> open_copy(const std::filesystem::path& directory,
                                                    CopyManifest manifest) {
    auto copy = std::make_shared<Copy>();
    copy->id = manifest.id();
    copy->manifest = std::move(manifest);
    const auto path = copy_path(directory, copy->id);
    copy->file.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!copy->file) return store::file_error("open " + path.string(), errno);
    return std::shared_ptr<const Copy>(std::move(copy));
}

}  // namespace

struct SnapshotSource::State : std::enable_shared_from_this<State> {
    State(const SnapshotSourceConfig& the_config, store::JournalSink& the_sink, LinksSide the_side)
        : config(the_config), sink(the_sink), side(std::move(the_side)), again(config.again) {}

    // Loop thread, all of it. ---------------------------------------------------------------------------

    void serve() {
        side.calls.serve(
            std::string(kOpenSnapshot),
            [weak = weak_from_this()](const NodeName&, base::Bytes request, Calls::Answer answer) {
                const auto self = weak.lock();
                answer(self ? self->opened(request) : stopping());
            });
        side.calls.serve(
            std::string(kSnapshotChunk),
            [weak = weak_from_this()](const NodeName&, base::Bytes request, Calls::Answer answer) {
                if (const auto self = weak.lock()) return self->give(request, std::move(answer));
                answer(stopping());
            });
        look = side.timers.every(kLookForUnused, [this] { drop_unused(); });
    }

    static base::Error stopping() { return {base::ErrorKind::kUnavailable, "the daemon stops"}; }

    base::Result<base::Bytes> opened(base::ByteView request) {
        const auto at_least = decode_open(request);
        if (!at_least) return at_least.error();
        used_at = side.clock.ticks();
        asked_for = true;
        if (copy && copy->manifest.index >= *at_least) return encode_opened({copy->manifest, 0});
        if (task) return encode_opened({std::nullopt, task->octets()});
        if (const uint64_t have = sink.applied_index(); have < *at_least) {
            return base::Error{base::ErrorKind::kUnavailable, "this node has got to entry " +
                                                                  std::to_string(have) +
                                                                  " itself; a snapshot with entry " +
                                                                  std::to_string(*at_least) + " is wanted"};
        }
        if (problem && side.clock.ticks() < again_at) return *problem;
        make();
        return encode_opened({});
    }

    void make() {
        task = std::make_shared<CopyTask>();
        const bool taken = maker->submit(
            [&the_sink = sink, order = config.order, the_task = task]() -> base::Result<CopyManifest> {
                return make_copy(the_sink, order, *the_task);
            },
            [weak = weak_from_this()](base::Result<CopyManifest> manifest) {
                if (const auto self = weak.lock()) self->made(std::move(manifest));
            });
        if (!taken) task.reset();  // old files are still being removed: at the next question
    }

    void made(base::Result<CopyManifest> manifest) {
        task.reset();
        base::Result<std::shared_ptr<const Copy>> fresh =
            manifest ? open_copy(config.order.directory, std::move(*manifest)) : manifest.error();
        if (!fresh) {
            problem = fresh.error();
            again_at = side.clock.ticks() + again.next(base::random_number());
            side.log.error("replica.snapshot.copy_failed", {{"error", problem->text}});
            return;
        }
        copy = std::move(*fresh);
        problem.reset();
        again.reset();
        used_at = side.clock.ticks();
        side.log.notice("replica.snapshot.made", {{"snapshot", hex(copy->id)},
                                                  {"index", copy->manifest.index},
                                                  {"octets", copy->manifest.octets}});
        remove_others();
    }

    void give(base::ByteView request, Calls::Answer answer) {
        const auto wanted = decode_chunk_request(request);
        if (!wanted) return answer(wanted.error());
        if (!copy || copy->id != wanted->id) return answer(gone(wanted->id));
        if (wanted->number >= copy->manifest.count())
            return answer(base::invalid("snapshot " + hex(wanted->id) + " has fewer chunks"));
        used_at = side.clock.ticks();
        const bool taken = reader->submit(
            [from = copy, number = wanted->number] {
                return read_chunk(from->file.get(), from->manifest, number);
            },
            [weak = weak_from_this(), from = copy->id, answer](base::Result<base::Bytes> octets) {
                if (const auto self = weak.lock(); self && !octets) self->unreadable(from, octets.error());
                answer(std::move(octets));
            });
        if (!taken)
            answer(base::Error{base::ErrorKind::kUnavailable, "too many chunks are asked for at once"});
    }

    // The disk does not give back what it gave when the copy was checked: another one is made when asked for.
    void unreadable(const CopyId& id, const base::Error& error) {
        if (!copy || copy->id != id) return;
        side.log.error("replica.snapshot.copy_failed", {{"error", error.text}});
        drop();
    }

    void drop_unused() {
        if (copy && !task && side.clock.ticks() - used_at.load() >= config.unused_max) drop();
    }

    void drop() {
        copy.reset();
        if (!task) remove_others();  // otherwise once that is done
    }

    void remove_others() {
        std::set<CopyId> keep;
        if (copy) keep.insert(copy->id);
        (void)maker->submit(
            [directory = config.order.directory, keep] {
                remove_copies_but(directory, keep);
                return 0;
            },
            [](int) {});
    }

    const SnapshotSourceConfig config;
    store::JournalSink& sink;  // outlives the pools
    LinksSide side;
    std::shared_ptr<const Copy> copy;  // shared with reads under way
    std::shared_ptr<CopyTask> task;    // while one is made
    std::atomic<base::Ticks> used_at{};
    std::atomic<bool> asked_for = false;  // since the start
    std::optional<base::Error> problem;
    base::Ticks again_at{};
    net::Backoff again;
    loop::HandlePtr look;
    std::unique_ptr<loop::WorkPool> maker;   // one thread: copies and removals, one after another
    std::unique_ptr<loop::WorkPool> reader;  // one thread
};

base::Result<std::unique_ptr<SnapshotSource>> SnapshotSource::open(const SnapshotSourceConfig& config,
                                                                   store::JournalSink& sink, LinksSide side) {
    const auto& directory = config.order.directory;
    if (auto made = store::make_directory(directory); !made) return made.error().within("snapshots");
    auto state = std::make_shared<State>(config, sink, std::move(side));
    std::set<CopyId> keep;
    if (auto copies = list_copies(directory); !copies.empty()) {
        auto copy = open_copy(directory, std::move(copies.back()));
        if (!copy) return copy.error().within("snapshots");
        state->copy = std::move(*copy);
        state->used_at = state->side.clock.ticks();
        keep.insert(state->copy->id);
    }
    remove_copies_but(directory, keep);
    state->maker = std::make_unique<loop::WorkPool>(state->side.loop, 1, 4);
    state->reader = std::make_unique<loop::WorkPool>(state->side.loop, 1, kReadsMax);
    state->serve();
    return std::unique_ptr<SnapshotSource>(new SnapshotSource(std::move(state)));
}

SnapshotSource::SnapshotSource(std::shared_ptr<State> state) : state_(std::move(state)) {}

SnapshotSource::~SnapshotSource() {
    if (state_->task) state_->task->stop();
    // The threads are waited for here, while the sink is there.
    state_->maker.reset();
    state_->reader.reset();
    state_->look.reset();
}

bool SnapshotSource::in_use() const {
    return state_->asked_for && state_->side.clock.ticks() - state_->used_at.load() < kInUse;
}

SnapshotSource::Status SnapshotSource::status() const {
    Status status;
    if (state_->copy) status.index = state_->copy->manifest.index;
    if (state_->task) status.made_octets = state_->task->octets();
    if (state_->problem) status.problem = state_->problem->text;
    return status;
}

}  // namespace replica
