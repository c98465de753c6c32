// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/meta.h"

#include "tests/support/store.h"
#include "tests/support/test.h"

namespace {

using store::LmdbStore;
using store::StoreConfig;
using test::StoreBench;

base::Result<std::unique_ptr<LmdbStore>> open_at(StoreBench& bench, uint32_t level) {
    bench.close();
    StoreConfig config;
    config.directory = bench.directory();
    config.schema_level = level;
    return LmdbStore::open(config, bench.loop(), logs::Log::discard());
}

void a_new_store_is_at_the_level_of_the_release_that_made_it() {
    StoreBench bench([](StoreConfig& config) { config.schema_level = 4; });
    CHECK_EQ(*store::schema_level(*bench.store().read()), 4U);
}

void a_newer_release_leaves_the_level_until_it_is_raised() {
    StoreBench bench;
    auto newer = open_at(bench, 2);
    CHECK_OK(newer);
    CHECK_EQ(*store::schema_level(*(*newer)->read()), 1U);
    newer->reset();
    CHECK_OK(open_at(bench, 1));  // the old release can go back
}

void a_level_above_what_the_release_knows_is_refused_with_a_sentence() {
    StoreBench bench([](StoreConfig& config) { config.schema_level = 2; });
    const auto older = open_at(bench, 1);
    CHECK(!older);
    CHECK_EQ(older.error().kind, base::ErrorKind::kRefused);
    CHECK(older.error().text.find("level 2") != std::string::npos);
}

void raising_is_a_change_and_lowering_is_refused() {
    StoreBench bench;
    CHECK_OK(bench.commit([](store::Transaction& txn) { return store::raise_schema_level(txn, 3); }));
    CHECK_EQ(*store::schema_level(*bench.store().read()), 3U);
    const auto lower =
        bench.commit([](store::Transaction& txn) { return store::raise_schema_level(txn, 2); });
    CHECK_EQ(lower.error().kind, base::ErrorKind::kRefused);
    CHECK(!open_at(bench, 2));
}

}  // namespace

GROUP(store_meta, CASE(a_new_store_is_at_the_level_of_the_release_that_made_it),
      CASE(a_newer_release_leaves_the_level_until_it_is_raised),
      CASE(a_level_above_what_the_release_knows_is_refused_with_a_sentence),
      CASE(raising_is_a_change_and_lowering_is_refused))
