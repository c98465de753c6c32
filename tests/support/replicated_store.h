// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The real store behind a journal that the test plays.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/store/entry.h"
#include "tests/support/journal.h"
#include "tests/support/store.h"

namespace test {

// An entry as another node would have proposed it: one row put in table "t".
inline base::Bytes foreign_entry(const std::string& key, const std::string& value, uint64_t number = 1) {
    store::WriteSet writes;
    writes.put("t", key, value);
    return store::encode_entry({4711, number}, writes);
}

struct ReplicatedBench {
    explicit ReplicatedBench(const std::function<void(store::StoreConfig&)>& adjust = {})
        : bench([&](store::StoreConfig& config) {
              config.may_be_member = true;
              config.retry_after = std::chrono::milliseconds{5};
              if (adjust) adjust(config);
          }) {
        connect();
    }
    ~ReplicatedBench() {
        if (sink != nullptr) sink->detach().get();
    }

    void connect() { sink = &bench.store().replicate(journal); }
    // As after the end of the process; what the journal said last is not forgotten.
    void restart() {
        sink->detach().get();
        bench.reopen();
        connect();
    }

    // Submits one that puts a row in "t"; its outcome comes in order with the others'.
    void submit(const std::string& key, const std::string& value) { submit(put_row("t", key, value)); }
    void submit(store::Change change) {
        const size_t place = answers.size();
        answers.emplace_back();
        bench.store().submit(std::move(change),
                             [this, place](const store::Done& done) { answers[place] = done; });
    }
    store::Outcome outcome(size_t place) {
        bench.run_until([&] { return answers.at(place).has_value(); });
        return answers[place]->outcome;
    }
    // Everything said to the sink before has been handled, and the loop has heard of it.
    void settle() {
        (void)sink->sync().get();
        bool done = false;
        bench.loop().post([&] { done = true; });
        bench.run_until([&] { return done; });
    }
    std::string get(const std::string& key) { return bench.get("t", key).value_or("none"); }

    FakeJournal journal;
    StoreBench bench;
    store::JournalSink* sink = nullptr;
    std::vector<std::optional<store::Done>> answers;
};

}  // namespace test
