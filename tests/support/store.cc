// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/store.h"

#include <optional>

#include "tests/support/loop.h"
#include "tests/support/test.h"

namespace test {

StoreBench::StoreBench(const std::function<void(store::StoreConfig&)>& adjust) {
    config_.directory = dir_ / "store";
    config_.quota.reserve = 0;  // the machine that runs tests may have little disk
    if (adjust) adjust(config_);
    auto made = loop::Loop::create();
    CHECK_OK(made);
    loop_ = std::move(*made);
    reopen();
}

StoreBench::~StoreBench() = default;

void StoreBench::reopen() {
    store_.reset();
    auto opened = store::LmdbStore::open(config_, *loop_, logs::Log::discard());
    CHECK_OK(opened);
    store_ = std::move(*opened);
}

void StoreBench::run_until(const std::function<bool()>& is_done) { test::run_until(*loop_, is_done); }

store::Done StoreBench::submit(store::Change change, store::Urgency urgency) {
    std::optional<store::Done> answer;
    store_->submit(
        std::move(change), [&](const store::Done& done) { answer = done; }, urgency);
    run_until([&] { return answer.has_value(); });
    return *answer;
}

base::Result<void> StoreBench::commit(store::Change change) {
    const store::Done done = submit(std::move(change));
    if (done.outcome == store::Outcome::kOk) return {};
    return done.error.within(store::to_string(done.outcome));
}

std::optional<std::string> StoreBench::get(std::string_view table, std::string_view key) {
    return store_->read()->get(table, key);
}

store::Change put_row(std::string table, std::string key, std::string value) {
    return [table = std::move(table), key = std::move(key),
            value = std::move(value)](store::Transaction& txn) -> base::Result<void> {
        txn.put(table, key, value);
        return {};
    };
}

}  // namespace test
