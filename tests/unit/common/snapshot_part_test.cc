// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/snapshot_part.h"

#include "tests/support/fake_sink.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

namespace {

using base::ErrorKind;
using replica::SnapshotPart;

// A copy in three chunks, of which nothing is here yet.
struct Bench {
    test::TempDir dir;
    test::FakeSink sink;
    replica::CopyTask task;
    replica::CopyManifest manifest;
    std::string text;

    Bench() {
        sink.octets = 10'000;
        text = sink.content();
        manifest.cluster = sink.name;
        manifest.index = sink.index;
        manifest.octets = text.size();
        manifest.chunk_octets = 4096;
        manifest.whole = replica::Sha256::of(base::as_bytes(text));
        for (size_t at = 0; at < text.size(); at += 4096)
            manifest.chunks.push_back(replica::chunk_digest(base::as_bytes(text.substr(at, 4096))));
    }
    std::shared_ptr<SnapshotPart> open() {
        auto part = SnapshotPart::open(dir.path(), manifest, 0, task);
        CHECK_OK(part);
        return *part;
    }
    base::ByteView chunk(uint32_t number) {
        return base::as_bytes(text).subspan(manifest.offset_of(number), manifest.size_of(number));
    }
};

void chunks_come_in_any_order_and_what_is_here_is_found_again() {
    Bench bench;
    {
        const auto part = bench.open();
        CHECK_EQ(part->missing().size(), 3u);
        CHECK_OK(part->store(2, bench.chunk(2)));
    }
    const auto part = bench.open();
    CHECK(part->missing() == (std::deque<uint32_t>{0, 1}));
    CHECK_OK(part->store(1, bench.chunk(1)));
    CHECK_OK(part->store(0, bench.chunk(0)));
    const auto path = part->finish(test::FakeSink::inspect, bench.task);
    CHECK_OK(path);
    CHECK_EQ(replica::list_copies(bench.dir.path()).size(), 1u);
}

void octets_of_another_chunk_are_not_stored() {
    Bench bench;
    const auto part = bench.open();
    CHECK_EQ(part->store(0, bench.chunk(1)).error().kind, ErrorKind::kCorrupt);
    CHECK_EQ(part->store(2, bench.chunk(1)).error().kind, ErrorKind::kCorrupt);
    CHECK_EQ(bench.open()->missing().size(), 3u);
}

void an_incomplete_copy_gets_no_name() {
    Bench bench;
    const auto part = bench.open();
    CHECK_OK(part->store(2, bench.chunk(2)));
    CHECK_EQ(part->finish(test::FakeSink::inspect, bench.task).error().kind, ErrorKind::kCorrupt);
    CHECK(replica::list_copies(bench.dir.path()).empty());
}

}  // namespace

GROUP(snapshot_part, CASE(chunks_come_in_any_order_and_what_is_here_is_found_again),
      CASE(octets_of_another_chunk_are_not_stored), CASE(an_incomplete_copy_gets_no_name))
