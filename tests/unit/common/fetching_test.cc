// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/fetching.h"

#include <thread>

#include "common/store/entry.h"
#include "tests/support/fake_calls.h"
#include "tests/support/fake_sink.h"
#include "tests/support/loop.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

namespace {

// Node "a" has everything; "f" is asked by its log, on another thread.
struct Bench : test::LoopBench {
    test::TempDir dir;
    test::FakeNet net{loop()};
    test::FakeSink sink;
    std::optional<store::Blobs> theirs, ours;
    std::unique_ptr<replica::SnapshotSource> source;
    std::unique_ptr<replica::BlobSource> blob_source;
    std::unique_ptr<replica::SnapshotFetch> snapshots;
    std::unique_ptr<replica::BlobFetch> blobs;
    std::unique_ptr<replica::Fetching> fetching;

    Bench() {
        theirs = *store::Blobs::open(dir / "theirs", 1000);
        ours = *store::Blobs::open(dir / "ours", 1000);
        replica::SnapshotSourceConfig of;
        of.order.directory = dir / "outgoing";
        of.order.keep_free = 0;
        of.order.inspect = test::FakeSink::inspect;
        source = std::move(*replica::SnapshotSource::open(of, sink, side("a")));
        blob_source = std::make_unique<replica::BlobSource>(*theirs, side("a"));
        replica::SnapshotFetchConfig config;
        config.directory = dir / "incoming";
        config.keep_free = 0;
        config.inspect = test::FakeSink::inspect;
        snapshots = std::move(*replica::SnapshotFetch::open(config, side("f")));
        blobs = std::make_unique<replica::BlobFetch>(replica::BlobFetchConfig{}, *ours, side("f"));
        fetching = std::make_unique<replica::Fetching>(*snapshots, &*ours, blobs.get());
    }
    replica::LinksSide side(const char* name) {
        return {net.node(name), loop(), timers(), clock(), logs::Log::discard()};
    }
    // As the log does it: from a thread of its own.
    template <class Question>
    auto ask(Question question) {
        decltype(question(*fetching)) answer{};
        std::thread asking([&] { answer = question(*fetching); });
        asking.join();
        return answer;
    }
};

void an_entry_waits_for_its_blobs() {
    Bench bench;
    store::WriteSet writes;
    for (const char* text : {"one", "two"}) writes.needs(*bench.theirs->write(base::as_bytes(text)));
    const base::Bytes entry = store::encode_entry({1, 1}, writes);
    const auto has = [&](replica::Arrivals& arrivals) { return arrivals.has_blobs(entry, "a"); };
    CHECK(!bench.ask(has));
    bench.run_until([&] { return bench.ours->contains(writes.blobs()[1]); });
    bench.run_until([&] { return bench.ours->contains(writes.blobs()[0]); });
    CHECK(bench.ask(has));
    CHECK(bench.fetching->has_blobs(store::encode_entry({1, 2}, {}), "a"));
}

void without_a_place_for_blobs_an_entry_that_names_one_is_never_complete() {
    Bench bench;
    store::WriteSet writes;
    writes.needs(*bench.theirs->write(base::as_bytes("one")));
    replica::Fetching without(*bench.snapshots, nullptr, nullptr);
    CHECK(!without.has_blobs(store::encode_entry({1, 1}, writes), "a"));
    CHECK(without.has_blobs(store::encode_entry({1, 2}, {}), "a"));
    CHECK(without.has_blobs(base::Bytes{0xff}, "a"));  // the store says what is wrong with it
}

void a_snapshot_is_given_once_it_is_here() {
    Bench bench;
    const auto ask = [](replica::Arrivals& arrivals) { return arrivals.snapshot({"c1", 100}, "a"); };
    CHECK(!bench.ask(ask));
    bench.run_in_time_until([&] { return bench.snapshots->take({"c1", 100}).has_value(); });
    const auto path = bench.ask(ask);
    CHECK(path);
    CHECK_EQ(test::FakeSink::inspect(*path)->meta.journal_index, 100u);
    bench.ask([](replica::Arrivals& arrivals) {
        arrivals.snapshot_done();
        return 0;
    });
    bench.run_until([&] { return !std::filesystem::exists(*path); });
}

}  // namespace

GROUP(fetching, CASE(an_entry_waits_for_its_blobs),
      CASE(without_a_place_for_blobs_an_entry_that_names_one_is_never_complete),
      CASE(a_snapshot_is_given_once_it_is_here))
