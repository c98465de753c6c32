// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/audit/audit.h"

#include <vector>

#include "common/store/key.h"
#include "tests/support/store.h"
#include "tests/support/test.h"

namespace {

audit::Entry entry(const std::string& action) {
    return {.time = base::Instant{std::chrono::seconds{1'800'000'000}},
            .actor = "ana",
            .action = action,
            .object = "alert/1",
            .before = "",
            .after = "{\"status\":\"submitted\"}",
            .request_id = "r-1"};
}

struct Written {
    explicit Written(int count) {
        for (int i = 1; i <= count; ++i) {
            CHECK_OK(bench.commit([i](store::Transaction& txn) {
                audit::append(txn, entry("step." + std::to_string(i)));
                return base::Result<void>();
            }));
        }
    }
    std::string verdict(size_t slice = 1000) {
        audit::Verification verification;
        while (!verification.done()) verification.step(*bench.store().read(), slice);
        return verification.valid() ? "valid " + std::to_string(verification.checked())
                                    : verification.broken();
    }
    void overwrite(uint64_t sequence, const std::string& value) {
        CHECK_OK(bench.commit(
            test::put_row(std::string(audit::kTable), store::Key().number(sequence).octets(), value)));
    }
    std::string row(uint64_t sequence) {
        return *bench.get(audit::kTable, store::Key().number(sequence).octets());
    }
    test::StoreBench bench;
};

void records_follow_each_other_and_are_read_back() {
    Written log(3);
    std::vector<audit::Record> records;
    CHECK_OK(audit::read(*log.bench.store().read(), 1, [&](const audit::Record& record) {
        records.push_back(record);
        return true;
    }));
    CHECK_EQ(records.size(), 2u);
    CHECK_EQ(records[0].sequence, 2u);
    CHECK_EQ(records[0].entry.action, "step.2");
    CHECK_EQ(records[1].previous, records[0].hash);
    CHECK_EQ(audit::last_sequence(*log.bench.store().read()), 3u);
    CHECK_EQ(audit::json_line(records[0]),
             "{\"sequence\":2,\"time\":\"2027-01-15T08:00:00Z\",\"actor\":\"ana\",\"action\":\"step.2\","
             "\"object\":\"alert/1\",\"before\":\"\",\"after\":\"{\\\"status\\\":\\\"submitted\\\"}\","
             "\"request_id\":\"r-1\",\"previous\":\"" +
                 records[0].previous + "\",\"hash\":\"" + records[0].hash + "\"}\n");
}

void several_records_of_one_transaction_are_chained_too() {
    test::StoreBench bench;
    CHECK_OK(bench.commit([](store::Transaction& txn) {
        CHECK_EQ(audit::append(txn, entry("one")), 1u);
        CHECK_EQ(audit::append(txn, entry("two")), 2u);
        return base::Result<void>();
    }));
    audit::Verification verification;
    verification.step(*bench.store().read(), 10);
    CHECK(verification.valid());
    CHECK_EQ(verification.checked(), 2u);
}

void a_whole_chain_is_valid_in_any_slices() {
    Written log(7);
    for (const size_t slice : {1u, 2u, 7u, 100u}) CHECK_EQ(log.verdict(slice), "valid 7");
    CHECK_EQ(Written(0).verdict(), "valid 0");
}

void an_altered_record_breaks_the_chain() {
    Written log(5);
    std::string row = log.row(3);
    row.replace(row.find("ana"), 3, "eva");
    log.overwrite(3, row);
    CHECK_EQ(log.verdict(), "record 3 is not the one that record 4 was written after");
}

void a_removed_record_breaks_the_chain() {
    Written log(5);
    const auto erase = [&log](uint64_t sequence) {
        CHECK_OK(log.bench.commit([sequence](store::Transaction& txn) {
            txn.erase(audit::kTable, store::Key().number(sequence).octets());
            return base::Result<void>();
        }));
    };
    erase(5);
    CHECK_EQ(log.verdict(2), "the last record should be 5, not 4");
    erase(2);
    CHECK_EQ(log.verdict(), "record 2 is missing");
}

void an_unreadable_record_is_named() {
    Written log(3);
    log.overwrite(2, "garbage");
    CHECK(log.verdict().starts_with("audit record 2: "));
}

}  // namespace

GROUP(audit, CASE(records_follow_each_other_and_are_read_back),
      CASE(several_records_of_one_transaction_are_chained_too), CASE(a_whole_chain_is_valid_in_any_slices),
      CASE(an_altered_record_breaks_the_chain), CASE(a_removed_record_breaks_the_chain),
      CASE(an_unreadable_record_is_named))
