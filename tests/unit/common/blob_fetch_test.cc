// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/blob_fetch.h"

#include <fstream>

#include "tests/support/fake_calls.h"
#include "tests/support/loop.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

namespace {

using replica::BlobFetch;
using replica::BlobSource;
using store::BlobId;
using store::Blobs;
using test::Fate;
using namespace std::chrono_literals;

constexpr size_t kLarge = 3'000'000;  // three parts

// Nodes "a" and "b" give, "f" fetches.
struct Bench : test::LoopBench {
    test::TempDir dir;
    test::FakeNet net{loop()};
    Blobs a = open("a"), b = open("b"), ours = open("f");
    std::unique_ptr<BlobSource> from_a = std::make_unique<BlobSource>(a, side("a"));
    std::unique_ptr<BlobSource> from_b = std::make_unique<BlobSource>(b, side("b"));
    replica::BlobFetchConfig config;
    std::unique_ptr<BlobFetch> fetch;
    std::vector<BlobId> stored;

    Bench() {
        config.others = [] { return std::vector<replica::NodeName>{"a", "b"}; };
        config.on_stored = [this](const BlobId& id) { stored.push_back(id); };
        start();
    }
    Blobs open(const char* name) {
        auto opened = Blobs::open(dir / name, 4'000'000);
        CHECK_OK(opened);
        return std::move(*opened);
    }
    replica::LinksSide side(const char* name) {
        return {net.node(name), loop(), timers(), clock(), logs::Log::discard()};
    }
    void start() { fetch = std::make_unique<BlobFetch>(config, ours, side("f")); }
    BlobId put(const Blobs& where, const std::string& text) {
        const auto id = where.write(base::as_bytes(text));
        CHECK_OK(id);
        return *id;
    }
    void until_here(const BlobId& id) {
        run_in_time_until([&] { return ours.contains(id); });
    }
    size_t asked() const { return net.calls_of("blob/part"); }
};

void a_blob_comes_in_parts_and_is_stored() {
    Bench bench;
    const BlobId large = bench.put(bench.a, std::string(kLarge, 'x'));
    const BlobId empty = bench.put(bench.a, "");
    bench.fetch->want(large, "a");
    bench.fetch->want(large, "a");
    bench.fetch->want(empty, "a");
    bench.run_until([&] { return bench.stored.size() == 2; });
    CHECK_EQ(bench.ours.read(large)->size(), kLarge);
    CHECK(bench.ours.contains(empty));
    CHECK_EQ(bench.asked(), 4u);
}

void another_node_is_asked_when_the_first_has_it_not_or_not_right() {
    Bench bench;
    const BlobId only_b = bench.put(bench.b, "only b has this");
    bench.fetch->want(only_b, "a");
    bench.until_here(only_b);

    const BlobId spoilt = bench.put(bench.b, "a map");
    std::ofstream(bench.dir / ("a/" + spoilt.hex())) << "a mop";
    bench.fetch->want(spoilt, "a");
    bench.until_here(spoilt);
    CHECK_EQ(base::as_text(*bench.ours.read(spoilt)), "a map");
}

void a_node_that_goes_away_in_the_middle_is_left_for_another() {
    Bench bench;
    const BlobId id = bench.put(bench.a, std::string(kLarge, 'x'));
    bench.put(bench.b, std::string(kLarge, 'x'));
    bench.net.script = [](const test::FakeCall& call) {
        return call.to == "a" && call.number == 2 ? Fate::kLost : Fate::kPass;
    };
    bench.fetch->want(id, "a");
    bench.until_here(id);
    CHECK_EQ(bench.asked(), 5u);
}

void when_nobody_has_it_it_is_tried_again_later_and_given_up_in_the_end() {
    Bench bench;
    bench.config.rounds_max = 3;
    bench.start();
    const BlobId id = BlobId::of(base::as_bytes("late"));
    bench.fetch->want(id, "b");
    bench.run_until([&] { return bench.asked() == 2; });
    bench.put(bench.a, "late");
    bench.until_here(id);

    const BlobId never = BlobId::of(base::as_bytes("never"));
    const size_t before = bench.asked();
    bench.fetch->want(never, "a");
    bench.run_in_time_until([&] { return bench.asked() == before + 6; });
    bench.run_in_time_until([&] { return bench.fetch->status().waiting == 0; });
    bench.timers().advance(1h);
    CHECK_EQ(bench.asked(), before + 6);
}

void one_that_nobody_has_does_not_stop_the_others() {
    Bench bench;
    bench.config.in_flight = 1;
    bench.start();
    const BlobId here = bench.put(bench.b, "here");
    bench.fetch->want(BlobId::of(base::as_bytes("nowhere")), "a");
    bench.fetch->want(here, "a");
    bench.run_until([&] { return bench.ours.contains(here); });
}

void with_nobody_to_ask_thousands_may_wait() {
    Bench bench;
    bench.config.others = [] { return std::vector<replica::NodeName>(); };
    bench.start();
    for (int number = 0; number < 5000; ++number)
        bench.fetch->want(BlobId::of(base::as_bytes(std::to_string(number))), "");
    bench.run_until([&] { return bench.fetch->status().waiting == 4096; });
    CHECK_EQ(bench.asked(), 0u);
}

void a_blob_that_is_too_large_here_is_not_taken() {
    Bench bench;
    const auto small = Blobs::open(bench.dir / "small", 10);
    bench.config.rounds_max = 1;
    bench.fetch = std::make_unique<BlobFetch>(bench.config, *small, bench.side("f"));
    const BlobId id = bench.put(bench.a, "more than ten octets");
    bench.fetch->want(id, "a");
    bench.run_until([&] { return bench.asked() == 2; });
    bench.run_until([&] { return bench.fetch->status().under_way == 0; });
    CHECK(!small->contains(id));
}

}  // namespace

GROUP(blob_fetch, CASE(a_blob_comes_in_parts_and_is_stored),
      CASE(another_node_is_asked_when_the_first_has_it_not_or_not_right),
      CASE(a_node_that_goes_away_in_the_middle_is_left_for_another),
      CASE(when_nobody_has_it_it_is_tried_again_later_and_given_up_in_the_end),
      CASE(one_that_nobody_has_does_not_stop_the_others), CASE(with_nobody_to_ask_thousands_may_wait),
      CASE(a_blob_that_is_too_large_here_is_not_taken))
