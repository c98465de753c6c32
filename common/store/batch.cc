// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/batch.h"

#include <cassert>
#include <cerrno>
#include <exception>
#include <utility>

#include "common/store/meta.h"

namespace store {
namespace {

// With less of the disk free than this, an I/O error of a commit is taken for a full disk.
constexpr uint64_t kFullDiskBytes = uint64_t{1} << 20;

// What one change sees. Its writes go to the LMDB transaction and to the batch's write set; the first thing
// that goes wrong is kept, and everything after it is ignored.
class ChangeView final : public Transaction {
 public:
    ChangeView(LmdbTxn& txn, WriteSet& writes, const BatchLimits& limits, Room room)
        : txn_(txn), writes_(writes), limits_(limits), room_(room) {}

    std::optional<std::string> get(std::string_view table, std::string_view key) const override {
        return txn_.get(table, key);
    }
    void scan(std::string_view table, std::string_view prefix, std::string_view from,
              const std::function<bool(std::string_view, std::string_view)>& each) const override {
        txn_.scan(table, prefix, from, each);
    }

    void put(std::string_view table, std::string_view key, std::string_view value) override {
        if (has_failed() || !may_put(table, key, value)) return;
        if (const int code = txn_.put(table, key, value); code != 0) {
            engine_error_ = lmdb_error("write", code);
            return;
        }
        wrote_bytes_ += WriteSet::row_bytes(table, key, value);
        writes_.put(table, key, value);
    }

    void erase(std::string_view table, std::string_view key) override {
        if (has_failed() || !key_is_good(table, key) || !fits(WriteSet::row_bytes(table, key, {}))) return;
        const auto erased = txn_.erase(table, key);
        if (!erased) {
            engine_error_ = lmdb_error("erase", erased.error());
            return;
        }
        if (!*erased) return;
        wrote_bytes_ += WriteSet::row_bytes(table, key, {});
        writes_.erase(table, key);
    }

    void needs_blob(const BlobId& id) override {
        if (has_failed() || !fits(WriteSet::kBlobOverhead)) return;
        if (++blobs_ > WriteSet::kBlobsMax) {
            fault_ =
                base::Error{base::ErrorKind::kLimit, "one change names too many blobs; send it in parts"};
            return;
        }
        blob_bytes_ += WriteSet::kBlobOverhead;
        writes_.needs(id);
    }

    void may_take_last_room() override { takes_last_room_ = true; }

    bool wrote() const { return wrote_bytes_ > 0; }
    // The change cannot be part of any batch.
    const std::optional<base::Error>& fault() const { return fault_; }
    // LMDB refused: no change of this batch can be committed.
    const std::optional<base::Error>& engine_error() const { return engine_error_; }

 private:
    bool has_failed() const { return fault_.has_value() || engine_error_.has_value(); }

    bool key_is_good(std::string_view table, std::string_view key) {
        if (key_fits(table, key)) return true;
        fault_ = base::invalid("key of " + std::to_string(key.size()) + " octets in table " +
                               std::string(table) + " is too long");
        return false;
    }

    // A change must fit into an entry by itself.
    bool fits(size_t more) {
        if (WriteSet::kOverhead + blob_bytes_ + wrote_bytes_ + more <= limits_.entry_bytes) return true;
        fault_ = base::Error{base::ErrorKind::kLimit, "one change writes more than " +
                                                          std::to_string(limits_.entry_bytes) +
                                                          " octets; send it in parts"};
        return false;
    }

    bool may_put(std::string_view table, std::string_view key, std::string_view value) {
        if (!key_is_good(table, key)) return false;
        if (!fits(WriteSet::row_bytes(table, key, value))) return false;
        if (takes_last_room_ || room_ == Room::kPlenty ||
            (room_ == Room::kEssential && limits_.quota->is_essential(table)))
            return true;
        fault_ = base::Error{base::ErrorKind::kLimit, "no room for table " + std::string(table) +
                                                          ": the store's quota or its disk is full"};
        return false;
    }

    LmdbTxn& txn_;
    WriteSet& writes_;
    const BatchLimits& limits_;
    const Room room_;
    bool takes_last_room_ = false;
    size_t wrote_bytes_ = 0;
    size_t blob_bytes_ = 0;
    size_t blobs_ = 0;
    std::optional<base::Error> fault_;
    std::optional<base::Error> engine_error_;
};

Done ok() { return {Outcome::kOk, {}}; }
Done refused(base::Error error) { return {Outcome::kRefused, std::move(error)}; }

base::Result<void> call(const Change& change, ChangeView& view, std::string& thrown) {
    try {
        return change(view);
    } catch (const std::bad_alloc&) {
        throw;  // ends the process: see CONTRIBUTING.md
    } catch (const std::exception& error) {
        thrown = error.what();
        return base::Error{base::ErrorKind::kRefused, "internal error"};
    }
}

class BatchRun {
 public:
    BatchRun(LmdbEnv& env, std::span<const Change> changes, uint64_t batch_id, const BatchLimits& limits)
        : env_(env), changes_(changes), limits_(limits), batch_id_(batch_id), struck_(changes.size()) {}

    HeldBatch run() {
        const auto space = env_.measure();
        if (!space) return refuse(refused(space.error()));
        room_ = limits_.quota->room(*space);
        while (true) {
            switch (pass()) {
                case Pass::kAgain:
                    continue;
                case Pass::kFinished:
                    result_.answers.assign(answers_.begin(), answers_.end());
                    return {std::move(result_), std::move(txn_), false};
                case Pass::kFailed:
                    return refuse(*failure_);
            }
        }
    }

 private:
    enum class Pass { kAgain, kFinished, kFailed };
    enum class Step { kNext, kAgain, kFailed };

    // One attempt at all changes that are not struck out, in an empty transaction.
    Pass pass() {
        auto txn = env_.begin_write();
        if (!txn) return fail(refused(lmdb_error("begin", txn.error())));
        result_.writes = {};
        result_.writes.batch_id = batch_id_;
        answers_.clear();
        for (size_t i = 0; i < end(); ++i) {
            if (i > 0 && !end_ && limits_.yield && limits_.yield()) {
                end_ = i;
                break;
            }
            switch (step(*txn, i)) {
                case Step::kNext:
                    break;
                case Step::kAgain:
                    return Pass::kAgain;
                case Step::kFailed:
                    return Pass::kFailed;
            }
        }
        if (!result_.writes.empty()) txn_.emplace(std::move(*txn));
        return Pass::kFinished;
    }

    Step step(LmdbTxn& txn, size_t i) {
        if (struck_[i]) {
            answers_.push_back(refused(*struck_[i]));
            return Step::kNext;
        }
        const bool first_to_write = result_.writes.empty();
        ChangeView view(txn, result_.writes, limits_, room_);
        std::string thrown;
        const auto decided = call(changes_[i], view, thrown);
        if (view.engine_error()) {
            fail(refused(*view.engine_error()));
            return Step::kFailed;
        }
        const bool is_fault = view.fault() || !thrown.empty() || (!decided && view.wrote());
        if (is_fault) {
            strike(i, view, decided, thrown);
            if (view.wrote()) return Step::kAgain;
            answers_.push_back(refused(*struck_[i]));
            return Step::kNext;
        }
        const bool is_full = result_.writes.bytes() > limits_.entry_bytes ||
                             result_.writes.blobs().size() > WriteSet::kBlobsMax;
        if (is_full && !first_to_write) {
            end_ = i;  // this one goes into the next batch
            return Step::kAgain;
        }
        answers_.push_back(decided ? ok() : refused(decided.error()));
        return Step::kNext;
    }

    void strike(size_t i, const ChangeView& view, const base::Result<void>& decided,
                const std::string& thrown) {
        if (view.fault()) {
            struck_[i] = *view.fault();
            return;
        }
        const std::string why =
            thrown.empty() ? "said no after it wrote: " + decided.error().text : "threw: " + thrown;
        result_.faults.push_back(why);
        struck_[i] = base::refused("internal error: the change was not made");
    }

    Pass fail(Done why) {
        failure_ = std::move(why);
        return Pass::kFailed;
    }

    HeldBatch refuse(const Done& why) {
        result_.writes = {};
        result_.answers.assign(end(), why);
        return {std::move(result_), std::nullopt, true};
    }

    size_t end() const { return end_.value_or(changes_.size()); }

    LmdbEnv& env_;
    const std::span<const Change> changes_;
    const BatchLimits& limits_;
    const uint64_t batch_id_;
    Room room_ = Room::kNone;
    std::vector<std::optional<base::Error>> struck_;  // at fault in an earlier pass
    std::optional<size_t> end_;                       // fewer than all: the next batch has the rest
    std::vector<Done> answers_;
    std::optional<LmdbTxn> txn_;
    std::optional<Done> failure_;
    BatchResult result_;
};

}  // namespace

HeldBatch hold_batch(LmdbEnv& env, std::span<const Change> changes, uint64_t batch_id,
                     const BatchLimits& limits) {
    assert(!changes.empty());
    return BatchRun(env, changes, batch_id, limits).run();
}

std::optional<Done> commit_batch(LmdbEnv& env, LmdbTxn txn, const BatchMarks& marks) {
    int code = put_last_batch(txn, marks.batch_id);
    if (code == 0 && marks.journal_index) code = put_journal_index(txn, *marks.journal_index);
    if (code != 0) return refused(lmdb_error("write", code));
    code = txn.commit();
    if (code == 0) {
        env.keep_room();
        return {};
    }
    // The data pages come before the meta page: when those failed, the old tree stands and nothing of this
    // batch happened. Only a meta page that failed leaves it open, and then LMDB refuses to go on.
    if (env.is_broken())
        return Done{Outcome::kUnknown, lmdb_error("commit: the disk failed at the last write", code)};
    auto error = lmdb_error("commit", code);
    // LMDB calls a short write an I/O error.
    const auto space = env.measure();
    if (code == EIO && space && space->disk_free < kFullDiskBytes) error.kind = base::ErrorKind::kLimit;
    return refused(std::move(error));
}

BatchResult run_batch(LmdbEnv& env, std::span<const Change> changes, uint64_t batch_id,
                      const BatchLimits& limits) {
    auto held = hold_batch(env, changes, batch_id, limits);
    if (!held.txn) return std::move(held.result);
    if (const auto failed = commit_batch(env, std::move(*held.txn), {batch_id})) {
        held.result.answers.assign(held.result.answers.size(), *failed);
        held.result.writes = {};
    }
    return std::move(held.result);
}

}  // namespace store
