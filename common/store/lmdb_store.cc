// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/lmdb_store.h"

#include <cassert>
#include <cstdlib>
#include <map>
#include <vector>

#include "common/base/guarded.h"
#include "common/store/commit_queue.h"
#include "common/store/meta.h"
#include "common/store/store_thread.h"

namespace store {
namespace {

class Snapshot final : public Reader {
 public:
    Snapshot(LmdbTxn txn, int& open_snapshots) : txn_(std::move(txn)), open_(open_snapshots) { ++open_; }
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
    LmdbTxn txn_;
    int& open_;
};

// What lies on the loop's side: who listens, and the settled batches on their way to them. Shared by the
// store and by the jobs it posted, which may still be in the loop's inbox when the store is gone.
class LoopSide {
 public:
    LoopSide(logs::Log log, uint64_t applied, std::function<void(const base::Error&)> on_broken)
        : log_(std::move(log)), applied_(applied), on_broken_(std::move(on_broken)) {}

    // Any thread.
    void add(Settled settled) {
        arrived_.with([&](auto& all) { all.push_back(std::move(settled)); });
    }

    // Loop thread.
    void deliver_all() {
        while (true) {
            const auto batches = arrived_.with([](auto& all) { return std::exchange(all, {}); });
            if (batches.empty()) return;
            for (const Settled& one : batches) deliver(one);
        }
    }
    void listen(std::string_view table, Store::Applied applied) {
        listeners_[std::string(table)].push_back(std::move(applied));
    }
    uint64_t applied() const { return applied_; }

 private:
    void deliver(const Settled& settled) {
        for (const auto& fault : settled.faults) log_.error("store.change.faulty", {{"error", fault}});
        if (!settled.writes.empty()) applied_ = settled.writes.batch_id;
        for (const auto& row : settled.writes.rows()) {
            const auto found = listeners_.find(row.table);
            if (found == listeners_.end()) continue;
            // By index: a listener may add another.
            for (size_t i = 0; i < found->second.size(); ++i) found->second[i](row.key, row.value);
        }
        const Done* unknown = nullptr;
        for (const auto& answer : settled.answers) {
            if (answer.done.outcome == Outcome::kUnknown) unknown = &answer.done;
            if (answer.on_done) answer.on_done(answer.done);
        }
        if (unknown != nullptr) report_broken(unknown->error);
    }

    void report_broken(const base::Error& error) {
        log_.error("store.broken", {{"error", error.text}});
        if (!on_broken_) std::_Exit(kExitUnreadable);
        on_broken_(error);
    }

    logs::Log log_;
    uint64_t applied_;
    std::function<void(const base::Error&)> on_broken_;
    std::map<std::string, std::vector<Store::Applied>, std::less<>> listeners_;
    base::Guarded<std::vector<Settled>> arrived_;
};

// For now: a store that nobody leads.
class NoSink final : public JournalSink {
 public:
    void lead() override {}
    void follow() override {}
    void committed(uint64_t, base::Bytes) override {}
    void not_appended(BatchId) override {}
    void lost(BatchId) override {}
    std::future<base::Result<uint64_t>> sync() override { return ready<base::Result<uint64_t>>(uint64_t{0}); }
    std::future<base::Result<void>> restore(const std::filesystem::path&) override {
        return ready<base::Result<void>>(base::refused("not there yet"));
    }
    base::Result<uint64_t> copy(const Take&) override { return base::refused("not there yet"); }
    std::future<base::Result<void>> mark(std::string) override {
        return ready<base::Result<void>>(base::refused("not there yet"));
    }
    std::future<void> detach() override {
        std::promise<void> done;
        done.set_value();
        return done.get_future();
    }
    uint64_t applied_index() const override { return 0; }
    uint64_t waiting_octets() const override { return 0; }
    std::string cluster() const override { return {}; }
    base::Result<void> state() const override { return {}; }

 private:
    template <class T>
    static std::future<T> ready(T value) {
        std::promise<T> done;
        done.set_value(std::move(value));
        return done.get_future();
    }
};

}  // namespace

struct LmdbStore::Parts {
    loop::Loop& loop;
    Quota quota;
    std::unique_ptr<LmdbEnv> env;
    std::shared_ptr<LoopSide> side;
    CommitQueue queue;
    int open_snapshots = 0;
    std::unique_ptr<StoreThread> thread;

    // Any thread.
    void deliver(Settled settled) {
        side->add(std::move(settled));
        loop.post([weak = std::weak_ptr(side)] {
            if (const auto alive = weak.lock()) alive->deliver_all();
        });
    }
};

base::Result<std::unique_ptr<LmdbStore>> LmdbStore::open(const StoreConfig& config, loop::Loop& loop,
                                                         logs::Log log) {
    auto env = LmdbEnv::open(config.directory, config.map_bytes);
    if (!env) return env.error().within("open store");
    const auto meta = open_meta(**env, config.schema_level);
    if (!meta) return meta.error().within("open store " + config.directory.string());
    log.info("store.opened", {{"directory", config.directory.string()}, {"last_batch", meta->last_batch}});
    auto side = std::make_shared<LoopSide>(std::move(log), meta->last_batch, config.on_broken);
    std::unique_ptr<Parts> parts{new Parts{loop, config.quota, std::move(*env), std::move(side),
                                           CommitQueue(config.queue_limit), 0, nullptr}};
    parts->thread = std::make_unique<StoreThread>(StoreThread::Setup{
        *parts->env, parts->queue, config.quota, config.entry_bytes, meta->last_batch,
        [to = parts.get()](Settled settled) { to->deliver(std::move(settled)); }, config.on_commit});
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
    auto txn = parts_->env->begin_read();
    if (!txn) stop_unreadable(txn.error());
    return std::make_unique<Snapshot>(std::move(*txn), parts_->open_snapshots);
}

void LmdbStore::on_applied(std::string_view table, Applied applied) {
    parts_->side->listen(table, std::move(applied));
}

void LmdbStore::on_reset(std::function<void()>) {}
bool LmdbStore::leads() const { return true; }
void LmdbStore::on_leads(std::function<void(bool)>) {}
JournalSink& LmdbStore::replicate(Journal&) { return sink(); }
JournalSink& LmdbStore::sink() {
    static NoSink none;
    return none;
}

uint64_t LmdbStore::applied_index() const { return parts_->side->applied(); }

StoreFigures LmdbStore::figures() const {
    const auto space = parts_->env->measure();
    StoreFigures figures{};
    figures.batches = parts_->thread->batches();
    figures.changes = parts_->thread->changes(Outcome::kOk);
    figures.refused = parts_->thread->changes(Outcome::kRefused);
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
