// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/lmdb_store.h"

#include <cassert>
#include <utility>

#include "common/store/commit_queue.h"
#include "common/store/env_slot.h"
#include "common/store/journal_sink.h"
#include "common/store/loop_side.h"
#include "common/store/meta.h"
#include "common/store/replication.h"
#include "common/store/store_directory.h"
#include "common/store/store_thread.h"

namespace store {
namespace {

class Snapshot final : public Reader {
 public:
    Snapshot(std::shared_ptr<LmdbEnv> env, LmdbTxn txn, int& open_snapshots)
        : env_(std::move(env)), txn_(std::move(txn)), open_(open_snapshots) {
        ++open_;
    }
    ~Snapshot() override { --open_; }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    std::optional<std::string> get(std::string_view table, std::string_view key) const override {
        return txn_.get(table, key);
    }
    void scan(std::string_view table, std::string_view prefix, std::string_view from,
              const std::function<bool(std::string_view, std::string_view)>& each) const override {
        txn_.scan(table, prefix, from, each);
    }

 private:
    std::shared_ptr<LmdbEnv> env_;  // the store may have replaced it meanwhile
    LmdbTxn txn_;                   // goes before its environment
    int& open_;
};

}  // namespace

struct LmdbStore::Parts {
    Parts(loop::Loop& on_loop, const StoreConfig& config, StoreDirectory in, std::unique_ptr<LmdbEnv> opened,
          std::shared_ptr<LoopSide> loop_side)
        : loop(on_loop),
          quota(config.quota),
          directory(std::move(in)),
          env(std::move(opened)),
          side(std::move(loop_side)),
          queue(config.queue_limit),
          sink(queue, env, figures) {}

    loop::Loop& loop;
    const Quota quota;
    StoreDirectory directory;
    EnvSlot env;
    std::shared_ptr<LoopSide> side;
    CommitQueue queue;
    ReplicationFigures figures;
    QueueSink sink;
    int open_snapshots = 0;
    std::unique_ptr<StoreThread> thread;

    // Any thread.
    void deliver(Settled settled) {
        if (!side->add(std::move(settled))) return;
        loop.post([weak = std::weak_ptr(side)] {
            if (const auto alive = weak.lock()) alive->deliver_all();
        });
    }
};

base::Result<std::unique_ptr<LmdbStore>> LmdbStore::open(const StoreConfig& config, loop::Loop& loop,
                                                         logs::Log log) {
    auto directory = StoreDirectory::open(config.directory);
    if (!directory) return directory.error().within("open store");
    auto env = LmdbEnv::open(directory->environment(), config.map_bytes);
    if (!env) return env.error().within("open store");
    const auto meta = open_meta(**env, config.schema_level);
    if (!meta) return meta.error().within("open store " + config.directory.string());
    if (!meta->cluster.empty() && !config.may_be_member) {
        return base::refused("open store " + config.directory.string() + ": it belongs to the cluster " +
                             meta->cluster + "; configure `cluster:` again, or let the node leave it first");
    }
    log.info("store.opened", {{"directory", config.directory.string()}, {"last_batch", meta->last_batch}});
    auto side = std::make_shared<LoopSide>(std::move(log), meta->last_batch, meta->cluster.empty(),
                                           LoopSide::Callbacks{config.on_broken, config.on_stalled});
    auto parts =
        std::make_unique<Parts>(loop, config, std::move(*directory), std::move(*env), std::move(side));
    parts->thread = std::make_unique<StoreThread>(StoreThread::Setup{
        parts->queue, config.quota, config.entry_bytes,
        Replication::Setup{parts->env, parts->directory, parts->figures, *meta, config.schema_level,
                           config.map_bytes, config.retry_after,
                           [to = parts.get()](Settled settled) { to->deliver(std::move(settled)); },
                           [to = parts.get()] { to->side->wait_for_room(); }, config.on_commit}});
    return std::unique_ptr<LmdbStore>(new LmdbStore(std::move(parts)));
}

LmdbStore::LmdbStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

LmdbStore::~LmdbStore() {
    parts_->queue.close();
    parts_->thread.reset();
    // We are on the loop's thread: the answers need not wait for its next turn, which may not come.
    parts_->side->deliver_all();
    assert(parts_->open_snapshots == 0);
}

void LmdbStore::submit(Change change, OnDone on_done, Urgency urgency) {
    Waiting waiting{std::move(change), std::move(on_done), urgency, std::chrono::steady_clock::now()};
    const auto pushed = parts_->queue.push(waiting);
    if (pushed == CommitQueue::Pushed::kYes) return;
    const char* why = pushed == CommitQueue::Pushed::kFull ? "too many changes wait to be stored; try again"
                                                           : "the store is closing";
    Settled settled;
    settled.answers.push_back(
        {std::move(waiting.on_done), {Outcome::kRefused, {base::ErrorKind::kUnavailable, why}}});
    parts_->deliver(std::move(settled));
}

std::unique_ptr<Reader> LmdbStore::read() const {
    auto env = parts_->env.get();
    auto txn = env->begin_read();
    if (!txn) stop_unreadable(txn.error());
    return std::make_unique<Snapshot>(std::move(env), std::move(*txn), parts_->open_snapshots);
}

void LmdbStore::on_applied(std::string_view table, Applied applied) {
    parts_->side->listen(table, std::move(applied));
}

void LmdbStore::on_reset(std::function<void()> reset) { parts_->side->listen_reset(std::move(reset)); }
bool LmdbStore::leads() const { return parts_->side->leads(); }
void LmdbStore::on_leads(std::function<void(bool)> changed) {
    parts_->side->listen_leads(std::move(changed));
}

JournalSink& LmdbStore::replicate(Journal& journal) {
    JournalEvent event = Replicate{&journal};
    parts_->queue.push(event);
    return parts_->sink;
}

JournalSink& LmdbStore::sink() { return parts_->sink; }

uint64_t LmdbStore::applied_index() const { return parts_->side->applied(); }

StoreFigures LmdbStore::figures() const {
    const auto space = parts_->env.get()->measure();
    StoreFigures figures{};
    figures.batches = parts_->figures.batches;
    figures.changes = parts_->thread->changes(Outcome::kOk);
    figures.refused = parts_->thread->changes(Outcome::kRefused);
    figures.not_leader = parts_->thread->changes(Outcome::kNotLeader);
    figures.unknown = parts_->thread->changes(Outcome::kUnknown);
    figures.waiting = parts_->queue.size();
    figures.oldest = parts_->queue.oldest();
    if (space) {
        figures.space = *space;
        figures.room = parts_->quota.room(*space);
    }
    return figures;
}

}  // namespace store
