// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/replication.h"

#include <algorithm>
#include <utility>

#include "common/base/uuid.h"
#include "common/store/entry.h"

namespace store {
namespace {

// What one LMDB transaction of a follower takes at most.
constexpr size_t kGroupOctets = size_t{4} << 20;
constexpr size_t kGroupEntries = 1024;

uint64_t new_origin() {
    uint64_t origin = 0;
    base::random_bytes(&origin, sizeof origin);
    return origin;
}

Done unknown(std::string_view why) {
    return {Outcome::kUnknown, {base::ErrorKind::kUnavailable, std::string(why)}};
}

std::optional<base::Error> write_rows(LmdbTxn& txn, const WriteSet& writes) {
    for (const auto& row : writes.rows()) {
        int code = 0;
        if (row.value) {
            code = txn.put(row.table, row.key, *row.value);
        } else if (const auto erased = txn.erase(row.table, row.key); !erased) {
            code = erased.error();
        }
        if (code != 0) return lmdb_error("apply an entry", code);
    }
    return {};
}

}  // namespace

Replication::Replication(Setup setup) : setup_(std::move(setup)), origin_(new_origin()) {
    setup_.figures.applied_index = setup_.meta.journal_index;
    setup_.figures.cluster.with([&](auto& cluster) { cluster = setup_.meta.cluster; });
}

void Replication::take(std::vector<JournalEvent> events) {
    for (auto& event : events) {
        // Entries gather, to be applied together; all else comes after those before it.
        if (!std::holds_alternative<Committed>(event)) apply_waiting();
        std::visit([this](auto& one) { handle(one); }, event);
    }
    apply_waiting();
    tell_broken();
}

void Replication::retry() {
    apply_waiting();
    tell_broken();
}

void Replication::handle(Committed& event) { waiting_.push_back(std::move(event)); }

void Replication::handle(Lead&) {
    is_leading_ = journal_ != nullptr;
    set_leads(is_leading_);
}

void Replication::handle(Follow&) {
    is_leading_ = false;
    set_leads(is_alone());
}

void Replication::handle(NotAppended& event) {
    if (held_ && held_->id == event.batch) answer_held({Outcome::kNotLeader, not_leader()});
}

void Replication::handle(Lost& event) {
    if (held_ && held_->id == event.batch) answer_held(unknown("the leadership was lost on the way"));
}

void Replication::handle(Sync& event) {
    if (stalled_) return event.done.set_value(*stalled_);
    const auto synced = setup_.env.get()->sync();
    if (!synced) {
        // What the kernel could not write it may have forgotten: this life must not build on it.
        if (is_relaxed_) break_down(synced.error());
        return event.done.set_value(synced.error());
    }
    event.done.set_value(setup_.meta.journal_index);
}

// Entries that wait.

void Replication::apply_waiting() {
    if (is_broken_ || (retry_at_ && std::chrono::steady_clock::now() < *retry_at_)) return;
    retry_at_.reset();
    while (apply_next()) {
    }
    if (waiting_.empty() && stalled_ && !is_broken_) end_stall();
}

// False: nothing waits, or nothing goes on.
bool Replication::apply_next() {
    while (!waiting_.empty() && waiting_.front().index <= setup_.meta.journal_index) drop_front();
    if (waiting_.empty()) return false;
    if (is_held(waiting_.front())) {
        commit_held(waiting_.front());
        return !is_broken_;
    }
    const size_t count = next_group();
    auto failed = apply_group(count);
    // One by one it may get further.
    if (failed && count > 1 && !is_broken_) failed = apply_group(1);
    if (failed && !is_broken_) stall(std::move(*failed));
    return !failed;
}

bool Replication::is_held(const Committed& entry) const {
    if (!held_) return false;
    const auto batch = batch_of(entry.entry);
    return batch && *batch == held_->id;
}

// When it fails the batch is answered kUnknown, and its entry is from now on like any other's.
void Replication::commit_held(const Committed& entry) {
    Held held = std::move(*held_);
    held_.reset();
    std::optional<base::Error> failed;
    if (held.txn) {
        const BatchMarks marks{last_batch() + 1, entry.index};
        if (auto refused = commit_batch(*setup_.env.get(), std::move(*held.txn), marks)) {
            note_failure(*refused);
            failed = std::move(refused->error);
        } else {
            count_batch();
            ++setup_.figures.batches;
            set_index(entry.index);
            if (setup_.on_commit)
                setup_.on_commit(std::chrono::duration_cast<std::chrono::microseconds>(
                    std::chrono::steady_clock::now() - held.begun));
        }
    } else {
        // It wrote nothing, or its transaction ended for another entry: it is in the log all the same.
        held.result.writes = {};
        failed = apply_group(1);
    }
    if (failed) {
        held.result.writes = {};
        held.result.answers.assign(held.result.answers.size(), Done{Outcome::kUnknown, *failed});
    }
    settle(std::move(held.result), std::move(held.who));
}

size_t Replication::next_group() const {
    size_t count = 0;
    size_t octets = 0;
    for (const auto& one : waiting_) {
        octets += one.entry.size();
        if (count > 0 && (octets > kGroupOctets || count >= kGroupEntries || is_held(one))) break;
        ++count;
    }
    return count;
}

// The first `count`, or as many of them as can be read.
std::optional<base::Error> Replication::apply_group(size_t count) {
    if (held_) held_->txn.reset();
    setup_.wait_for_room();
    const auto env = setup_.env.get();
    auto txn = env->begin_write();
    if (!txn) return lmdb_error("begin", txn.error());
    BatchMarks marks{last_batch(), setup_.meta.journal_index};
    std::vector<WriteSet> applied;
    size_t done = 0;
    for (; done < count; ++done) {
        const Committed& one = waiting_[done];
        if (one.index <= *marks.journal_index) continue;
        auto entry = decode_entry(one.entry);
        if (!entry && done == 0) return entry.error();
        if (!entry) break;
        if (auto failed = write_rows(*txn, entry->writes)) return failed;
        marks.journal_index = one.index;
        if (entry->writes.empty()) continue;
        entry->writes.batch_id = ++marks.batch_id;
        applied.push_back(std::move(entry->writes));
    }
    if (auto refused = commit_batch(*env, std::move(*txn), marks)) {
        note_failure(*refused);
        return std::move(refused->error);
    }
    setup_.meta.last_batch = marks.batch_id;
    setup_.figures.batches += applied.size();
    for (; done > 0; --done) drop_front();
    for (auto& writes : applied) {
        Settled settled;
        settled.writes = std::move(writes);
        setup_.deliver(std::move(settled));
    }
    // Whoever waits for this number and then asks the loop finds there what was delivered.
    set_index(*marks.journal_index);
    return {};
}

void Replication::drop_front() {
    setup_.figures.waiting_octets -= waiting_.front().entry.size();
    waiting_.pop_front();
}

void Replication::set_index(uint64_t index) {
    setup_.meta.journal_index = index;
    setup_.figures.applied_index = index;
}

// Trouble.

void Replication::stall(base::Error why) {
    retry_at_ = std::chrono::steady_clock::now() + setup_.retry_after;
    if (stalled_ && stalled_->text == why.text) return;
    stalled_ = why;
    setup_.figures.stalled.with([&](auto& error) { error = why; });
    Settled settled;
    settled.stall = Settled::Stall{std::move(why)};
    setup_.deliver(std::move(settled));
}

void Replication::end_stall() {
    stalled_.reset();
    setup_.figures.stalled.with([](auto& error) { error.reset(); });
    Settled settled;
    settled.stall = Settled::Stall{};
    setup_.deliver(std::move(settled));
}

// With the meta page relaxed an I/O error may have hit that of the commit before, too: what the kernel could
// not write it may have forgotten. What is on the disk is whole, and the log repeats the rest.
void Replication::note_failure(const Done& failed) {
    const bool is_io = failed.error.kind != base::ErrorKind::kLimit;
    if (failed.outcome == Outcome::kUnknown || (is_relaxed_ && is_io)) break_down(failed.error);
}

void Replication::break_down(const base::Error& why) {
    if (std::exchange(is_broken_, true)) return;
    stalled_ = why;
    untold_ = why;
    setup_.figures.stalled.with([&](auto& error) { error = why; });
}

// After the answers: who hears it may end the process.
void Replication::tell_broken() {
    if (!untold_) return;
    Settled settled;
    settled.broken = std::move(*untold_);
    untold_.reset();
    setup_.deliver(std::move(settled));
}

// Batches of ours.

base::Error Replication::not_leader() const {
    return {base::ErrorKind::kUnavailable, "another node owns the writes"};
}

void Replication::run(TakenBatch& batch, const BatchLimits& limits) {
    if (!is_leading_ || stalled_) {
        const Done done = is_leading_ ? Done{Outcome::kRefused, stalled_->within("entries wait")}
                                      : Done{Outcome::kNotLeader, not_leader()};
        BatchResult result;
        result.answers.assign(batch.changes().size(), done);
        return settle(std::move(result), batch.answered(batch.changes().size()));
    }
    const auto begun = std::chrono::steady_clock::now();
    auto ran = hold_batch(*setup_.env.get(), batch.changes(), last_batch() + 1, limits);
    auto who = batch.answered(ran.result.answers.size());
    if (ran.is_refused) return settle(std::move(ran.result), std::move(who));
    const BatchId id{origin_, next_number_++};
    auto entry = encode_entry(id, ran.result.writes);
    held_ = Held{id, std::move(ran.result), std::move(ran.txn), std::move(who), begun};
    journal_->propose(id, std::move(entry));
}

void Replication::abandon() {
    if (held_) answer_held(unknown("the outcome of the batch is not known"));
}

// A refusal too may rest on what others of the batch wrote.
void Replication::answer_held(const Done& all) {
    Held held = std::move(*held_);
    held_.reset();
    held.result.writes = {};
    held.result.answers.assign(held.result.answers.size(), all);
    settle(std::move(held.result), std::move(held.who));
}

void Replication::settle(BatchResult result, std::vector<OnDone> who) {
    Settled settled;
    settled.writes = std::move(result.writes);
    settled.faults = std::move(result.faults);
    for (size_t i = 0; i < who.size(); ++i)
        settled.answers.push_back({std::move(who[i]), std::move(result.answers[i])});
    setup_.deliver(std::move(settled));
}

}  // namespace store
