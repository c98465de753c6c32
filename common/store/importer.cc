// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/importer.h"

#include <algorithm>
#include <utility>

namespace store {
namespace {

constexpr size_t kCollectRows = 1000;
constexpr std::chrono::milliseconds kBackOffMax{5'000};

bool may_pass(const Done& done) {
    if (done.outcome != Outcome::kRefused) return true;
    using base::ErrorKind;
    return done.error.kind == ErrorKind::kUnavailable || done.error.kind == ErrorKind::kLimit ||
           done.error.kind == ErrorKind::kTimeout || done.error.kind == ErrorKind::kIo;
}

}  // namespace

Importer::Importer(Setup setup) : setup_(std::move(setup)), alive_(std::make_shared<Alive>(Alive{this})) {}
Importer::~Importer() = default;

void Importer::start() { submit(); }

void Importer::submit() {
    found_ = std::make_shared<Found>();  // a change that was answered kUnknown may still write to the old one
    setup_.store.submit(
        change(),
        [weak = std::weak_ptr(alive_)](const Done& done) {
            if (const auto alive = weak.lock()) alive->importer->answered(done);
        },
        Urgency::kBulk);
}

Change Importer::change() const {
    const auto& import = setup_.import;
    const auto& token = setup_.token;
    switch (step_) {
        case Step::kBegin:
            return [import, token, found = found_](Transaction& txn) -> base::Result<void> {
                const auto begun = begin_import(txn, import, token);
                if (!begun) return begun.error();
                found->next_chunk = begun->next_chunk;
                return {};
            };
        case Step::kChunk:
            return [import, token, chunk = chunk_, rows = rows_under_way_](Transaction& txn) {
                return put_chunk(txn, import, token, chunk, *rows);
            };
        case Step::kFinish:
            return [import, token, chunks = chunk_](Transaction& txn) {
                return finish_import(txn, import, token, chunks);
            };
        case Step::kCollect:
            return [found = found_](Transaction& txn) -> base::Result<void> {
                found->has_more = collect_imports(txn, kCollectRows);
                return {};
            };
    }
    return {};
}

void Importer::answered(const Done& done) {
    if (done.outcome == Outcome::kOk) {
        waited_ = {};
        back_off_ = setup_.first_back_off;
        went_well();
    } else if (step_ == Step::kCollect) {
        end(rows_);  // the next import collects
    } else if (may_pass(done) && waited_ < setup_.patience) {
        try_again();
    } else {
        end(done.error);
    }
}

void Importer::try_again() {
    back_off_ = std::clamp(back_off_, setup_.first_back_off, kBackOffMax);
    waited_ += back_off_;
    timer_ = setup_.timers.after(back_off_, [this] { submit(); });
    back_off_ *= 2;
}

void Importer::went_well() {
    switch (step_) {
        case Step::kBegin:
            skip_ = found_->next_chunk;
            step_ = Step::kChunk;
            return next_chunk();
        case Step::kChunk:
            ++chunk_;
            return next_chunk();
        case Step::kFinish:
            step_ = Step::kCollect;
            return submit();
        case Step::kCollect:
            return found_->has_more ? submit() : end(rows_);
    }
}

// Also past those that an earlier attempt has put, one in a turn of the loop.
void Importer::next_chunk() {
    auto rows = read_chunk();
    if (!rows) return end(rows.error());
    if (rows->empty()) {
        step_ = Step::kFinish;
        return submit();
    }
    rows_ += rows->size();
    if (chunk_ < skip_) {
        ++chunk_;
        timer_ = setup_.timers.after(std::chrono::microseconds{0}, [this] { next_chunk(); });
        return;
    }
    rows_under_way_ = std::make_shared<const std::vector<ImportedRow>>(std::move(*rows));
    submit();
}

base::Result<std::vector<ImportedRow>> Importer::read_chunk() {
    std::vector<ImportedRow> rows;
    size_t bytes = 0;
    while (true) {
        if (!left_over_) {
            auto row = setup_.next();
            if (!row) return row.error();
            if (!*row) return rows;
            left_over_ = std::move(*row);
        }
        bytes += chunk_bytes(setup_.import, {*left_over_});
        if (bytes > kChunkBytesMax && !rows.empty()) return rows;
        rows.push_back(*std::exchange(left_over_, std::nullopt));
    }
}

void Importer::end(const base::Result<uint64_t>& result) {
    timer_.reset();
    if (const auto told = std::exchange(setup_.on_end, nullptr)) told(result);
}

}  // namespace store
