// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The real store in a fresh directory, with a loop, for unit tests that need one.
//
//     test::StoreBench bench;
//     CHECK_OK(bench.commit([](store::Transaction& txn) { txn.put("alert", "a", "1"); return
//     base::Result<void>(); })); CHECK_EQ(*bench.store().read()->get("alert", "a"), "1");
#pragma once

#include <functional>
#include <memory>

#include "common/loop/loop.h"
#include "common/store/lmdb_store.h"
#include "tests/support/temp_dir.h"

namespace test {

class StoreBench {
 public:
    // `adjust` may change the configuration; the directory is set before.
    explicit StoreBench(const std::function<void(store::StoreConfig&)>& adjust = {});
    ~StoreBench();

    loop::Loop& loop() { return *loop_; }
    store::LmdbStore& store() { return *store_; }
    const std::filesystem::path& directory() const { return config_.directory; }

    // Runs the loop until `is_done`; fails the case after ten seconds of real time.
    void run_until(const std::function<bool()>& is_done);
    // Submits and runs the loop until the answer is there.
    store::Done submit(store::Change change, store::Urgency urgency = store::Urgency::kUrgent);
    // submit() for a change that must be stored; the error says what came instead.
    base::Result<void> commit(store::Change change);
    std::optional<std::string> get(std::string_view table, std::string_view key);

    // Closes the store and opens it again on the same directory.
    void reopen();
    // For the next reopen().
    store::StoreConfig& config() { return config_; }
    void close() { store_.reset(); }

 private:
    TempDir dir_;
    store::StoreConfig config_;
    std::unique_ptr<loop::Loop> loop_;
    std::unique_ptr<store::LmdbStore> store_;
};

// A change that puts one row.
store::Change put_row(std::string table, std::string key, std::string value);

}  // namespace test
