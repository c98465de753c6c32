// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/commit_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace store {
namespace {

constexpr size_t kBatchMax = 1024;
constexpr std::chrono::milliseconds kBulkPatience{250};

}  // namespace

TakenBatch::TakenBatch(std::vector<Waiting> batch) : waiting_(std::move(batch)) {
    changes_.reserve(waiting_.size());
    for (auto& one : waiting_) changes_.push_back(std::move(one.change));
}

std::vector<OnDone> TakenBatch::answered(size_t count) {
    std::vector<OnDone> who;
    who.reserve(count);
    for (size_t i = 0; i < count; ++i) who.push_back(std::move(waiting_[i].on_done));
    for (size_t i = count; i < waiting_.size(); ++i) waiting_[i].change = std::move(changes_[i]);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    changes_.clear();
    return who;
}

std::vector<Waiting> TakenBatch::rest() { return std::move(waiting_); }

CommitQueue::Pushed CommitQueue::push(Waiting& waiting) {
    {
        std::lock_guard hold{mutex_};
        auto& line = line_of(waiting.urgency);
        if (is_closed_) return Pushed::kClosed;
        if (line.size() >= limit_) return Pushed::kFull;
        line.push_back(std::move(waiting));
        urgent_count_ = urgent_.size();
    }
    something_.notify_one();
    return Pushed::kYes;
}

bool CommitQueue::bulk_is_due() const {
    if (bulk_.empty()) return false;
    return urgent_.empty() || std::chrono::steady_clock::now() - bulk_.front().since >= kBulkPatience;
}

bool CommitQueue::push(JournalEvent& event) {
    {
        std::lock_guard hold{mutex_};
        if (is_closed_) return false;
        events_.push_back(std::move(event));
    }
    something_.notify_one();
    return true;
}

CommitQueue::Work CommitQueue::next(Take take, std::optional<std::chrono::steady_clock::time_point> until) {
    std::unique_lock hold{mutex_};
    const auto has_changes = [&] { return take == Take::kAll && !(urgent_.empty() && bulk_.empty()); };
    const auto is_ready = [&] { return is_closed_ || !events_.empty() || has_changes(); };
    if (!until) {
        something_.wait(hold, is_ready);
    } else if (!something_.wait_until(hold, *until, is_ready)) {
        return {};
    }
    if (!events_.empty()) return {std::exchange(events_, {}), {}};
    if (has_changes()) return {{}, take_batch()};
    return {{}, {}, true};
}

std::vector<Waiting> CommitQueue::take_batch() {
    auto& line = bulk_is_due() ? bulk_ : urgent_;
    const auto count = static_cast<std::ptrdiff_t>(std::min(line.size(), kBatchMax));
    std::vector<Waiting> batch(std::make_move_iterator(line.begin()),
                               std::make_move_iterator(line.begin() + count));
    line.erase(line.begin(), line.begin() + count);
    urgent_count_ = urgent_.size();
    return batch;
}

void CommitQueue::put_back(std::vector<Waiting> rest) {
    if (rest.empty()) return;
    std::lock_guard hold{mutex_};
    auto& line = line_of(rest.front().urgency);
    line.insert(line.begin(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
    urgent_count_ = urgent_.size();
}

void CommitQueue::close() {
    {
        std::lock_guard hold{mutex_};
        is_closed_ = true;
    }
    something_.notify_one();
}

size_t CommitQueue::size() const {
    std::lock_guard hold{mutex_};
    return urgent_.size() + bulk_.size();
}

std::chrono::milliseconds CommitQueue::oldest() const {
    using std::chrono::steady_clock;
    std::lock_guard hold{mutex_};
    const auto now = steady_clock::now();
    auto since = now;
    for (const auto* line : {&urgent_, &bulk_})
        if (!line->empty()) since = std::min(since, line->front().since);
    return std::chrono::ceil<std::chrono::milliseconds>(now - since);
}

}  // namespace store
