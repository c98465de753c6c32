// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A journal that a test plays by hand: it keeps what the store proposes until the test says what became of
// it.
//
//     journal.sink->lead();
//     store.submit(...);
//     const auto proposed = journal.next();                       // waits for the store thread
//     journal.sink->committed(1, proposed.entry);
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include "common/store/journal.h"
#include "tests/support/test.h"

namespace test {

struct Proposal {
    store::BatchId batch;
    base::Bytes entry;
};

class FakeJournal final : public store::Journal {
 public:
    void propose(store::BatchId batch, base::Bytes entry) override {
        {
            std::lock_guard hold{mutex_};
            proposals_.push_back({batch, std::move(entry)});
        }
        something_.notify_one();
    }

    // Fails the case after ten seconds of real time.
    Proposal next() {
        std::unique_lock hold{mutex_};
        const bool came =
            something_.wait_for(hold, std::chrono::seconds{10}, [&] { return !proposals_.empty(); });
        if (!came) fail_at(__FILE__, __LINE__, "waited ten seconds for a proposal");
        auto first = std::move(proposals_.front());
        proposals_.pop_front();
        return first;
    }
    size_t size() const {
        std::lock_guard hold{mutex_};
        return proposals_.size();
    }

 private:
    mutable std::mutex mutex_;
    std::condition_variable something_;
    std::deque<Proposal> proposals_;
};

}  // namespace test
