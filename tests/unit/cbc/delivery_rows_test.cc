// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/store/delivery_rows.h"

#include "cbc/delivery_saver.h"
#include "cbc/store/warning_store.h"
#include "tests/support/cbc.h"
#include "tests/support/replicated_store.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;

const base::Instant kNow = base::FakeClock{}.now();
const DeliveryKey kKey{test::alert_id(1), PeerName{"mme-1"}, MessageIdentifier{4370}};
constexpr uint32_t kCells = 100'000;

Place cell(uint32_t number) { return Place::nr_cell(*PlmnId::parse("001-01"), uint64_t{number} * 7); }

// As after answers for 1,000 cells each, a refusal here and there.
DeliveryRecord large() {
    DeliveryRecord record;
    for (uint32_t number = 0; number < kCells; ++number) {
        CellRecord one;
        one.state = number % 97 == 0 ? DeliveryState::kRefused : DeliveryState::kAccepted;
        if (number % 97 == 0) one.cause = kCauseReportedDown;
        one.since = kNow + std::chrono::milliseconds{number / 1000};
        one.holds = Holds::kYes;
        one.written = Revision{1};
        one.broadcasts = static_cast<uint16_t>(number % 5);
        record.cells.try_emplace(cell(number), one);
    }
    Schedule schedule;
    schedule.start = kNow;
    schedule.end = kNow + std::chrono::hours{1};
    schedule.slots = 8;
    record.plans[Revision{1}] = {SerialNumber{0x4070}, schedule, true};
    return record;
}

// Saves through the store of a cluster, whose entries have their limit.
struct Bench {
    test::ReplicatedBench replicated;
    DeliveryRecord record;
    std::vector<std::function<void()>> later;
    size_t failed = 0;
    size_t rows = 0;     // of cells that were written
    size_t largest = 0;  // entry
    uint64_t index = 0;
    size_t ends = 0;
    DeliverySaver saver{replicated.bench.store(),
                        {.find = [this](const DeliveryKey&) { return &record; },
                         .failed = [this](const base::Error&) { ++failed; },
                         .later = [this](std::function<void()> run) { later.push_back(std::move(run)); }}};

    Bench() { replicated.sink->lead(); }
    ~Bench() { saver.stop(); }

    // Everything that was submitted is stored: changes are taken in order.
    void finish() {
        replicated.bench.store().submit(
            test::put_row("t", "end", std::to_string(++ends)), [](const store::Done&) {},
            store::Urgency::kBulk);
        for (bool ended = false; !ended;) {
            const test::Proposal proposed = replicated.journal.next();
            const auto entry = store::decode_entry(proposed.entry);
            CHECK_OK(entry);
            largest = std::max(largest, proposed.entry.size());
            for (const auto& row : entry->writes.rows()) {
                rows += row.table == kDeliveryCellsTable;
                ended = ended || row.table == "t";
            }
            replicated.sink->committed(++index, proposed.entry);
        }
        replicated.settle();
    }
    // How many rows of cells it took.
    size_t save() {
        rows = 0;
        saver.changed(kKey);
        saver.changed(kKey);
        CHECK_EQ(later.size(), size_t{1});
        for (const auto& run : std::exchange(later, {})) run();
        finish();
        return rows;
    }
    DeliveryRecord load() {
        auto loaded = load_deliveries(*replicated.bench.store().read(), kKey.alert);
        CHECK_OK(loaded);
        return std::move(loaded->at(kKey));
    }
};

void a_hundred_thousand_cells_fit_the_entries_of_a_cluster_and_come_back() {
    Bench bench;
    bench.record = large();
    const size_t blocks = bench.record.cells.blocks().size();
    CHECK_EQ(bench.save(), blocks);
    CHECK_EQ(bench.failed, size_t{0});
    CHECK(bench.largest <= 1024 * 1024);
    CHECK(bench.load() == bench.record);
}

void only_what_has_changed_is_written_again() {
    Bench bench;
    bench.record = large();
    (void)bench.save();
    CHECK_EQ(bench.save(), size_t{0});
    bench.record.cells.find(cell(40'000))->second.state = DeliveryState::kBroadcasting;
    CHECK_EQ(bench.save(), size_t{1});
    CHECK(bench.load() == bench.record);
    bench.record.cells.erase_if([](const auto& entry) { return entry.first > cell(500); });
    CHECK_EQ(bench.record.cells.blocks().size(), size_t{1});
    (void)bench.save();  // one is written, the others are erased
    CHECK(bench.load() == bench.record);
}

void what_comes_while_it_is_stored_is_stored_after_it() {
    Bench bench;
    bench.record.cells.try_emplace(cell(1), {});
    bench.saver.changed(kKey);
    for (const auto& run : std::exchange(bench.later, {})) run();
    bench.record.cells.try_emplace(cell(2), {});
    bench.saver.changed(kKey);
    CHECK(bench.later.empty());
    bench.finish();
    bench.finish();
    CHECK(bench.load() == bench.record);
}

void what_was_not_stored_is_written_again() {
    Bench bench;
    bench.record.cells.try_emplace(cell(1), {});
    bench.replicated.sink->follow();
    bench.saver.changed(kKey);
    for (const auto& run : std::exchange(bench.later, {})) run();
    bench.replicated.bench.run_until([&] { return bench.failed == 2; });  // the head, and the cells
    bench.replicated.sink->lead();
    CHECK_EQ(bench.save(), size_t{1});
    CHECK(bench.load() == bench.record);
}

// Also by their order, and not by what is not written.
void a_fingerprint_is_of_what_is_written() {
    const DeliveryRecord record = large();
    const CellRecords::Block& first = record.cells.blocks().front();
    const uint64_t print = fingerprint(first);
    CHECK_EQ(fingerprint(first), print);
    const auto differs = [&](auto&& change) {
        CellRecords::Block other = first;
        change(other);
        return fingerprint(other) != print;
    };
    CHECK(differs([](auto& block) { block[3].second.state = DeliveryState::kStopped; }));
    CHECK(differs([](auto& block) { block[3].second.cause = sbcap_cause(9); }));
    CHECK(differs([](auto& block) { block[3].second.since += std::chrono::microseconds{1}; }));
    CHECK(differs([](auto& block) { block[3].second.holds = Holds::kMaybe; }));
    CHECK(differs([](auto& block) { block[3].second.hold = Hold::kForGood; }));
    CHECK(differs([](auto& block) { block[3].second.written = Revision{2}; }));
    CHECK(differs([](auto& block) { block[3].second.broadcasts.reset(); }));
    CHECK(differs([](auto& block) { block[3].second.beside = Revision{1}; }));
    CHECK(differs([](auto& block) { block[3].first = cell(500'000); }));
    CHECK(differs([](auto& block) { block.pop_back(); }));
    CHECK(!differs([](auto& block) { block[3].second.wanted = true; }));
}

void a_record_of_another_version_is_refused() {
    std::string octets = encode_delivery(large());
    CHECK(decode_delivery(octets));
    for (const char version : {'\1', '\3'}) {
        octets.front() = version;
        const auto read = decode_delivery(octets);
        CHECK(!read && read.error().kind == base::ErrorKind::kCorrupt);
        CHECK(read.error().text.find("version") != std::string::npos);
    }
}

}  // namespace

GROUP(delivery_rows, CASE(a_hundred_thousand_cells_fit_the_entries_of_a_cluster_and_come_back),
      CASE(only_what_has_changed_is_written_again), CASE(what_comes_while_it_is_stored_is_stored_after_it),
      CASE(what_was_not_stored_is_written_again), CASE(a_fingerprint_is_of_what_is_written),
      CASE(a_record_of_another_version_is_refused))
