// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/batch.h"

#include <cassert>
#include <cerrno>
#include <exception>
#include <utility>

#include "common/store/meta.h"

namespace store {
namespace {

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
        note_write(table.size() + key.size() + value.size());
        writes_.put(table, key, value);
    }

    void erase(std::string_view table, std::string_view key) override {
        if (has_failed() || !key_is_good(table, key)) return;
        const auto erased = txn_.erase(table, key);
        if (!erased) {
            engine_error_ = lmdb_error("erase", erased.error());
            return;
        }
        if (!*erased) return;
        note_write(table.size() + key.size());
        writes_.erase(table, key);
    }

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

    bool may_put(std::string_view table, std::string_view key, std::string_view value) {
        if (!key_is_good(table, key)) return false;
        if (wrote_bytes_ + table.size() + key.size() + value.size() > limits_.entry_bytes) {
            fault_ = base::Error{base::ErrorKind::kLimit, "one change writes more than " +
                                                              std::to_string(limits_.entry_bytes) +
                                                              " octets; send it in parts"};
            return false;
        }
        if (room_ == Room::kPlenty || (room_ == Room::kEssential && limits_.quota->is_essential(table)))
            return true;
        fault_ = base::Error{base::ErrorKind::kLimit, "no room for table " + std::string(table) +
                                                          ": the store's quota or its disk is full"};
        return false;
    }

    void note_write(size_t bytes) { wrote_bytes_ += bytes; }

    LmdbTxn& txn_;
    WriteSet& writes_;
    const BatchLimits& limits_;
    const Room room_;
    size_t wrote_bytes_ = 0;
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

    BatchResult run() {
        const auto space = env_.measure();
        if (!space) return everybody(refused(space.error()));
        room_ = limits_.quota->room(*space);
        while (true) {
            switch (pass()) {
                case Pass::kAgain:
                    continue;
                case Pass::kFinished:
                    result_.answers.assign(answers_.begin(), answers_.end());
                    return std::move(result_);
                case Pass::kFailed:
                    result_.writes = {};
                    return everybody(*failure_);
            }
        }
    }

 private:
    enum class Pass { kAgain, kFinished, kFailed };
    enum class Step { kNext, kAgain, kFailed };

    // One attempt at all changes that are not struck out, from an empty transaction to its commit.
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
        return result_.writes.empty() ? Pass::kFinished : commit(std::move(*txn));
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
        if (result_.writes.bytes() > limits_.entry_bytes && !first_to_write) {
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

    Pass commit(LmdbTxn txn) {
        if (const int code = put_last_batch(txn, batch_id_); code != 0)
            return fail(refused(lmdb_error("write", code)));
        const int code = txn.commit();
        if (code == 0) return Pass::kFinished;
        // The data pages come before the meta page: when those failed, the old tree stands and nothing of
        // this batch happened. Only a meta page that failed leaves it open, and then LMDB refuses to go on.
        if (env_.is_broken())
            return fail({Outcome::kUnknown, lmdb_error("commit: the disk failed at the last write", code)});
        auto error = lmdb_error("commit", code);
        // LMDB calls a short write an I/O error.
        const auto space = env_.measure();
        if (code == EIO && space && space->disk_free < limits_.entry_bytes)
            error.kind = base::ErrorKind::kLimit;
        return fail(refused(std::move(error)));
    }

    Pass fail(Done why) {
        failure_ = std::move(why);
        return Pass::kFailed;
    }

    BatchResult everybody(const Done& why) {
        result_.answers.assign(end(), why);
        return std::move(result_);
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
    std::optional<Done> failure_;
    BatchResult result_;
};

}  // namespace

BatchResult run_batch(LmdbEnv& env, std::span<const Change> changes, uint64_t batch_id,
                      const BatchLimits& limits) {
    assert(!changes.empty());
    return BatchRun(env, changes, batch_id, limits).run();
}

}  // namespace store
