// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/batch.h"

#include <sys/stat.h>

#include <map>
#include <stdexcept>

#include "common/store/meta.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

namespace {

using base::ErrorKind;
using base::Result;
using store::BatchResult;
using store::Change;
using store::LmdbEnv;
using store::Outcome;
using store::Transaction;

// An environment, and batches run on it one after another.
struct Fixture {
    test::TempDir dir;
    std::unique_ptr<LmdbEnv> env = open(dir / "env");
    store::Quota quota{uint64_t{1} << 40, 0, 0, {"alert"}};
    size_t entry_bytes = 100'000;
    std::function<bool()> yield = nullptr;
    uint64_t next_id = 1;

    static std::unique_ptr<LmdbEnv> open(const std::string& path) {
        auto env = LmdbEnv::open(path, uint64_t{1} << 30);
        CHECK_OK(env);
        CHECK_OK(store::open_meta(**env, 1));
        return std::move(*env);
    }
    BatchResult run(const std::vector<Change>& changes) {
        return run_batch(*env, changes, next_id++, {entry_bytes, &quota, yield});
    }
    std::string get(std::string_view key) { return env->begin_read()->get("t", key).value_or("none"); }
};

Change put(std::string key, std::string value, std::string table = "t") {
    return [=](Transaction& txn) -> Result<void> {
        txn.put(table, key, value);
        return {};
    };
}

Change refuse() {
    return [](Transaction&) -> Result<void> { return base::conflict("no"); };
}

std::string outcomes(const BatchResult& result) {
    std::string out;
    for (const auto& done : result.answers) out += done.outcome == Outcome::kOk ? '+' : '-';
    return out;
}

void a_refusal_leaves_its_neighbours_alone() {
    Fixture f;
    CHECK_EQ(outcomes(f.run({put("a", "1"), refuse(), put("b", "2")})), "+-+");
    CHECK_EQ(f.get("a") + f.get("b"), "12");
}

void a_no_after_a_write_leaves_no_trace_and_is_reported() {
    Fixture f;
    const Change faulty = [](Transaction& txn) -> Result<void> {
        txn.put("t", "a", "wrong");
        txn.erase("t", "old");
        return base::conflict("too late");
    };
    CHECK_EQ(outcomes(f.run({put("old", "0")})), "+");
    const auto result = f.run({put("a", "1"), faulty, put("b", "2")});
    CHECK_EQ(outcomes(result), "+-+");
    CHECK_EQ(f.get("old") + f.get("a") + f.get("b"), "012");
    CHECK_EQ(result.faults.size(), size_t{1});
    CHECK(result.answers[1].error.text.find("internal error") != std::string::npos);
    CHECK_EQ(result.writes.rows().size(), size_t{2});  // nothing of the faulty one
}

void an_exception_is_a_fault_of_its_change_only() {
    Fixture f;
    const Change throws = [](Transaction& txn) -> Result<void> {
        txn.put("t", "a", "wrong");
        throw std::runtime_error("no such member");
    };
    const auto result = f.run({throws, put("b", "2")});
    CHECK_EQ(outcomes(result), "-+");
    CHECK_EQ(f.get("a") + f.get("b"), "none2");
    CHECK(result.faults.at(0).find("no such member") != std::string::npos);
}

void a_key_that_is_too_long_is_refused_and_costs_nobody_else() {
    Fixture f;
    const auto result = f.run({put("a", "1"), put(std::string(511, 'k'), "x"), put("b", "2")});
    CHECK_EQ(outcomes(result), "+-+");
    CHECK_EQ(result.answers[1].error.kind, ErrorKind::kInvalid);
    CHECK_EQ(outcomes(f.run({put(std::string(509, 'k'), "x")})), "+");
    CHECK_EQ(f.get(std::string(509, 'k')), "x");
    CHECK_EQ(f.get(std::string(600, 'k')), "none");
}

void a_change_larger_than_an_entry_is_refused_with_limit() {
    Fixture f;
    const auto result = f.run({put("a", "1"), put("big", std::string(100'001, 'x')), put("b", "2")});
    CHECK_EQ(outcomes(result), "+-+");
    CHECK_EQ(result.answers[1].error.kind, ErrorKind::kLimit);
}

void a_batch_ends_before_it_is_larger_than_an_entry() {
    Fixture f;
    const std::string half(60'000, 'x');
    const auto result = f.run({put("a", half), put("b", half), put("c", "1")});
    CHECK_EQ(outcomes(result), "+");  // the others wait for the next batch
    CHECK(result.writes.bytes() <= f.entry_bytes);
    CHECK_EQ(f.get("b"), "none");
}

void a_slice_ends_when_it_is_asked_to_but_does_something() {
    Fixture f;
    f.yield = [] { return true; };
    CHECK_EQ(outcomes(f.run({put("a", "1"), put("b", "2")})), "+");
}

void without_room_essential_tables_and_erasing_go_on() {
    Fixture f;
    CHECK_EQ(outcomes(f.run({put("old", "0")})), "+");
    f.quota.reserve = uint64_t{1} << 41;  // more than there is
    const Change erase = [](Transaction& txn) -> Result<void> {
        txn.erase("t", "old");
        return {};
    };
    const auto result = f.run({put("a", "1"), put("x", "1", "alert"), erase});
    CHECK_EQ(outcomes(result), "-++");
    CHECK_EQ(result.answers[0].error.kind, ErrorKind::kLimit);
    f.quota.batch_margin = uint64_t{1} << 41;
    CHECK_EQ(outcomes(f.run({put("y", "1", "alert")})), "-");
}

void a_full_map_refuses_the_whole_batch_and_the_next_one_goes() {
    Fixture f;
    f.env.reset();
    auto small = LmdbEnv::open(f.dir / "small", 256 << 10);
    CHECK_OK(small);
    CHECK_OK(store::open_meta(**small, 1));
    f.env = std::move(*small);
    f.entry_bytes = 10 << 20;
    const auto result = f.run({put("a", "1"), put("big", std::string(1 << 20, 'x')), put("b", "2")});
    CHECK_EQ(outcomes(result), "---");
    for (const auto& done : result.answers) CHECK_EQ(done.error.kind, ErrorKind::kLimit);
    CHECK(result.writes.empty());
    CHECK_EQ(f.get("a"), "none");
    CHECK_EQ(outcomes(f.run({put("a", "1")})), "+");
}

void the_write_set_repeats_the_batch_elsewhere() {
    Fixture leader;
    Fixture follower;
    for (int round = 0; round < 20; ++round) {
        std::vector<Change> changes;
        for (int i = 0; i < 10; ++i) {
            const std::string key = std::to_string((round * 7 + i * 3) % 23);
            if (i % 4 == 3) {
                changes.push_back([key](Transaction& txn) -> Result<void> {
                    txn.erase("t", key);
                    return {};
                });
            } else {
                changes.push_back(put(key, std::to_string(round)));
            }
        }
        const auto result = leader.run(changes);
        CHECK_EQ(result.writes.batch_id, static_cast<uint64_t>(round + 1));
        follower.run({[&](Transaction& txn) -> Result<void> {
            for (const auto& row : result.writes.rows()) {
                if (row.value) {
                    txn.put(row.table, row.key, *row.value);
                } else {
                    txn.erase(row.table, row.key);
                }
            }
            return {};
        }});
    }
    const auto content = [](Fixture& f) {
        std::map<std::string, std::string> rows;
        f.env->begin_read()->scan("t", {}, {}, [&](std::string_view key, std::string_view value) {
            rows.emplace(key, value);
            return true;
        });
        return rows;
    };
    CHECK(!content(leader).empty());
    CHECK(content(leader) == content(follower));
}

void a_scan_sees_rows_once_while_it_writes_and_erases_among_them() {
    Fixture f;
    std::string seen;
    f.run({[&](Transaction& txn) -> Result<void> {
        for (const char* key : {"a1", "a2", "a3", "a4", "b1"}) txn.put("t", key, "x");
        txn.put("s", "a0", "another table");
        txn.put("u", "a9", "another table");
        txn.scan("t", "a", "a2", [&](std::string_view key, std::string_view) {
            seen += std::string(key) + " ";
            txn.erase("t", key);
            txn.put("t", "a0" + std::string(key), std::string(5000, 'y'));
            return key != "a4";
        });
        return {};
    }});
    CHECK_EQ(seen, "a2 a3 a4 ");
}

void the_last_of_the_room_is_for_changes_that_say_so() {
    Fixture f;
    f.quota = {1, 0, 1, {"*"}};
    const Change ends_something = [](Transaction& txn) -> Result<void> {
        txn.may_take_last_room();
        txn.put("t", "b", "2");
        return {};
    };
    CHECK_EQ(outcomes(f.run({put("a", "1"), ends_something, put("c", "3")})), "-+-");
    CHECK_EQ(f.get("a") + f.get("b") + f.get("c"), "none2none");
}

// Those blocks are what such a change is written to when the disk has no other.
void the_file_has_blocks_behind_its_end() {
    Fixture f;
    const std::string file = std::string(f.dir.path()) + "/env/data.mdb";
    const auto behind = [&] {
        struct stat found {};
        CHECK_EQ(stat(file.c_str(), &found), 0);
        return static_cast<uint64_t>(found.st_blocks) * 512 - static_cast<uint64_t>(found.st_size);
    };
    for (int i = 0; i < 80; ++i) {
        CHECK(behind() >= store::kKeptRoom / 2);
        CHECK_EQ(outcomes(f.run({put(std::to_string(i), std::string(60'000, 'x'))})), "+");
    }
}

}  // namespace

GROUP(batch, CASE(a_refusal_leaves_its_neighbours_alone),
      CASE(a_no_after_a_write_leaves_no_trace_and_is_reported),
      CASE(an_exception_is_a_fault_of_its_change_only),
      CASE(a_key_that_is_too_long_is_refused_and_costs_nobody_else),
      CASE(a_change_larger_than_an_entry_is_refused_with_limit),
      CASE(a_batch_ends_before_it_is_larger_than_an_entry),
      CASE(a_slice_ends_when_it_is_asked_to_but_does_something),
      CASE(without_room_essential_tables_and_erasing_go_on),
      CASE(a_full_map_refuses_the_whole_batch_and_the_next_one_goes),
      CASE(the_write_set_repeats_the_batch_elsewhere),
      CASE(a_scan_sees_rows_once_while_it_writes_and_erases_among_them),
      CASE(the_last_of_the_room_is_for_changes_that_say_so), CASE(the_file_has_blocks_behind_its_end))
