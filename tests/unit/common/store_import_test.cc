// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/import.h"

#include <map>

#include "common/store/delaying_store.h"
#include "common/store/importer.h"
#include "tests/support/store.h"
#include "tests/support/test.h"

namespace {

using base::ErrorKind;
using base::Result;
using store::Imported;
using store::ImportedRow;
using store::Transaction;
using test::StoreBench;

const store::ImportName kCells{"cells", "cell"};

base::Uuid token(int n) {
    std::array<uint8_t, 16> octets{};
    octets[0] = static_cast<uint8_t>(n);
    return base::Uuid(octets);
}

struct Bench : StoreBench {
    Result<void> begin(int n) {
        return commit([n](Transaction& txn) -> Result<void> {
            const auto begun = store::begin_import(txn, kCells, token(n));
            return begun ? Result<void>() : begun.error();
        });
    }
    Result<void> put(int n, uint64_t chunk, std::vector<ImportedRow> rows) {
        return commit([=](Transaction& txn) { return store::put_chunk(txn, kCells, token(n), chunk, rows); });
    }
    Result<void> finish(int n, uint64_t chunks) {
        return commit([=](Transaction& txn) { return store::finish_import(txn, kCells, token(n), chunks); });
    }
    void collect() {
        bool more = true;
        while (more) {
            CHECK_OK(commit([&](Transaction& txn) -> Result<void> {
                more = store::collect_imports(txn, 3);
                return {};
            }));
        }
    }
    // Rows under every generation.
    size_t rows() {
        size_t count = 0;
        store().read()->scan("cell", {}, {}, [&](std::string_view, std::string_view) { return ++count > 0; });
        return count;
    }
    std::string seen() {
        const auto reader = store().read();
        std::string all;
        Imported(*reader, kCells).scan({}, {}, [&](std::string_view key, std::string_view value) {
            all += std::string(key) + "=" + std::string(value) + " ";
            return true;
        });
        return all;
    }
};

void rows_are_seen_when_the_pointer_moves_and_not_before() {
    Bench b;
    CHECK_OK(b.begin(1));
    CHECK_OK(b.put(1, 0, {{"a", "1"}}));
    CHECK_OK(b.put(1, 1, {{"b", "1"}}));
    CHECK_EQ(b.seen(), "");
    CHECK_OK(b.finish(1, 2));
    CHECK_EQ(b.seen(), "a=1 b=1 ");
    CHECK_OK(b.begin(2));
    CHECK_OK(b.put(2, 0, {{"b", "2"}, {"c", "2"}}));
    CHECK_EQ(b.seen(), "a=1 b=1 ");
    const auto before = b.store().read();
    CHECK_OK(b.finish(2, 1));
    b.collect();
    CHECK_EQ(b.seen(), "b=2 c=2 ");
    CHECK_EQ(b.rows(), size_t{2});
    CHECK_EQ(Imported(*before, kCells).get("a").value_or("none"), "1");
    CHECK_EQ(Imported(*b.store().read(), kCells).get("a").value_or("none"), "none");
}

void every_step_may_be_repeated() {
    Bench b;
    for (int i = 0; i < 2; ++i) CHECK_OK(b.begin(1));
    for (int i = 0; i < 2; ++i) CHECK_OK(b.put(1, 0, {{"a", "1"}}));
    CHECK_OK(b.put(1, 1, {{"b", "1"}}));
    CHECK_OK(b.put(1, 0, {{"a", "late"}}));
    CHECK_OK(b.begin(1));
    for (int i = 0; i < 2; ++i) CHECK_OK(b.finish(1, 2));
    CHECK_EQ(b.seen(), "a=1 b=1 ");
    // Late repeats of a finished import do nothing any more.
    CHECK_EQ(b.begin(1).error().kind, ErrorKind::kConflict);
    CHECK_EQ(b.put(1, 2, {{"c", "1"}}).error().kind, ErrorKind::kConflict);
    CHECK_EQ(b.seen(), "a=1 b=1 ");
}

void an_import_that_is_overtaken_is_refused_and_its_rows_are_collected() {
    Bench b;
    CHECK_OK(b.begin(1));
    CHECK_OK(b.put(1, 0, {{"a", "1"}, {"b", "1"}, {"c", "1"}, {"d", "1"}}));
    CHECK_OK(b.begin(2));
    CHECK_EQ(b.put(1, 1, {{"e", "1"}}).error().kind, ErrorKind::kConflict);
    CHECK_EQ(b.finish(1, 1).error().kind, ErrorKind::kConflict);
    CHECK_OK(b.put(2, 0, {{"x", "2"}}));
    b.collect();
    CHECK_EQ(b.rows(), size_t{1});
    CHECK_OK(b.finish(2, 1));
    CHECK_EQ(b.seen(), "x=2 ");
}

void chunks_come_in_order_and_all_of_them() {
    Bench b;
    CHECK_OK(b.begin(1));
    CHECK_EQ(b.put(1, 1, {{"b", "1"}}).error().kind, ErrorKind::kConflict);
    CHECK_OK(b.put(1, 0, {{"a", "1"}}));
    CHECK_EQ(b.finish(1, 2).error().kind, ErrorKind::kConflict);
    CHECK_EQ(b.finish(1, 0).error().kind, ErrorKind::kConflict);
    CHECK_EQ(b.put(1, 1, {{"big", std::string(store::kChunkBytesMax, 'x')}}).error().kind, ErrorKind::kLimit);
    CHECK_OK(b.finish(1, 1));
}

// A source of `count` rows of some size, from the beginning.
std::function<Result<std::optional<ImportedRow>>()> rows_of(int count, const std::string& value) {
    return [=, i = 0]() mutable -> Result<std::optional<ImportedRow>> {
        if (i == count) return std::optional<ImportedRow>();
        return std::optional(ImportedRow{std::to_string(100'000 + i++), value});
    };
}

void an_importer_brings_everything_through_a_bad_day() {
    for (const uint64_t seed : {1, 2, 3}) {
        StoreBench bench;
        store::DelayingStore delaying{
            bench.store(), bench.loop(), {seed, std::chrono::microseconds{2'000}, 200, 100}};
        for (int round = 0; round < 2; ++round) {
            std::optional<Result<uint64_t>> ended;
            store::Importer importer{{delaying, bench.loop(), kCells, token(round),
                                      rows_of(900, std::string(9'000, static_cast<char>('a' + round))),
                                      [&](const Result<uint64_t>& result) { ended = result; },
                                      std::chrono::milliseconds{1}}};
            importer.start();
            bench.run_until([&] { return ended.has_value(); });
            CHECK_OK(*ended);
            CHECK_EQ(**ended, uint64_t{900});
        }
        const auto reader = bench.store().read();
        size_t count = 0;
        Imported(*reader, kCells).scan({}, {}, [&](std::string_view, std::string_view value) {
            CHECK_EQ(value.size(), size_t{9'000});
            CHECK_EQ(value.front(), 'b');
            return ++count > 0;
        });
        CHECK_EQ(count, size_t{900});
    }
}

void an_importer_that_gave_up_goes_on_with_the_same_token() {
    StoreBench bench;
    std::optional<Result<uint64_t>> ended;
    const auto import = [&](std::function<Result<std::optional<ImportedRow>>()> next) {
        ended.reset();
        store::Importer importer{{bench.store(), bench.loop(), kCells, token(1), std::move(next),
                                  [&](const Result<uint64_t>& result) { ended = result; }}};
        importer.start();
        bench.run_until([&] { return ended.has_value(); });
    };
    const std::string value(100'000, 'v');
    import([rows = rows_of(20, value), i = 0]() mutable -> Result<std::optional<ImportedRow>> {
        if (++i > 13) return base::Error{ErrorKind::kIo, "the file ends"};
    return rows();
});
CHECK(!*ended);
CHECK_EQ(ended->error().text, "the file ends");
const uint64_t batches = bench.store().figures().batches;
import(rows_of(20, value));
CHECK_OK(*ended);
CHECK_EQ(**ended, uint64_t{20});
CHECK(bench.store().figures().batches - batches <= 4);  // two chunks were there
size_t count = 0;
Imported(*bench.store().read(), kCells).scan({}, {}, [&](auto, auto) { return ++count > 0; });
CHECK_EQ(count, size_t{20});
}  // namespace

}  // namespace

GROUP(store_import, CASE(rows_are_seen_when_the_pointer_moves_and_not_before),
      CASE(every_step_may_be_repeated),
      CASE(an_import_that_is_overtaken_is_refused_and_its_rows_are_collected),
      CASE(chunks_come_in_order_and_all_of_them), CASE(an_importer_brings_everything_through_a_bad_day),
      CASE(an_importer_that_gave_up_goes_on_with_the_same_token))
