// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/snapshot_source.h"

#include <fstream>

#include "common/replica/copy_calls.h"
#include "tests/support/fake_calls.h"
#include "tests/support/fake_sink.h"
#include "tests/support/loop.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

namespace {

using base::ErrorKind;
using replica::CopyManifest;
using replica::SnapshotSource;
using namespace std::chrono_literals;

// A source on node "a", asked by node "b".
struct Bench : test::LoopBench {
    test::TempDir dir;
    test::FakeNet net{loop()};
    test::FakeSink sink;
    replica::SnapshotSourceConfig config;
    std::unique_ptr<SnapshotSource> source;

    Bench() {
        config.order.directory = dir / "outgoing";
        config.order.chunk_octets = 4096;
        config.order.octets_per_second = 0;
        config.order.keep_free = 0;
        config.order.inspect = test::FakeSink::inspect;
        start();
    }
    void start() {
        source.reset();
        auto opened = SnapshotSource::open(config, sink,
                                           {net.node("a"), loop(), timers(), clock(), logs::Log::discard()});
        CHECK_OK(opened);
        source = std::move(*opened);
    }
    base::Result<base::Bytes> call(std::string_view kind, base::Bytes request) {
        std::optional<base::Result<base::Bytes>> answer;
        net.node("b").call("a", kind, std::move(request), 1s,
                           [&](base::Result<base::Bytes> result) { answer = std::move(result); });
        run_until([&] { return answer.has_value(); });
        return *answer;
    }
    base::Result<replica::Opened> ask(uint64_t at_least) {
        const auto answer = call(replica::kOpenSnapshot, replica::encode_open(at_least));
        if (!answer) return answer.error();
        return replica::decode_opened(*answer);
    }
    // Asks until it is no longer being made.
    base::Result<CopyManifest> manifest(uint64_t at_least) {
        for (;;) {
            const auto opened = ask(at_least);
            if (!opened) return opened.error();
            if (opened->manifest) return *opened->manifest;
            run_until([&] { return !source->status().made_octets; });
        }
    }
    base::Result<base::Bytes> chunk(const CopyManifest& of, uint32_t number) {
        return call(replica::kSnapshotChunk, replica::encode_chunk_request({of.id(), number}));
    }
    size_t files() const {
        size_t count = 0;
        for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(dir / "outgoing"))
            ++count;
        return count;
    }
};

void a_copy_is_made_when_it_is_asked_for_and_given_in_chunks() {
    Bench bench;
    CHECK(!bench.source->in_use());
    const auto first = bench.ask(90);
    CHECK_OK(first);
    CHECK(!first->manifest);
    const auto manifest = bench.manifest(90);
    CHECK_OK(manifest);
    CHECK_EQ(manifest->cluster, "c1");
    CHECK_EQ(manifest->index, 100u);
    CHECK_EQ(manifest->octets, 20'000u);
    std::string whole;
    for (uint32_t number = 0; number < manifest->count(); ++number)
        whole += base::as_text(*bench.chunk(*manifest, number));
    CHECK(whole == bench.sink.content());
    CHECK(bench.source->in_use());
    bench.timers().advance(1min);
    CHECK(!bench.source->in_use());
}

void a_copy_that_is_young_enough_is_given_again_and_a_younger_one_replaces_it() {
    Bench bench;
    const auto first = bench.manifest(100);
    bench.sink.index = 200;
    CHECK(bench.manifest(100)->id() == first->id());
    CHECK_EQ(bench.sink.copies.load(), 1);
    const auto second = bench.manifest(101);
    CHECK_EQ(second->index, 200u);
    CHECK_EQ(bench.chunk(*first, 0).error().kind, ErrorKind::kNotFound);
    CHECK_OK(bench.chunk(*second, 0));
    bench.run_until([&] { return bench.files() == 2; });
}

void an_entry_that_is_not_here_yet_is_not_promised() {
    Bench bench;
    CHECK_EQ(bench.ask(101).error().kind, ErrorKind::kUnavailable);
    CHECK_EQ(bench.sink.copies.load(), 0);
}

void a_copy_outlives_a_restart_and_leftovers_do_not() {
    Bench bench;
    const auto first = bench.manifest(100);
    std::ofstream(bench.dir / "outgoing/copy.part") << "a crash in the middle of a copy";
    bench.start();
    CHECK_EQ(bench.files(), 2u);
    CHECK(bench.ask(100)->manifest->id() == first->id());
    CHECK_EQ(bench.sink.copies.load(), 1);
}

void a_copy_that_fails_leaves_nothing_and_the_next_try_waits() {
    Bench bench;
    bench.sink.before_copy = [] { return base::Error{ErrorKind::kIo, "the disk is gone"}; };
    const auto failed = bench.manifest(100);
    CHECK(failed.error().text.find("the disk is gone") != std::string::npos);
    CHECK_EQ(bench.files(), 0u);
    bench.sink.before_copy = [] { return base::Result<void>(); };
    CHECK(!bench.ask(100));
    CHECK_EQ(bench.sink.copies.load(), 1);
    bench.timers().advance(15s);
    CHECK_OK(bench.manifest(100));
}

void a_disk_with_no_room_to_spare_is_said_to_be_full() {
    Bench bench;
    bench.config.order.keep_free = uint64_t{1} << 62;
    bench.start();
    CHECK_EQ(bench.manifest(100).error().kind, ErrorKind::kLimit);
    CHECK_EQ(bench.files(), 0u);
}

void a_copy_that_is_not_what_it_should_be_is_not_named() {
    Bench bench;
    bench.config.order.inspect = [](const std::filesystem::path&) -> base::Result<store::CopyFacts> {
        return store::CopyFacts{{1, 0, 99, "c1"}, 0};
    };
    bench.start();
    CHECK_EQ(bench.manifest(100).error().kind, ErrorKind::kCorrupt);
    CHECK_EQ(bench.files(), 0u);
}

void nobody_asks_for_ten_minutes_and_it_is_removed() {
    Bench bench;
    const auto manifest = bench.manifest(100);
    bench.timers().advance(9min);
    CHECK_OK(bench.chunk(*manifest, 0));
    bench.timers().advance(9min);
    CHECK_OK(bench.chunk(*manifest, 0));
    bench.timers().advance(11min);
    CHECK_EQ(bench.chunk(*manifest, 0).error().kind, ErrorKind::kNotFound);
    bench.run_until([&] { return bench.files() == 0; });
}

void a_disk_that_forgets_is_noticed_and_another_copy_made() {
    Bench bench;
    const auto manifest = bench.manifest(100);
    {
        std::fstream file(replica::copy_path(bench.config.order.directory, manifest->id()),
                          std::ios::in | std::ios::out);
        file.seekp(5000);
        file.put('\x55').put('\x55');
    }
    CHECK_OK(bench.chunk(*manifest, 0));
    CHECK_EQ(bench.chunk(*manifest, 1).error().kind, ErrorKind::kCorrupt);
    CHECK_EQ(bench.chunk(*manifest, 0).error().kind, ErrorKind::kNotFound);
    CHECK_OK(bench.manifest(100));
    CHECK_EQ(bench.sink.copies.load(), 2);
}

void what_cannot_be_answered_is_refused() {
    Bench bench;
    const auto manifest = bench.manifest(100);
    CHECK_EQ(bench.chunk(*manifest, manifest->count()).error().kind, ErrorKind::kInvalid);
    CHECK_EQ(bench.call(replica::kSnapshotChunk, {1, 2}).error().kind, ErrorKind::kInvalid);
    CHECK_EQ(bench.call(replica::kOpenSnapshot, {}).error().kind, ErrorKind::kInvalid);
    bench.source.reset();
    CHECK_EQ(bench.ask(100).error().kind, ErrorKind::kUnavailable);
}

void a_slow_copy_stops_with_its_source() {
    Bench bench;
    bench.config.order.octets_per_second = 1;  // more than an hour
    bench.start();
    CHECK_OK(bench.ask(100));
    bench.run_until([&] { return bench.source->status().made_octets > 0u; });
    bench.source.reset();
    CHECK_EQ(bench.files(), 0u);
}

}  // namespace

GROUP(snapshot_source, CASE(a_copy_is_made_when_it_is_asked_for_and_given_in_chunks),
      CASE(a_copy_that_is_young_enough_is_given_again_and_a_younger_one_replaces_it),
      CASE(an_entry_that_is_not_here_yet_is_not_promised),
      CASE(a_copy_outlives_a_restart_and_leftovers_do_not),
      CASE(a_copy_that_fails_leaves_nothing_and_the_next_try_waits),
      CASE(a_disk_with_no_room_to_spare_is_said_to_be_full),
      CASE(a_copy_that_is_not_what_it_should_be_is_not_named),
      CASE(nobody_asks_for_ten_minutes_and_it_is_removed),
      CASE(a_disk_that_forgets_is_noticed_and_another_copy_made), CASE(what_cannot_be_answered_is_refused),
      CASE(a_slow_copy_stops_with_its_source))
